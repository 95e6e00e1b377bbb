package store

import (
	"context"

	"rongjun/bot"
)

const (
	unclearMessages = `SELECT id FROM messages WHERE conversation = ? AND state = 'unclear' AND kind = 'text'
		ORDER BY id DESC LIMIT 1`
	offeredAlready = `SELECT count(*) FROM choices WHERE conversation = ? AND act = ?`
	oneMessage     = `SELECT * FROM messages WHERE conversation = ? AND id = ?`
)

// again finds what may not have arrived, and what the contact asks to see again.
func (s *Store) again(ctx context.Context, t *bot.Turn, unclear []int64) error {
	conversation := t.Conversation.ID
	if len(unclear) > 0 {
		var offers int
		err := s.read().scan(ctx, &offers, offeredAlready, conversation, bot.AgainAct(unclear[0]))
		if err != nil {
			return err
		}
		if offers == 0 {
			t.Unclear = unclear[0]
		}
	}
	asked := bot.AskedAgain(t.Messages[len(t.Messages)-1].Act)
	if asked == 0 {
		return nil
	}
	var rows []messageRow
	if err := s.read().scan(ctx, &rows, oneMessage, conversation, asked); err != nil {
		return err
	}
	messages, err := s.read().messages(ctx, rows)
	if err == nil && len(messages) == 1 {
		t.Again = &messages[0]
	}
	return err
}
