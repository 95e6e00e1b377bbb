package store

import (
	"context"

	"rongjun/bot"
)

// recall marks a message as taken back, clears its words and gives up its media. The event itself is
// kept, so that a repeat changes nothing and a message that comes after its recall is not answered.
// An answer under way to the message loses its claim, so that no more work goes into it.
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
	return in.takeBack(ctx, c, accepted.Message)
}

func (in *inbox) takeBack(ctx context.Context, c *conversationRow, message int64) error {
	var was []bot.MessageState
	err := in.scan(ctx, &was, "SELECT state FROM messages WHERE id = ?", message)
	if err != nil {
		return err
	}
	err = in.exec(ctx, `UPDATE messages SET text = '', act = '', raw = NULL, location = '',
		state = CASE WHEN sender = 'contact' THEN 'recalled' ELSE 'withdrawn' END
		WHERE id = ?`, message)
	if err != nil {
		return err
	}
	if err := in.forgetMedia(ctx, message); err != nil {
		return err
	}
	if was[0] == bot.MessageReceived {
		c.ClaimedUntil = 0
	}
	in.anew[c.ID], in.odd = true, true
	return in.readUnread(ctx, c)
}
