-- Batches of facts that came in a file. Their statements stand in the ledger's table; they count from the batch's entry on.
CREATE TABLE import_batch (
    id TEXT NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    source TEXT NOT NULL REFERENCES source (code),
    observed_on BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    file_kind TEXT NOT NULL,
    file_bytes BIGINT NOT NULL,
    file_digest BYTEA NOT NULL,
    -- The row of the header, from 0, and what each column means: JSON.
    header_row BIGINT NOT NULL,
    mapping TEXT NOT NULL,
    -- Digest of file, meaning, source and kind: the same again is no second import.
    same_as BYTEA NOT NULL,
    state TEXT NOT NULL,
    -- all: nothing if any row is bad; good: the rows in which nothing is wrong.
    takes TEXT,
    -- As of the last preview.
    rows_total BIGINT NOT NULL,
    rows_new BIGINT NOT NULL,
    rows_changed BIGINT NOT NULL,
    rows_same BIGINT NOT NULL,
    rows_bad BIGINT NOT NULL,
    problems BIGINT NOT NULL,
    -- A few rows as they would be taken: JSON.
    samples TEXT NOT NULL,
    -- Rows staged so far, and at the end the rows that were taken.
    rows_done BIGINT NOT NULL,
    -- Merkle root over the digests of the statements in the order of their ids.
    root BYTEA,
    uploaded_ms BIGINT NOT NULL,
    uploaded_by TEXT NOT NULL,
    -- Since when it is in its state.
    since_ms BIGINT NOT NULL
);
CREATE INDEX import_batch_same ON import_batch (same_as);
CREATE INDEX import_batch_state ON import_batch (state, since_ms);
-- The file, until its batch is imported or given up.
CREATE TABLE import_part (
    -- The parts come before their batch, which is there once all of them are.
    batch_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (batch_id, number)
);
-- What was not understood, in order of the file.
CREATE TABLE import_problem (
    batch_id TEXT NOT NULL REFERENCES import_batch (id),
    number BIGINT NOT NULL,
    sheet TEXT NOT NULL,
    -- Row and column from 1, as a spreadsheet shows them; no column: the row as a whole.
    at_row BIGINT NOT NULL,
    at_column BIGINT,
    header TEXT NOT NULL,
    code TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    help_zh TEXT NOT NULL,
    help_en TEXT NOT NULL,
    PRIMARY KEY (batch_id, number)
);
-- What columns of these headers meant last.
CREATE TABLE import_mapping (
    source TEXT NOT NULL REFERENCES source (code),
    subject_kind TEXT NOT NULL,
    headers BYTEA NOT NULL,
    mapping TEXT NOT NULL,
    used_ms BIGINT NOT NULL,
    PRIMARY KEY (source, subject_kind, headers)
);
