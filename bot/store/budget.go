package store

import (
	"context"
	"time"

	"rongjun/bot"
)

// spent is the budget's use as package bot knows it.
func (r *conversationRow) spent() bot.Spent {
	return bot.Spent{From: r.BudgetFrom.time(), Sent: int(r.BudgetSent), Closed: r.BudgetClosed}
}

// spend counts a message that may have arrived, once.
func (r *conversationRow) spend(m *messageRow, now stamp) {
	if m.SentAt != 0 {
		return
	}
	m.SentAt = now
	r.BudgetSent++
	r.BudgetLast = now
}

// renewBudget begins a new count with a message of the contact. The platform began it when the
// message was written, so what was sent between then and now counts already; its clock has seconds,
// and what was sent in the same second is taken for the cause of the message, not for its effect.
func (w *work) renewBudget(ctx context.Context, c *conversationRow, wrote stamp) error {
	if wrote < c.BudgetFrom {
		return nil
	}
	c.BudgetFrom, c.BudgetSent, c.BudgetClosed = wrote, 0, false
	after := stampOf(wrote.time().Truncate(time.Second).Add(time.Second))
	if c.BudgetLast < after {
		return nil
	}
	return w.scan(ctx, &c.BudgetSent, `SELECT count(*) FROM messages
		WHERE conversation = ? AND sent_at >= ? AND sender <> 'contact'`, c.ID, after)
}

const parkedAndBehind = `SELECT * FROM messages WHERE conversation = ? AND ` + unfinished + `
	AND state IN ('parked', 'pending') AND event_code = '' AND kind <> 'act' ORDER BY id`

const joinParked = `UPDATE messages SET state = ?, sender = ?, author = ?, text = ?, sources = '',
	choices = '', items = '', note = ?, next_at = ? WHERE id = ?`

// letGoParked makes pending what waited for the contact to write, joined into as few messages as
// hold it. The first rows carry the text, since their ids were refused and are free; what may have
// arrived goes as it is, under its own id, and so do pictures and files, in their places between the
// texts.
func (w *work) letGoParked(ctx context.Context, c *conversationRow) error {
	var rows []messageRow
	if err := w.list(ctx, &rows, parkedAndBehind, c.ID); err != nil {
		return err
	}
	var waiting []messageRow
	for i := range rows {
		if rows[i].MayHaveArrived || mayHaveMedia[rows[i].Kind] {
			if err := w.joinRows(ctx, waiting); err != nil {
				return err
			}
			waiting = nil
			err := w.exec(ctx, "UPDATE messages SET state = 'pending', next_at = ? WHERE id = ?",
				w.now, rows[i].ID)
			if err != nil {
				return err
			}
			continue
		}
		waiting = append(waiting, rows[i])
	}
	return w.joinRows(ctx, waiting)
}

func (w *work) joinRows(ctx context.Context, rows []messageRow) error {
	messages, err := w.messages(ctx, rows)
	if err != nil {
		return err
	}
	return w.join(ctx, messages)
}

func (w *work) join(ctx context.Context, messages []bot.Message) error {
	texts := bot.JoinParked(messages)
	sender, author := bot.FromBot, ""
	for _, m := range messages {
		if m.From == bot.FromStaff {
			sender, author = m.From, m.Author
		}
	}
	for i, m := range messages {
		state, text, note := bot.MessagePending, "", ""
		if i < len(texts) {
			text = texts[i]
		} else {
			state, text, note = bot.MessageWithdrawn, m.Text, "已并入前面一条送出"
			sender, author = m.From, m.Author
		}
		err := w.exec(ctx, joinParked, state, sender, author, text, note, w.now, m.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// spendSending counts what is being sent, for when nobody will report what became of it.
func (w *work) spendSending(ctx context.Context, c *conversationRow, where string, args ...any) error {
	var rows []int64
	err := w.scan(ctx, &rows, `UPDATE messages AS m SET sent_at = ? WHERE m.conversation = ?
		AND m.state = 'sending' AND m.`+unfinished+` AND m.sent_at = 0 AND `+where+" RETURNING id",
		append([]any{w.now, c.ID}, args...)...)
	if len(rows) > 0 {
		c.BudgetSent += int64(len(rows))
		c.BudgetLast = w.now
	}
	return err
}

// park keeps what waits behind a parked message with it, except what has a code of its own.
func (w *work) park(ctx context.Context, m *messageRow, note string) error {
	return w.exec(ctx, `UPDATE messages SET state = 'parked', note = ?
		WHERE conversation = ? AND id > ? AND state = 'pending' AND kind <> 'act' AND event_code = ''
		AND `+unfinished,
		note, m.Conversation, m.ID)
}
