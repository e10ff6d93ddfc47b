-- Decisions that left the system, with everything from which they can be derived again.
CREATE TABLE decision (
    -- 1, 2, 3 …: its permanent number.
    number BIGINT NOT NULL PRIMARY KEY,
    subject_id TEXT NOT NULL REFERENCES subject (id),
    policy TEXT NOT NULL,
    -- The first day in force of the version that was decided.
    version TEXT NOT NULL,
    -- SHA-256 of the text of that version.
    text_digest BYTEA NOT NULL,
    release BIGINT NOT NULL REFERENCES policy_release (number),
    release_digest BYTEA NOT NULL,
    -- The day of decision.
    day BIGINT NOT NULL,
    -- The ledger's position as of which values were in force.
    position BIGINT NOT NULL,
    -- How the engine understood texts then.
    semantics BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    -- The values that could bear on it, with their sources, as JSON; NULL: erased with what is held about the subject.
    inputs TEXT,
    -- The decision with its reasons, as JSON; NULL: erased.
    content TEXT,
    -- SHA-256 over salt, inputs and content. The salt goes with them.
    digest BYTEA NOT NULL,
    salt BYTEA,
    decided_ms BIGINT NOT NULL,
    decided_by TEXT NOT NULL
);
CREATE INDEX decision_subject ON decision (subject_id, number);
-- The subjects of bulk runs, in order of their ids: 16 bytes each. Runs over the same subjects share one row.
CREATE TABLE eligibility_roll (
    -- SHA-256 of the ids.
    digest BYTEA NOT NULL PRIMARY KEY,
    ids BYTEA NOT NULL
);
-- One document for all subjects of a kind, as of a position of the ledger.
CREATE TABLE eligibility_run (
    number BIGINT NOT NULL PRIMARY KEY,
    policy TEXT NOT NULL,
    version TEXT NOT NULL,
    release BIGINT NOT NULL REFERENCES policy_release (number),
    release_digest BYTEA NOT NULL,
    day BIGINT NOT NULL,
    position BIGINT NOT NULL,
    semantics BIGINT NOT NULL,
    roll BYTEA NOT NULL REFERENCES eligibility_roll (digest),
    -- A bit a subject, in the order of the roll; packed.
    eligible BYTEA NOT NULL,
    ineligible BYTEA NOT NULL,
    -- What the eligible get, as JSON: sums may pass 64 bits.
    amount TEXT NOT NULL,
    decided_ms BIGINT NOT NULL,
    decided_by TEXT NOT NULL
);
