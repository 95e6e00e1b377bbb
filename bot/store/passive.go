package store

import (
	"context"
	"fmt"

	"rongjun/bot"
)

const (
	fetchingMessage = `SELECT * FROM messages WHERE id = ? AND sender = 'contact'`
	outbox          = `SELECT * FROM messages WHERE conversation = ? AND ` + unfinished + ` ORDER BY id`
	fetchedMessage  = `UPDATE messages SET state = 'sent', note = '', shown = ? WHERE id = ?`
	keepFetched     = `UPDATE messages SET fetched = ? WHERE id = ?`
)

// Fetch implements bot.PassiveStore.
func (s *Store) Fetch(ctx context.Context, message int64, join bot.Join) (f bot.Fetched, err error) {
	err = s.change(ctx, "fetch", func(ctx context.Context, w *work) error {
		c, m, err := w.fetching(ctx, message)
		if err != nil {
			return err
		}
		f = bot.Fetched{Text: m.Fetched, State: c.State, Unanswered: c.UnreadLast != 0}
		if f.Text != "" {
			return nil
		}
		waiting, sending, err := w.fetchable(ctx, c)
		f.Sending = sending
		if err != nil || len(waiting) == 0 {
			return err
		}
		var taken int
		f.Text, taken = join(waiting)
		for _, one := range waiting[:taken] {
			c.Shown++
			if err := w.exec(ctx, fetchedMessage, c.Shown, one.ID); err != nil {
				return err
			}
		}
		if err := w.exec(ctx, keepFetched, f.Text, m.ID); err != nil {
			return err
		}
		return w.save(ctx, c)
	})
	return f, err
}

// fetching finds the message and locks its conversation, then reads it once more: another process may
// have answered it before the lock.
func (w *work) fetching(ctx context.Context, message int64) (*conversationRow, *messageRow, error) {
	var rows []messageRow
	if err := w.scan(ctx, &rows, fetchingMessage, message); err != nil {
		return nil, nil, err
	}
	if len(rows) == 0 {
		return nil, nil, fmt.Errorf("message %d: %w", message, bot.ErrNotFound)
	}
	c, err := w.lock(ctx, rows[0].Conversation)
	if err != nil {
		return nil, nil, err
	}
	rows = nil
	if err := w.scan(ctx, &rows, fetchingMessage, message); err != nil {
		return nil, nil, err
	}
	return c, &rows[0], nil
}

// fetchable is what waits to be sent, up to a message that is being sent; nothing of the bot's while a
// person is in charge or about to be.
func (w *work) fetchable(
	ctx context.Context, c *conversationRow,
) (messages []bot.Message, sending bool, err error) {
	var rows []messageRow
	if err := w.scan(ctx, &rows, outbox, c.ID); err != nil {
		return nil, false, err
	}
	var waiting []messageRow
	for i := range rows {
		if rows[i].State != bot.MessagePending {
			sending = rows[i].State == bot.MessageSending
			break
		}
		theirs := c.State == bot.StateStaff || c.Client || c.fenced(w.now)
		if rows[i].Sender == bot.FromBot && theirs {
			break
		}
		waiting = append(waiting, rows[i])
	}
	messages, err = w.messages(ctx, waiting)
	return messages, sending, err
}

// fetchesOnly reports whether an arrival that asks for what waits is no message to anybody.
func (in *inbox) fetchesOnly(ctx context.Context, c *conversationRow, a *bot.Arrival) (bool, error) {
	if !a.Fetches {
		return false, nil
	}
	if c.UnreadLast != 0 || c.State == bot.StateStaff || c.State == bot.StateQueued {
		return true, nil
	}
	var waiting []int64
	err := in.scan(ctx, &waiting, `SELECT id FROM messages WHERE conversation = ? AND `+
		unfinished+` LIMIT 1`, c.ID)
	return len(waiting) > 0, err
}
