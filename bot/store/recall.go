package store

import (
	"context"

	"rongjun/bot"
)

// recall marks a message as taken back and clears its words. The event itself is kept, so that a
// repeat changes nothing and a message that comes after its recall is not answered.
func (in *inbox) recall(ctx context.Context, place int, a bot.Arrival) error {
	if err := in.storeRun(ctx); err != nil { // the message may be among those made ready
		return err
	}
	c := in.conversations[a.Address]
	var kept []string
	err := in.scan(ctx, &kept, `INSERT INTO recalls
		(account, platform_id, conversation, message_platform_id, arrived) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account, platform_id) DO NOTHING RETURNING platform_id`,
		c.Account, a.PlatformID, c.ID, a.Recalls, in.now)
	if err != nil {
		return err
	}
	var message []int64
	err = in.scan(ctx, &message, `SELECT id FROM messages
		WHERE account = ? AND platform_id = ? AND conversation = ?`, c.Account, a.Recalls, c.ID)
	if err != nil {
		return err
	}
	accepted := &in.accepted[place]
	accepted.Conversation, accepted.New = c.ID, len(kept) == 1
	if len(message) == 1 {
		accepted.Message = message[0]
	}
	if !accepted.New || accepted.Message == 0 {
		return nil
	}
	err = in.exec(ctx, `UPDATE messages SET state = 'recalled', text = '', act = '', raw = NULL
		WHERE id = ?`, accepted.Message)
	if err != nil {
		return err
	}
	in.anew[c.ID] = true
	return in.readUnread(ctx, c)
}
