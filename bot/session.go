package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// SessionLook is how often the platform is asked whether its client still has a contact: the end of
// a session may be told by no event.
const SessionLook = 10 * time.Minute

// Sessions keeps our data with the platform's about who has a contact.
type Sessions struct {
	Transcript TranscriptStore
	Store      DeskStore
	Channels   map[string]Channel
	Now        func() time.Time
}

// Reconcile is the timed work DueSession. It changes nothing on the platform.
func (s *Sessions) Reconcile(ctx context.Context, due Due) (time.Time, error) {
	conversation, err := due.conversation()
	if err != nil {
		return time.Time{}, err
	}
	c, err := s.Transcript.Conversation(ctx, conversation)
	if err != nil {
		return time.Time{}, fmt.Errorf("reconcile session: %w", err)
	}
	desk, ok := s.Channels[c.Contact.Channel].(ClientDesk)
	if !ok {
		return time.Time{}, nil
	}
	holder, err := desk.Holder(ctx, c.Contact.Address)
	if err != nil {
		return time.Time{}, fmt.Errorf("reconcile session: %w", err)
	}
	c, err = s.Store.Act(ctx, conversation, eventOf(holder))
	if err != nil && !errors.Is(err, ErrConflict) {
		return time.Time{}, fmt.Errorf("reconcile session: %w", err)
	}
	if !c.Client {
		return time.Time{}, nil
	}
	return s.Now().Add(SessionLook), nil
}
