package store

import (
	"context"

	"rongjun/bot"
)

const recallsOf = `SELECT platform_id FROM recalls
	WHERE account = ? AND message_platform_id = ? AND conversation = ?`

// recall marks a message as taken back and clears its words. The event itself is kept, so that a
// repeat changes nothing and a message that comes after its recall is not answered.
func (in *inbox) recall(ctx context.Context, a bot.Arrival) (bot.Accepted, error) {
	c := in.conversations[a.Address]
	var kept []string
	err := in.scan(ctx, &kept, `INSERT INTO recalls
		(account, platform_id, conversation, message_platform_id, arrived) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account, platform_id) DO NOTHING RETURNING platform_id`,
		c.Account, a.PlatformID, c.ID, a.Recalls, in.now)
	if err != nil {
		return bot.Accepted{}, err
	}
	var message []int64
	err = in.scan(ctx, &message, `SELECT id FROM messages
		WHERE account = ? AND platform_id = ? AND conversation = ?`, c.Account, a.Recalls, c.ID)
	if err != nil {
		return bot.Accepted{}, err
	}
	accepted := bot.Accepted{Conversation: c.ID, New: len(kept) == 1}
	if len(message) == 1 {
		accepted.Message = message[0]
	}
	if !accepted.New || accepted.Message == 0 {
		return accepted, nil
	}
	err = in.exec(ctx, `UPDATE messages SET state = 'recalled', text = '', act = '', raw = NULL
		WHERE id = ?`, accepted.Message)
	if err != nil {
		return accepted, err
	}
	in.recalled[c.ID] = true
	return accepted, in.readUnread(ctx, c)
}

// recalledBefore turns a message whose recall came first into a recalled one.
func (in *inbox) recalledBefore(ctx context.Context, row *messageRow) error {
	var recalls []string
	err := in.list(ctx, &recalls, recallsOf,
		row.Account, row.PlatformID, row.Conversation)
	if err != nil || len(recalls) == 0 {
		return err
	}
	row.State, row.Text, row.Act, row.Raw = bot.MessageRecalled, "", "", nil
	return nil
}
