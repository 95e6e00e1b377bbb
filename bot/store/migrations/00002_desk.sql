CREATE TABLE staff (
    name TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL CHECK (role <> ''),
    password_hash TEXT NOT NULL,
    must_change BOOLEAN NOT NULL,
    disabled BOOLEAN NOT NULL,
    generation BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    member TEXT NOT NULL REFERENCES staff (name),
    created BIGINT NOT NULL
);
CREATE INDEX tokens_member ON tokens (member);

CREATE TABLE sessions (
    hash TEXT NOT NULL PRIMARY KEY,
    data {bytes} NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE vectors (
    embedder TEXT NOT NULL,
    hash TEXT NOT NULL,
    vector {bytes} NOT NULL,
    PRIMARY KEY (embedder, hash)
);
