-- Messages of ours show places, pages and mini-programs, and staff send pictures and files.
ALTER TABLE messages ADD COLUMN items TEXT NOT NULL DEFAULT '';

-- Under which id a platform has a content that was put on it, and until when it keeps it.
CREATE TABLE uploads (
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    hash TEXT NOT NULL,
    media TEXT NOT NULL CHECK (media <> ''),
    until BIGINT NOT NULL,
    PRIMARY KEY (channel, kind, hash)
);
