package bot

import (
	"context"
	"fmt"
	"time"
)

// WindowStore marks conversations that must be answered soon.
type WindowStore interface {
	TranscriptStore
	// Warn puts the words before staff as the reason of a conversation that is in a person's charge
	// or waits for one, if the contact has not written since.
	Warn(ctx context.Context, conversation int64, since time.Time, words string) error
}

// Windows warns staff while there is still time to answer.
type Windows struct {
	Store    WindowStore
	Channels map[string]Channel
	Now      func() time.Time
}

// Warn is the timed work DueWindow: a person has, or is to have, a contact whose window closes. It
// looks again when the contact has written since, and ends when nobody is to answer.
func (w *Windows) Warn(ctx context.Context, due Due) (time.Time, error) {
	conversation, err := due.conversation()
	if err != nil {
		return time.Time{}, err
	}
	c, err := w.Store.Conversation(ctx, conversation)
	if err != nil {
		return time.Time{}, fmt.Errorf("warn of a window: %w", err)
	}
	budgeted, ok := w.Channels[c.Contact.Channel].(Budgeted)
	waits := c.State == StateStaff || c.State == StateQueued
	if !ok || !waits || c.Client || c.Spent.From.IsZero() {
		return time.Time{}, nil
	}
	if warn := warnAt(budgeted.Budget(), c); w.Now().Before(warn) {
		return warn, nil
	}
	words := fmt.Sprintf("%d 小时内不回复就发不出去了", int(lateAfter.Hours()))
	if err := w.Store.Warn(ctx, conversation, c.Spent.From, words); err != nil {
		return time.Time{}, fmt.Errorf("warn of a window: %w", err)
	}
	return time.Time{}, nil
}

// watchWindow sets the time of the warning for channels with a budget. A failure is for the caller to
// log: what it follows from has been committed.
func watchWindow(ctx context.Context, s DueStore, b Channel, c Conversation) error {
	d, ok := windowDue(b, c)
	if !ok {
		return nil
	}
	return s.Schedule(ctx, d)
}

// windowDue is the warning with its time; there is none on channels without a budget.
func windowDue(b Channel, c Conversation) (d Due, ok bool) {
	budgeted, ok := b.(Budgeted)
	if !ok || c.Spent.From.IsZero() {
		return Due{}, false
	}
	return Due{
		Kind: DueWindow, Subject: fmt.Sprint(c.ID), At: warnAt(budgeted.Budget(), c),
	}, true
}

func warnAt(b Budget, c Conversation) time.Time { return c.Spent.From.Add(b.Window - lateAfter) }
