ALTER TABLE staff ADD COLUMN wecom_userid TEXT NOT NULL DEFAULT '';
-- The platform does not tell capitals from small letters in these ids.
CREATE UNIQUE INDEX staff_wecom ON staff (lower(wecom_userid)) WHERE wecom_userid <> '';

-- A card about a conversation that waits for a person. The charge names the wait: each wait has one
-- card. The code is what the platform wants for the one change of the card.
CREATE TABLE notices (
    task TEXT NOT NULL PRIMARY KEY,
    conversation BIGINT NOT NULL REFERENCES conversations (id),
    charge BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sending', 'shown', 'unclear', 'failed', 'settled')),
    code TEXT NOT NULL DEFAULT '',
    begun BIGINT NOT NULL,
    UNIQUE (conversation, charge)
);

CREATE TABLE notice_people (
    task TEXT NOT NULL REFERENCES notices (task),
    member TEXT NOT NULL REFERENCES staff (name),
    userid TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (task, member)
);
CREATE INDEX notice_people_member ON notice_people (member, at);

-- What staff tapped on cards, stored before the platform is told that it arrived.
CREATE TABLE clicks (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    task TEXT NOT NULL,
    userid TEXT NOT NULL,
    act TEXT NOT NULL,
    code TEXT NOT NULL,
    at BIGINT NOT NULL
);
