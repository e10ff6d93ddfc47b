"""Sets a fresh server up through its doors and prints, as JSON, the headers of everybody who is to try them.

Only the standard library is used. Arguments: the address of the server and its first link.
"""

import base64
import hashlib
import hmac
import json
import struct
import sys
import time
import urllib.request

BASE, FIRST_LINK = sys.argv[1], sys.argv[2]
PASSWORD = "correct horse battery staple"


def ask(method, path, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data=data, method=method)
    request.add_header("Content-Type", "application/json")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    with urllib.request.urlopen(request) as reply:
        text = reply.read()
        return reply.headers, json.loads(text) if text else None


def cookie(headers):
    session = [value for value in headers.get_all("Set-Cookie") if "oidc" not in value][0]
    return {"Cookie": session.split(";")[0], "Sec-Fetch-Site": "same-origin"}


def code(secret, moment):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def enter(login, link):
    ask("POST", "/api/v1/links/accept", {"link": link, "password": PASSWORD})
    headers, body = ask("POST", "/api/v1/sessions", {"login": login, "password": PASSWORD})
    who = cookie(headers)
    if body["stage"] == "enrol":
        _, enrolment = ask("POST", "/api/v1/session/totp", headers=who)
        headers, _ = ask("POST", "/api/v1/session/totp/confirm", {"code": code(enrolment["secret"], time.time())}, who)
        who = cookie(headers)
    return who


def person(login):
    return {"login": login, "name": "示例·" + login}


_, links = ask("POST", "/api/v1/set-up", {
    "link": FIRST_LINK, "department": "示例办公室",
    "system": person("sys"), "security": person("sec"), "auditor": person("aud"),
})
system, security, auditor = (enter(login, links[role]) for login, role in
                             [("sys", "system"), ("sec", "security"), ("aud", "auditor")])


def member(login, organisation, role):
    _, made = ask("POST", "/api/v1/accounts", person(login), system)
    grant = {"account": made["id"], "organisation": organisation, "role": role}
    _, membership = ask("POST", "/api/v1/memberships", grant, security)
    return enter(login, made["link"]), membership["id"]


_, firm = ask("POST", "/api/v1/organisations", {"kind": "enterprise", "name": "示例企业"}, system)
_, office = ask("POST", "/api/v1/organisations", {"kind": "department", "name": "示例部门"}, system)
owner, membership = member("owner", firm["id"], "owner")
officer, _ = member("officer", office["id"], "officer")
_, token = ask("POST", "/api/v1/tokens", {
    "name": "fuzz", "membership": membership, "scopes": ["read", "write-facts"], "days": 1,
}, owner)
print(json.dumps({
    "visitor": {},
    "token": {"Authorization": "Bearer " + token["token"]},
    "owner": owner,
    "officer": officer,
    "auditor": auditor,
    "security": security,
    "system": system,
}))
