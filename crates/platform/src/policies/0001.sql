-- Published texts by their content, and the releases that say which of them hold from when on. Nothing here is ever changed.
CREATE TABLE policy_text (
    -- SHA-256 of the content.
    digest BYTEA NOT NULL PRIMARY KEY,
    content BYTEA NOT NULL
);
CREATE TABLE policy_release (
    number BIGINT NOT NULL PRIMARY KEY,
    -- SHA-256 over the paths and digests of its files, in order.
    digest BYTEA NOT NULL,
    -- It holds from this moment to the next release's.
    from_ms BIGINT NOT NULL,
    -- As audit entries name who made it.
    made_by TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX policy_release_from ON policy_release (from_ms);
CREATE TABLE policy_release_file (
    release BIGINT NOT NULL REFERENCES policy_release (number),
    path TEXT NOT NULL,
    digest BYTEA NOT NULL REFERENCES policy_text (digest),
    PRIMARY KEY (release, path)
);
