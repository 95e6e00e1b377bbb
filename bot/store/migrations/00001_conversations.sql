-- Times are microseconds since 1970 in UTC, 0 for "never": both engines compare them alike.
-- {id} and {bytes} stand for the engine's own column types.

CREATE TABLE accounts (
    id {id},
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    read_to TEXT NOT NULL DEFAULT '',
    caught_up BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (channel, name)
);

CREATE TABLE contacts (
    id {id},
    account BIGINT NOT NULL REFERENCES accounts (id),
    external_id TEXT NOT NULL CHECK (external_id <> ''),
    region TEXT NOT NULL DEFAULT '',
    created BIGINT NOT NULL,
    UNIQUE (account, external_id)
);

CREATE TABLE conversations (
    id {id},
    contact BIGINT NOT NULL UNIQUE REFERENCES contacts (id),
    state TEXT NOT NULL DEFAULT 'bot' CHECK (state IN ('bot', 'queued', 'staff', 'closed')),
    staff TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    waiting_since BIGINT NOT NULL DEFAULT 0,
    charge BIGINT NOT NULL DEFAULT 0,
    introduced BOOLEAN NOT NULL DEFAULT FALSE,
    changed BIGINT NOT NULL,
    shown BIGINT NOT NULL DEFAULT 0,
    -- What bot.Pacing needs to know of the messages received, and what it said.
    unread_first BIGINT NOT NULL DEFAULT 0,
    unread_last BIGINT NOT NULL DEFAULT 0,
    unread_prompt BOOLEAN NOT NULL DEFAULT FALSE,
    unread_urgent BOOLEAN NOT NULL DEFAULT FALSE,
    turn_at BIGINT NOT NULL DEFAULT 0,
    redo BOOLEAN NOT NULL DEFAULT FALSE,
    claim BIGINT NOT NULL DEFAULT 0,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    claimed_by TEXT NOT NULL DEFAULT '',
    fence BIGINT NOT NULL DEFAULT 0,
    fenced_until BIGINT NOT NULL DEFAULT 0,
    fenced_by TEXT NOT NULL DEFAULT '',
    CHECK ((state = 'staff') = (staff <> '')),
    CHECK ((state = 'queued') = (waiting_since > 0)),
    CHECK ((turn_at > 0) = (unread_last > 0))
);
CREATE INDEX conversations_turn ON conversations (turn_at)
    WHERE turn_at > 0 AND state IN ('bot', 'queued');
CREATE INDEX conversations_waiting ON conversations (waiting_since, id) WHERE waiting_since > 0;
CREATE INDEX conversations_changed ON conversations (changed, id);

CREATE TABLE turns (
    id {id},
    conversation BIGINT NOT NULL REFERENCES conversations (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('finished', 'dropped')),
    cause TEXT NOT NULL DEFAULT '',
    decision TEXT NOT NULL,
    ended BIGINT NOT NULL,
    asked TEXT NOT NULL,
    parts BIGINT NOT NULL,
    trace TEXT NOT NULL,
    CHECK ((outcome = 'dropped') = (cause <> ''))
);
CREATE INDEX turns_conversation ON turns (conversation, id);

CREATE TABLE messages (
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
    CHECK ((sender = 'contact') = (account IS NOT NULL)),
    CHECK (CASE WHEN sender = 'contact'
        THEN state IN ('received', 'handled', 'history', 'recalled')
        ELSE state IN ('pending', 'sending', 'sent', 'parked', 'unclear', 'failed', 'withdrawn')
        END),
    CHECK (state <> 'received' OR turn IS NULL)
);
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

CREATE TABLE recalls (
    account BIGINT NOT NULL REFERENCES accounts (id),
    platform_id TEXT NOT NULL,
    conversation BIGINT NOT NULL REFERENCES conversations (id),
    message_platform_id TEXT NOT NULL,
    arrived BIGINT NOT NULL,
    PRIMARY KEY (account, platform_id)
);
CREATE INDEX recalls_message ON recalls (account, message_platform_id);

CREATE TABLE choices (
    id TEXT NOT NULL PRIMARY KEY,
    conversation BIGINT NOT NULL REFERENCES conversations (id),
    text TEXT NOT NULL,
    act TEXT NOT NULL
);

CREATE TABLE due (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL,
    anew BOOLEAN NOT NULL DEFAULT FALSE,
    attempts BIGINT NOT NULL DEFAULT 0,
    claim BIGINT NOT NULL DEFAULT 0,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    claimed_by TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (kind, subject)
);
CREATE INDEX due_at ON due (at);

CREATE TABLE processes (
    id TEXT NOT NULL PRIMARY KEY,
    beat BIGINT NOT NULL
);
