-- Requests that bear a key of their sender's own, so that each is done once. Rows live for a day.
CREATE TABLE request_once (
    -- Of whoever asks, the door, and their key; none of the three can be read from it.
    digest BYTEA NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    -- Of what was sent; a second request with the same key and other words is refused.
    body_digest BYTEA NOT NULL,
    -- Sealed, since a reply may hold what is shown once. NULL: not answered yet, or the server stopped before.
    reply BYTEA
);
CREATE INDEX request_once_at ON request_once (at_ms);
