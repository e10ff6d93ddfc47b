-- Subjects, and the ledger of what was said about them. Nothing in the ledger is changed; what is erased loses its words.
CREATE TABLE subject (
    id TEXT NOT NULL PRIMARY KEY,
    -- As the vocabulary knows it: enterprise, institution, person, project, parcel.
    kind TEXT NOT NULL,
    -- The credit code; of a project or a parcel the number under which others know it.
    code TEXT,
    name TEXT NOT NULL,
    -- The name half-width, in lower case and without blanks: what is searched.
    name_key TEXT NOT NULL,
    -- Whose members are this subject's own people.
    organisation_id TEXT REFERENCES organisation (id),
    -- Into which it is merged now; what was so earlier, the ledger tells.
    merged_into TEXT REFERENCES subject (id),
    created_ms BIGINT NOT NULL,
    erased_ms BIGINT
);
CREATE UNIQUE INDEX subject_code ON subject (kind, code) WHERE code IS NOT NULL;
-- Codes of one organisation in two areas hold the same organisation code.
CREATE INDEX subject_organisation_code ON subject (SUBSTR(code, 9, 9));
CREATE INDEX subject_kind ON subject (kind, id);
CREATE INDEX subject_name ON subject (name_key);
CREATE INDEX subject_organisation ON subject (organisation_id);
CREATE INDEX subject_merged ON subject (merged_into) WHERE merged_into IS NOT NULL;
-- Who says something, with the standing of what they say at first; a higher rank goes before a lower one.
CREATE TABLE source (
    code TEXT NOT NULL PRIMARY KEY,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    first_rank BIGINT NOT NULL,
    -- What a subject says about itself.
    is_self BOOLEAN NOT NULL,
    -- The department that answers for it; where none does, the registry's own.
    department_id TEXT REFERENCES organisation (id)
);
-- Ranks that were changed, in force from their entry on.
CREATE TABLE source_rank (
    id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL REFERENCES source (code),
    rank BIGINT NOT NULL,
    reason TEXT NOT NULL
);
-- At most one row: the department that keeps the register.
CREATE TABLE registry_office (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    organisation_id TEXT NOT NULL REFERENCES organisation (id)
);
-- What one source said about one subject at once.
CREATE TABLE statement (
    id TEXT NOT NULL PRIMARY KEY,
    -- The act through which it counts: itself, or the batch that it came in. It counts from the act's entry on.
    act_id TEXT NOT NULL,
    subject_id TEXT NOT NULL REFERENCES subject (id),
    source TEXT NOT NULL REFERENCES source (code),
    observed_on BIGINT NOT NULL,
    -- The last day on which the source stands by it; NULL: it does not say.
    valid_until BIGINT,
    recorded_ms BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    evidence TEXT,
    -- Why an officer decided a condition so.
    ground TEXT,
    -- Digest of salt and content. The salt goes with the content, so that the digest tells nothing.
    digest BYTEA NOT NULL,
    salt BYTEA,
    -- Facts by key as facts::write writes them; NULL: erased.
    content TEXT
);
CREATE INDEX statement_subject ON statement (subject_id);
CREATE INDEX statement_act ON statement (act_id);
CREATE INDEX statement_source ON statement (source);
-- Every act on the ledger, in the order in which they became true.
CREATE TABLE ledger_entry (
    position BIGINT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- The id of the subject, statement, batch, contest, merge, rank or erasure.
    reference TEXT NOT NULL,
    -- Whom it is about, where it is about one.
    subject_id TEXT REFERENCES subject (id)
);
CREATE UNIQUE INDEX ledger_entry_reference ON ledger_entry (reference, kind);
CREATE INDEX ledger_entry_subject ON ledger_entry (subject_id, position);
CREATE TABLE contest (
    id TEXT NOT NULL PRIMARY KEY,
    subject_id TEXT NOT NULL REFERENCES subject (id),
    statement_id TEXT NOT NULL REFERENCES statement (id),
    -- The key under which the value stands.
    item TEXT NOT NULL,
    reason TEXT,
    evidence TEXT,
    raised_by TEXT NOT NULL,
    raised_ms BIGINT NOT NULL,
    due_on BIGINT NOT NULL
);
CREATE INDEX contest_subject ON contest (subject_id);
CREATE INDEX contest_statement ON contest (statement_id);
CREATE TABLE contest_answer (
    contest_id TEXT NOT NULL PRIMARY KEY REFERENCES contest (id),
    outcome TEXT NOT NULL,
    reason TEXT,
    -- What the source says instead.
    statement_id TEXT REFERENCES statement (id),
    answered_by TEXT NOT NULL,
    answered_ms BIGINT NOT NULL
);
CREATE TABLE subject_merge (
    id TEXT NOT NULL PRIMARY KEY,
    from_id TEXT NOT NULL REFERENCES subject (id),
    into_id TEXT NOT NULL REFERENCES subject (id),
    reason TEXT NOT NULL,
    merged_by TEXT NOT NULL,
    merged_ms BIGINT NOT NULL
);
CREATE INDEX subject_merge_from ON subject_merge (from_id);
CREATE TABLE erasure (
    id TEXT NOT NULL PRIMARY KEY,
    subject_id TEXT NOT NULL REFERENCES subject (id),
    ground TEXT NOT NULL,
    erased_by TEXT NOT NULL,
    erased_ms BIGINT NOT NULL
);
CREATE INDEX erasure_subject ON erasure (subject_id);
-- While one stands, nothing of the subject is erased.
CREATE TABLE legal_hold (
    id TEXT NOT NULL PRIMARY KEY,
    subject_id TEXT NOT NULL REFERENCES subject (id),
    ground TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    placed_ms BIGINT NOT NULL,
    lifted_by TEXT,
    lifted_ms BIGINT
);
CREATE INDEX legal_hold_subject ON legal_hold (subject_id);
INSERT INTO source (code, zh, en, first_rank, is_self, department_id) VALUES
    ('market-regulation', '市场监管(工商)', 'market regulation', 90, FALSE, NULL),
    ('taxation', '税务', 'taxation', 90, FALSE, NULL),
    ('social-insurance', '社保', 'social insurance', 90, FALSE, NULL),
    ('intellectual-property', '知识产权', 'intellectual property', 90, FALSE, NULL),
    ('science', '科技', 'science and technology', 85, FALSE, NULL),
    ('statistics', '统计', 'statistics', 80, FALSE, NULL),
    ('credit', '公共信用', 'public credit', 80, FALSE, NULL),
    ('land', '自然资源', 'natural resources', 80, FALSE, NULL),
    ('zone', '园区部门', 'department of the zone', 70, FALSE, NULL),
    ('service-partner', '服务机构', 'service partner', 30, FALSE, NULL),
    ('self', '自报', 'declared by the subject itself', 10, TRUE, NULL);
