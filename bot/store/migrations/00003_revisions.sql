-- What is published and withdrawn. Of each item at most one revision stands; a withdrawal is a
-- revision without a body.
CREATE TABLE revisions (
    id {id},
    kind TEXT NOT NULL CHECK (kind IN ('entry', 'document')),
    item TEXT NOT NULL CHECK (item <> ''),
    state TEXT NOT NULL
        CHECK (state IN ('draft', 'published', 'superseded', 'withdrawn', 'rejected')),
    base BIGINT NOT NULL DEFAULT 0,
    subject TEXT NOT NULL,
    author TEXT NOT NULL CHECK (author <> ''),
    approver TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT '',
    created BIGINT NOT NULL,
    decided BIGINT NOT NULL DEFAULT 0,
    CHECK ((state = 'draft') = (decided = 0)),
    CHECK (state <> 'published' OR approver <> author),
    CHECK (CASE state WHEN 'superseded' THEN TRUE
        WHEN 'withdrawn' THEN body = '' ELSE body <> '' END)
);
CREATE UNIQUE INDEX revisions_standing ON revisions (kind, item)
    WHERE state IN ('published', 'withdrawn');
CREATE UNIQUE INDEX revisions_drafted ON revisions (kind, item, author) WHERE state = 'draft';
CREATE INDEX revisions_history ON revisions (kind, item, id);
CREATE INDEX revisions_state ON revisions (state, id);

-- One row: the number of what is published, which grows with every change. Who changes it holds it.
CREATE TABLE published (
    number BIGINT NOT NULL
);
INSERT INTO published (number) VALUES (0);
