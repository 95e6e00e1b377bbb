package store

import (
	"context"
	"database/sql"
	"fmt"

	"rongjun/bot"
)

// Act implements bot.DeskStore. A takeover is refused with bot.ErrInvalid: it needs a fence.
func (s *Store) Act(
	ctx context.Context, conversation int64, e bot.Event,
) (bot.Conversation, error) {
	var after bot.Conversation
	err := s.change(ctx, "act", func(ctx context.Context, w *work) error {
		if e.Kind == bot.EventTakeover {
			return fmt.Errorf("takeover without a fence: %w", bot.ErrInvalid)
		}
		c, err := w.lock(ctx, conversation)
		if err != nil {
			return err
		}
		before := c.conversation()
		if _, err := bot.Apply(before, e); err != nil {
			return fmt.Errorf("apply: %w", err)
		}
		if e.Kind == bot.EventClientEnded {
			err = w.endedUnannounced(ctx, c, e)
		} else {
			err = w.happensTo(ctx, c, e)
		}
		if err != nil {
			return err
		}
		if e.Kind == bot.EventRelease {
			if err := w.handleUnread(ctx, c); err != nil {
				return err
			}
		}
		after = c.conversation()
		return w.save(ctx, c)
	})
	return after, err
}

// Say implements bot.DeskStore.
func (s *Store) Say(ctx context.Context, m bot.StaffMessage) (bot.Message, error) {
	var said bot.Message
	err := s.change(ctx, "say", func(ctx context.Context, w *work) error {
		c, err := w.lock(ctx, m.Conversation)
		if err != nil {
			return err
		}
		var rows []messageRow
		err = w.scan(ctx, &rows, `SELECT * FROM messages
			WHERE conversation = ? AND client_id = ?`, m.Conversation, m.ClientID)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			if err := mayWrite(c, m.Staff); err != nil {
				return err
			}
			rows, err = w.insertSaid(ctx, c, m)
			if err != nil {
				return err
			}
			if err := w.save(ctx, c); err != nil {
				return err
			}
		}
		said, err = rows[0].message()
		return err
	})
	return said, err
}

func mayWrite(c *conversationRow, staff string) error {
	switch {
	case c.State != bot.StateStaff:
		return fmt.Errorf("write while the conversation is %s: %w", c.State, bot.ErrConflict)
	case c.Client || c.Staff != staff:
		return &bot.TakenError{By: c.Staff}
	}
	return nil
}

func (w *work) insertSaid(
	ctx context.Context, c *conversationRow, m bot.StaffMessage,
) ([]messageRow, error) {
	parts, err := m.Parts(c.Channel)
	if err != nil {
		return nil, fmt.Errorf("cut: %w", err)
	}
	var all []messageRow
	insert := func(kind bot.Kind, text, id string) error {
		client := sql.NullString{String: plain(m.ClientID), Valid: len(all) == 0}
		var rows []messageRow
		err := w.scan(ctx, &rows, `INSERT INTO messages (conversation, sender, author, kind, text,
			platform_id, client_id, state, at, arrived, next_at)
			VALUES (?, 'staff', ?, ?, ?, ?, ?, 'pending', ?, ?, ?) RETURNING *`,
			m.Conversation, m.Staff, kind, text, id, client, w.now, w.now, w.now)
		all = append(all, rows...)
		return err
	}
	for _, part := range parts {
		if err := insert(bot.KindText, part.Text, part.ID); err != nil {
			return nil, err
		}
	}
	if f := m.File; f != nil {
		if err := insert(f.Kind, fileWords(*f), f.ID); err != nil {
			return nil, err
		}
		if err := w.encloses(ctx, all[len(all)-1].ID, *f); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("words without a part: %w", bot.ErrInvalid)
	}
	return all, nil
}
