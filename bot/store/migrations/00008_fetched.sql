-- What the answer to the callback of a contact's message said: the platform may ask for it again.
ALTER TABLE messages ADD COLUMN fetched TEXT NOT NULL DEFAULT '';
