-- What may not have arrived is offered to be seen again, at the contact's next message.
CREATE INDEX messages_unclear ON messages (conversation, id) WHERE state = 'unclear';
