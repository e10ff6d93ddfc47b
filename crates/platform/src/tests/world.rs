//! A platform behind its doors, and somebody who knocks.

use std::num::NonZeroUsize;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use store::testing::TestStore;
use tower::ServiceExt as _;
use utoipa::openapi::OpenApi;

use crate::doors::{Rooms, doors};
use crate::eligibility::Engines;
use crate::ground::testing::TestGround;
use crate::ground::{Caller, RequestId};
use crate::identity::oidc::Provider;
use crate::identity::{self, Hasher, HashingCost};
use crate::policies;
use crate::web::{Readiness, Settings, Shell};

pub const PASSWORD: &str = "correct horse battery";

/// A platform whose three administrators have signed in.
pub struct World {
    pub ground: TestGround,
    pub router: Router,
    pub description: OpenApi,
    pub system: Guest,
    pub security: Guest,
    pub auditor: Guest,
}

/// Somebody with a cookie or a token, or nobody.
#[derive(Clone, Default)]
pub struct Guest {
    pub headers: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.bytes)))
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl World {
    /// With the doors closed to nobody yet.
    pub async fn unset(test: TestStore, settings: Settings) -> Self {
        Self::with_provider(test, settings, None).await
    }

    /// With a provider of OpenID Connect besides.
    pub async fn with_provider(test: TestStore, settings: Settings, provider: Option<Provider>) -> Self {
        let ground = TestGround::new(test).await;
        let cost = HashingCost { memory_kib: 8, passes: 1, at_once: 2 };
        let hasher = Hasher::new(cost, ground.ground.chance());
        let shelf = policies::tests::shelf(&ground.ground).await;
        let rooms = Rooms {
            ground: ground.ground.clone(),
            engines: Engines::new(&shelf, NonZeroUsize::MIN),
            hasher,
            is_secure: true,
            provider,
            heads: ground.test.folder.join("audit-heads.jsonl"),
        };
        let readiness = Readiness::new(vec![Box::new(ground.ground.clone())]);
        let shell = Shell::new(&ground.ground, settings, readiness);
        let (router, description) = doors(&rooms, &shell);
        let nobody = Guest::default();
        Self {
            ground,
            router,
            description,
            system: nobody.clone(),
            security: nobody.clone(),
            auditor: nobody,
        }
    }

    pub async fn new(test: TestStore) -> Self {
        Self::unset(test, Settings::default()).await.set_up().await
    }

    /// With its three administrators.
    pub async fn set_up(self) -> Self {
        let mut world = self;
        let caller = Caller::visitor(RequestId::new("test"), "");
        let first = identity::first_link(&world.ground.ground, &caller).await.unwrap().unwrap();
        let one = |login: &str| json!({ "login": login, "name": format!("示例·{login}") });
        let three = json!({
            "link": first.reveal(), "department": "示例园区管理办公室",
            "system": one("sys"), "security": one("sec"), "auditor": one("aud"),
        });
        let links = world.post(&Guest::default(), "/api/v1/set-up", three).await;
        assert_eq!(links.status, StatusCode::CREATED, "{links:?}");
        let links = links.json();
        for (login, role) in [("sys", "system"), ("sec", "security"), ("aud", "auditor")] {
            let guest = world.enters(login, links[role].as_str().unwrap()).await;
            match role {
                "system" => world.system = guest,
                "security" => world.security = guest,
                _ => world.auditor = guest,
            }
        }
        world
    }

    /// Sets a password by a link, signs in, and sets up a second factor where one is wanted.
    pub async fn enters(&self, login: &str, link: &str) -> Guest {
        let set = json!({ "link": link, "password": PASSWORD });
        let set = self.post(&Guest::default(), "/api/v1/links/accept", set).await;
        assert_eq!(set.status, StatusCode::OK, "{set:?}");
        let credentials = json!({ "login": login, "password": PASSWORD });
        let signed = self.post(&Guest::default(), "/api/v1/sessions", credentials).await;
        assert_eq!(signed.status, StatusCode::OK, "{signed:?}");
        let guest = Guest::with_cookie(&signed);
        if signed.json()["stage"] == "full" {
            return guest;
        }
        let enrolment = self.post(&guest, "/api/v1/session/totp", Value::Null).await.json();
        let code = identity::code_now(enrolment["secret"].as_str().unwrap(), self.ground.ground.now());
        let confirmed = self.post(&guest, "/api/v1/session/totp/confirm", json!({ "code": code })).await;
        assert_eq!(confirmed.status, StatusCode::OK, "{confirmed:?}");
        // A code works once; the next sign-in of the same account needs a later one.
        self.ground.clock.advance(Duration::from_secs(31));
        Guest::with_cookie(&confirmed)
    }

    /// Somebody with a role in a new organisation of that kind, and its id.
    pub async fn member(&self, kind: &str, role: &str) -> (Guest, String) {
        let made = async |guest, path, body| {
            let reply = self.post(guest, path, body).await;
            assert!(reply.status.is_success(), "{path}: {reply:?}");
            reply.json()
        };
        let wanted = json!({ "kind": kind, "name": format!("示例机构·{role}") });
        let organisation = made(&self.system, "/api/v1/organisations", wanted).await;
        let wanted = json!({ "login": role, "name": format!("示例·{role}") });
        let account = made(&self.system, "/api/v1/accounts", wanted).await;
        let grant = json!({ "account": account["id"], "organisation": organisation["id"], "role": role });
        made(&self.security, "/api/v1/memberships", grant).await;
        let guest = self.enters(role, account["link"].as_str().unwrap()).await;
        (guest, organisation["id"].as_str().unwrap().to_owned())
    }

    pub async fn post(&self, guest: &Guest, path: &str, body: Value) -> Reply {
        self.send(guest, Method::POST, path, body).await
    }

    pub async fn get(&self, guest: &Guest, path: &str) -> Reply {
        self.send(guest, Method::GET, path, Value::Null).await
    }

    pub async fn send(&self, guest: &Guest, method: Method, path: &str, body: Value) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT_LANGUAGE, "en");
        for (name, value) in &guest.headers {
            request = request.header(*name, value);
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        };
        self.knock(request.body(body).unwrap()).await
    }

    pub async fn knock(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Reply { status, headers, bytes }
    }
}

impl Guest {
    /// A browser of today that keeps the cookie of that reply.
    pub fn with_cookie(reply: &Reply) -> Self {
        let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap();
        Self { headers: vec![("cookie", cookie.to_owned()), ("sec-fetch-site", "same-origin".to_owned())] }
    }

    /// A program with a token.
    pub fn with_token(token: &str) -> Self {
        Self { headers: vec![("authorization", format!("Bearer {token}"))] }
    }
}
