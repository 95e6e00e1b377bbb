-- What a platform's budget has been used for, and whether the platform's own client has the contact.
ALTER TABLE conversations ADD COLUMN budget_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN budget_sent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN budget_last BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN budget_closed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE conversations ADD COLUMN client BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE messages ADD COLUMN sent_at BIGINT NOT NULL DEFAULT 0;
