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
func (w *work) again(ctx context.Context, t *bot.Turn) error {
	conversation := t.Conversation.ID
	var ids []int64
	if err := w.list(ctx, &ids, unclearMessages, conversation); err != nil {
		return err
	}
	if len(ids) > 0 {
		var offers []int
		err := w.list(ctx, &offers, offeredAlready, conversation, bot.AgainAct(ids[0]))
		if err != nil {
			return err
		}
		if offers[0] == 0 { // an aggregate always has its row
			t.Unclear = ids[0]
		}
	}
	asked := bot.AskedAgain(t.Messages[len(t.Messages)-1].Act)
	if asked == 0 {
		return nil
	}
	var rows []messageRow
	if err := w.list(ctx, &rows, oneMessage, conversation, asked); err != nil {
		return err
	}
	messages, err := w.messages(ctx, rows)
	if err == nil && len(messages) == 1 {
		t.Again = &messages[0]
	}
	return err
}
