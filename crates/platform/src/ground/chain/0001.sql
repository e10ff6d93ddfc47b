-- The audit chain. Rows of audit_entry are never changed, and removed only up to a checkpoint.
CREATE TABLE audit_entry (
    position BIGINT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    acting_for TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    before_digest BYTEA,
    after_digest BYTEA,
    request_id TEXT NOT NULL,
    hash BYTEA NOT NULL
);
CREATE INDEX audit_entry_subject ON audit_entry (subject, position);
CREATE INDEX audit_entry_at ON audit_entry (at_ms, position);
-- Values beside an entry, with their salts; what is erased has no row.
CREATE TABLE audit_value (
    position BIGINT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('before', 'after')),
    salt BYTEA NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (position, side)
);
-- One row: how many entries there are, the last one's hash, the peaks of the Merkle tree, our signature.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    algorithm TEXT NOT NULL,
    size BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    peaks BYTEA NOT NULL,
    signature BYTEA NOT NULL
);
-- At most one row: up to where entries were removed after their time, and the state of the chain there.
CREATE TABLE audit_checkpoint (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    peaks BYTEA NOT NULL,
    signature BYTEA NOT NULL
);
-- A door that a mistake runs into. Who can change the schema can open it; what comes then, the hashes tell.
-- only sqlite
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END;
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
WHEN NOT EXISTS (SELECT 1 FROM audit_checkpoint WHERE position >= OLD.position)
BEGIN SELECT RAISE(ABORT, 'an audit entry is removed only up to a checkpoint'); END;
-- only postgres
CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'an audit entry is never changed';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM audit_checkpoint WHERE position >= OLD.position) THEN
        RAISE EXCEPTION 'an audit entry is removed only up to a checkpoint';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_guard();
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_guard();
-- both
