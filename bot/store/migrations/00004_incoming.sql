-- Messages of every kind come in: with media that are fetched later, with places, with events of the
-- platform; and a message may be sent in answer to an event, within a time.

ALTER TABLE contacts ADD COLUMN scene TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN unread_ready BIGINT NOT NULL DEFAULT 0;

-- on postgres
-- The names are those that PostgreSQL gave to the checks of 00001 that no longer hold.
ALTER TABLE messages
    DROP CONSTRAINT messages_check,
    DROP CONSTRAINT messages_check1,
    ADD COLUMN location TEXT NOT NULL DEFAULT '',
    ADD COLUMN ready_at BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN event_code TEXT NOT NULL DEFAULT '',
    ADD COLUMN expires BIGINT NOT NULL DEFAULT 0,
    ADD CHECK (CASE sender WHEN 'contact' THEN account IS NOT NULL
        WHEN 'staff' THEN TRUE ELSE account IS NULL END),
    ADD CHECK (CASE WHEN sender = 'contact'
        THEN state IN ('received', 'handled', 'history', 'recalled')
        ELSE state IN ('pending', 'sending', 'sent', 'parked', 'unclear', 'failed', 'withdrawn',
            'expired')
        END);

-- on sqlite
-- SQLite changes no check, so the table is made anew.
CREATE TABLE messages_anew (
    id {id},
    conversation BIGINT NOT NULL REFERENCES conversations (id),
    sender TEXT NOT NULL CHECK (sender IN ('contact', 'bot', 'staff', 'system')),
    author TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind <> ''),
    text TEXT NOT NULL DEFAULT '',
    act TEXT NOT NULL DEFAULT '',
    raw {bytes},
    account BIGINT REFERENCES accounts (id),
    platform_id TEXT NOT NULL CHECK (platform_id <> ''),
    client_id TEXT,
    state TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    arrived BIGINT NOT NULL,
    prompt BOOLEAN NOT NULL DEFAULT FALSE,
    urgent BOOLEAN NOT NULL DEFAULT FALSE,
    turn BIGINT REFERENCES turns (id),
    part BIGINT NOT NULL DEFAULT 0,
    sources TEXT NOT NULL DEFAULT '',
    choices TEXT NOT NULL DEFAULT '',
    shown BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    first_tried BIGINT NOT NULL DEFAULT 0,
    may_have_arrived BOOLEAN NOT NULL DEFAULT FALSE,
    claim BIGINT NOT NULL DEFAULT 0,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    claimed_by TEXT NOT NULL DEFAULT '',
    location TEXT NOT NULL DEFAULT '',
    ready_at BIGINT NOT NULL DEFAULT 0,
    event_code TEXT NOT NULL DEFAULT '',
    expires BIGINT NOT NULL DEFAULT 0,
    CHECK (CASE sender WHEN 'contact' THEN account IS NOT NULL
        WHEN 'staff' THEN TRUE ELSE account IS NULL END),
    CHECK (CASE WHEN sender = 'contact'
        THEN state IN ('received', 'handled', 'history', 'recalled')
        ELSE state IN ('pending', 'sending', 'sent', 'parked', 'unclear', 'failed', 'withdrawn',
            'expired')
        END),
    CHECK (state <> 'received' OR turn IS NULL)
);
INSERT INTO messages_anew (id, conversation, sender, author, kind, text, act, raw, account,
        platform_id, client_id, state, note, at, arrived, prompt, urgent, turn, part, sources,
        choices, shown, next_at, attempts, first_tried, may_have_arrived, claim, claimed_until,
        claimed_by)
    SELECT id, conversation, sender, author, kind, text, act, raw, account,
        platform_id, client_id, state, note, at, arrived, prompt, urgent, turn, part, sources,
        choices, shown, next_at, attempts, first_tried, may_have_arrived, claim, claimed_until,
        claimed_by
    FROM messages;
DROP TABLE messages;
ALTER TABLE messages_anew RENAME TO messages;
CREATE INDEX messages_transcript ON messages (conversation, id);
CREATE UNIQUE INDEX messages_received_once ON messages (account, platform_id)
    WHERE account IS NOT NULL;
CREATE UNIQUE INDEX messages_sent_once ON messages (platform_id) WHERE account IS NULL;
CREATE UNIQUE INDEX messages_said_once ON messages (conversation, client_id)
    WHERE client_id IS NOT NULL;
CREATE UNIQUE INDEX messages_visible ON messages (conversation, shown) WHERE shown > 0;
CREATE INDEX messages_inbox ON messages (conversation, id) WHERE state = 'received';
CREATE INDEX messages_outbox ON messages (conversation, id)
    WHERE state IN ('pending', 'sending', 'parked');
CREATE INDEX messages_due ON messages (next_at, id) WHERE state = 'pending';
CREATE INDEX messages_turn ON messages (turn) WHERE turn IS NOT NULL;

-- on both
CREATE TABLE media (
    message BIGINT NOT NULL PRIMARY KEY REFERENCES messages (id),
    ref TEXT NOT NULL CHECK (ref <> ''),
    state TEXT NOT NULL CHECK (state IN ('wanted', 'kept', 'failed', 'expired')),
    hash TEXT NOT NULL DEFAULT '',
    type TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '',
    size BIGINT NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    CHECK ((state IN ('kept', 'expired')) = (hash <> ''))
);
CREATE INDEX media_kept ON media (hash) WHERE state = 'kept';
