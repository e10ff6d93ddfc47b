-- Jobs that wait, run or are given up. A finished job has no row.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- When it may be taken: its time, or the end of its lease. NULL: it is given up.
    due_ms BIGINT,
    attempts BIGINT NOT NULL,
    attempts_max BIGINT NOT NULL,
    -- How many attempts it gets at first, and again each time that a person lets it run again.
    allowance BIGINT NOT NULL CHECK (allowance >= 1),
    -- Who has it; NULL: nobody.
    worker TEXT,
    -- Why the last attempt failed; empty if none has.
    reason TEXT NOT NULL,
    dead_since_ms BIGINT,
    CHECK ((due_ms IS NULL) = (dead_since_ms IS NOT NULL))
);
CREATE INDEX job_due ON job (due_ms, id);
CREATE INDEX job_dead ON job (dead_since_ms, id);
