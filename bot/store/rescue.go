package store

import (
	"context"
	"slices"

	"rongjun/bot"
)

// RescueSends implements bot.OutboxStore.
func (s *Store) RescueSends(ctx context.Context, keyed []string) error {
	return s.change(ctx, "rescue sends", func(ctx context.Context, w *work) error {
		var lost []int64
		err := w.scan(ctx, &lost, "SELECT DISTINCT m.conversation FROM messages AS m"+
			" WHERE m.state = 'sending' AND m."+unfinished+
			" AND NOT "+w.engine.live("m", w.now)+" ORDER BY 1")
		if err != nil {
			return err
		}
		for _, conversation := range lost {
			if err := w.rescue(ctx, conversation, keyed); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *work) rescue(ctx context.Context, conversation int64, keyed []string) error {
	c, err := w.lock(ctx, conversation)
	if err != nil {
		return err
	}
	state, note := bot.MessageUnclear, mayHaveArrived
	if slices.Contains(keyed, c.Channel) {
		state, note = bot.MessagePending, ""
	}
	if err := w.spendSending(ctx, c, "NOT "+w.engine.live("m", w.now)); err != nil {
		return err
	}
	// What answers an event is never sent twice, and what the bot says not once a person has the contact.
	again := "event_code = ''"
	if c.Client || c.State == bot.StateStaff {
		again += " AND sender <> 'bot'"
	}
	err = w.exec(ctx, "UPDATE messages AS m SET"+
		" state = CASE WHEN "+again+" THEN ? ELSE 'unclear' END,"+
		" note = CASE WHEN "+again+" THEN ? ELSE '"+mayHaveArrived+"' END,"+
		" next_at = ?, may_have_arrived = TRUE, claimed_until = 0"+
		" WHERE m.conversation = ? AND m.state = 'sending' AND m."+unfinished+
		" AND NOT "+w.engine.live("m", w.now),
		state, note, w.now, conversation)
	if err != nil {
		return err
	}
	return w.save(ctx, c)
}
