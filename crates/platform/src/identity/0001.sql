-- Organisations, accounts, what accounts may do where, and how they sign in.
CREATE TABLE organisation (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- Accounts of one person bear the same; separation of duties is by it.
    person_id TEXT NOT NULL,
    -- NULL: none was set yet, or it was taken back.
    password_hash TEXT,
    must_change BOOLEAN NOT NULL,
    -- Sealed under a key outside the database.
    totp_secret BYTEA,
    totp_is_confirmed BOOLEAN NOT NULL,
    -- The last time step whose code was used; an earlier or the same one is refused.
    totp_step BIGINT NOT NULL,
    is_disabled BOOLEAN NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX account_person ON account (person_id);
CREATE TABLE membership (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    organisation_id TEXT NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL,
    granted_ms BIGINT NOT NULL,
    ended_ms BIGINT
);
CREATE UNIQUE INDEX membership_once ON membership (account_id, organisation_id, role) WHERE ended_ms IS NULL;
CREATE INDEX membership_role ON membership (role);
CREATE INDEX membership_organisation ON membership (organisation_id);
-- Links that work once. Which of the three it is, its columns tell: an account, an organisation with a role, or neither.
CREATE TABLE invitation (
    id TEXT NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    account_id TEXT REFERENCES account (id),
    organisation_id TEXT REFERENCES organisation (id),
    role TEXT,
    expires_ms BIGINT NOT NULL,
    used_ms BIGINT
);
CREATE TABLE recovery_code (
    account_id TEXT NOT NULL REFERENCES account (id),
    digest BYTEA NOT NULL,
    PRIMARY KEY (account_id, digest)
);
-- Failures by a keyed digest of account and address; neither can be read from it.
CREATE TABLE sign_in_failure (
    digest BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_ms BIGINT NOT NULL
);
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    has_second_factor BOOLEAN NOT NULL,
    ended_ms BIGINT
);
CREATE INDEX session_account ON session (account_id);
CREATE TABLE api_token (
    id TEXT NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    membership_id TEXT NOT NULL REFERENCES membership (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    ended_ms BIGINT
);
CREATE INDEX api_token_membership ON api_token (membership_id);
