package store

import (
	"cmp"
	"context"

	"rongjun/bot"
)

// happened gives a new event its effect, and tells the contact of it.
func (in *inbox) happened(ctx context.Context, c *conversationRow, a *bot.Arrival) (err error) {
	switch {
	case a.Enter != nil:
		err = in.entered(ctx, c, a)
	case a.Failure != nil:
		err = in.undelivered(ctx, c, *a.Failure)
	case a.Session != nil:
		err = in.happensTo(ctx, c, sessionEvent(*a.Session))
	}
	if err != nil || a.Says == nil || c.fenced(in.now) {
		return err
	}
	return in.says(ctx, c, a.Says(c.State))
}

// says puts what a contact is told into the outbox; nil for nothing.
func (w *work) says(ctx context.Context, c *conversationRow, p *bot.OutgoingPart) error {
	if p == nil {
		return nil
	}
	return w.addPart(ctx, c.ID, partPlace{part: 1}, *p)
}

// sessionEvent is what a change in the platform's client means for who is in charge.
func sessionEvent(s bot.Session) bot.Event {
	if s.Change == bot.SessionEnded {
		return bot.Event{Kind: bot.EventClientEnded}
	}
	if s.To == "" {
		return bot.Event{}
	}
	return bot.Event{Kind: bot.EventClientTook, By: s.To}
}

// undelivered moves a message that counted as sent, or was not heard of, to failed. It is not sent
// again; a person is to look at it.
func (in *inbox) undelivered(ctx context.Context, c *conversationRow, f bot.Failure) error {
	var rows []messageRow
	err := in.scan(ctx, &rows, `UPDATE messages SET state = 'failed', note = ?
		WHERE conversation = ? AND platform_id = ? AND account IS NULL
		AND state IN ('sent', 'unclear', 'sending', 'pending', 'parked') RETURNING *`,
		f.Reason, c.ID, f.Message)
	if err != nil || len(rows) == 0 {
		return err
	}
	c.BudgetClosed = c.BudgetClosed || f.Closed
	return in.failed(ctx, c, &rows[0], f.Reason)
}

// entered keeps where the contact came from. What is known of the contact stays:
// they said so themselves, or came over an earlier link.
func (in *inbox) entered(ctx context.Context, c *conversationRow, a *bot.Arrival) error {
	scene, region := cmp.Or(c.Scene, a.Enter.Origin()), cmp.Or(c.Region, a.Region)
	if scene == c.Scene && region == c.Region {
		return nil
	}
	c.Scene, c.Region = scene, region
	return in.exec(ctx, "UPDATE contacts SET scene = ?, region = ? WHERE id = ?",
		scene, region, c.Contact)
}
