package bot

import (
	"context"
	"fmt"
	"io"
	"time"
)

// A contact who asked for a person gets one receipt, then silence but for these updates: a first one,
// FirstUpdate after they began to wait, and further ones seldom.
const (
	FirstUpdate = 10 * time.Minute
	nextUpdate  = 30 * time.Minute
)

// WaitingStore says something to those who wait.
type WaitingStore interface {
	// SayWaiting puts a message of the bot into the outbox if the conversation is still queued, and
	// reports whether it is. say is given the queue as it stands in the same transaction, which also
	// moves the work to the time of the next update: whoever dies after it does not say it again.
	// ErrStale, and nothing is said, if somebody else has claimed the work since.
	SayWaiting(ctx context.Context, w WaitingUpdate) (bool, error)
}

// WaitingUpdate is one update for a contact who waits.
type WaitingUpdate struct {
	Conversation int64
	// Due is the claimed work, Next when the update after this one is due.
	Due  Due
	Next time.Time
	// Say makes the message.
	Say func(Queue) OutgoingPart
	// Act, where it is set, says what is done on the platform behind the message.
	Act func(Queue) *OwnAct
}

// Waiting keeps those who wait for a person informed.
type Waiting struct {
	Store WaitingStore
	// Transcript and Overflow find those to whom a contact may be passed on.
	Transcript TranscriptStore
	Overflow   *Overflow
	Rand       io.Reader
	Now        func() time.Time
}

// WaitingDue is the first update for a contact who begins to wait with us now.
func WaitingDue(conversation int64, now time.Time) Due {
	return Due{Kind: DueWaiting, Subject: fmt.Sprint(conversation), At: now.Add(FirstUpdate)}
}

// ActCancel is the act of the choice that ends the wait.
const ActCancel = "cancel"

// Update is the timed work DueWaiting. It says only what is true at this moment.
func (w *Waiting) Update(ctx context.Context, due Due) (time.Time, error) {
	conversation, err := due.conversation()
	if err != nil {
		return time.Time{}, err
	}
	message, err := newID(w.Rand)
	if err != nil {
		return time.Time{}, err
	}
	choice, err := newChoiceID(w.Rand)
	if err != nil {
		return time.Time{}, err
	}
	act, err := newID(w.Rand)
	if err != nil {
		return time.Time{}, err
	}
	c, err := w.Transcript.Conversation(ctx, conversation)
	if err != nil {
		return time.Time{}, fmt.Errorf("tell a waiting contact: %w", err)
	}
	receiving := w.Overflow.receiving(ctx, c.Contact.Address)
	next := w.Now().Add(nextUpdate)
	say := func(q Queue) OutgoingPart {
		q.Receiving = receiving
		return OutgoingPart{ID: message, Reply: Reply{
			Text:    waitingWords(q),
			Choices: []Choice{{ID: choice, Text: "取消排队，继续问", Act: ActCancel}},
		}}
	}
	queued, err := w.Store.SayWaiting(ctx, WaitingUpdate{
		Conversation: conversation, Due: due, Next: next, Say: say,
		Act: func(q Queue) *OwnAct {
			q.Receiving = receiving
			return q.act(act)
		},
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("tell a waiting contact: %w", err)
	}
	if !queued {
		return time.Time{}, nil
	}
	return next, nil
}

func waitingWords(q Queue) string {
	words := "您还在排队，轮到您时工作人员会直接回复。"
	if q.Ahead > 0 {
		words = fmt.Sprintf("您还在排队，前面还有%d位。", q.Ahead)
	}
	switch {
	case q.overflows():
		words = "现在把您转给正在值班的接待人员，轮到您时会在这里直接回复。"
	case q.OnDuty == 0:
		words += "现在没有工作人员在岗，有人上岗后按先后顺序回复。"
	}
	return words + "您说的话都已记下，不用再说一遍。"
}

// conversation reads the subject of work that is about one.
func (d Due) conversation() (int64, error) {
	var id int64
	if _, err := fmt.Sscan(d.Subject, &id); err != nil {
		return 0, fmt.Errorf("subject %q of %s: %w", d.Subject, d.Kind, ErrInvalid)
	}
	return id, nil
}
