package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"rongjun/knowledge"
)

// Arrival is an incoming message with what was decided about it.
type Arrival struct {
	Incoming
	// Prompt and Urgent are explained at Unanswered.
	Prompt bool
	Urgent bool
	// Region is where a contact who enters comes from, empty where that is not known.
	Region knowledge.Region
	// Says is what the contact is told of the event, by who is in charge once it has had its effect;
	// nil for nothing. It is called in the transaction, and returns nil for nothing.
	Says func(State) *OutgoingPart
}

// Accepted says where an incoming message is stored.
type Accepted struct {
	Message      int64
	Conversation int64
	// New is false for a redelivery.
	New bool
}

// InboxStore keeps what arrives.
type InboxStore interface {
	// Receive stores the arrivals in one transaction, one result for each, in order: contact and
	// conversation are made where they are missing, a redelivery (same channel, account and
	// PlatformID) changes nothing, a recall marks its message, a tapped choice is looked up among
	// those offered in the conversation, EventContactWrote is applied, parked messages become
	// pending, and the time of the next turn is set. Media are to be fetched from then on (DueMedia);
	// a message of the contact with some waits for them at most MediaPatience. Events are never
	// answered; one that is new has its effect: of an entry, the contact's scene and their region
	// where none is known; of a change in the platform's client, who is in charge; and then what Says
	// gives is in the outbox. When it returns without an error, the messages
	// survive a crash. ErrUnavailable says that nothing was stored.
	Receive(context.Context, []Arrival, Pacing) ([]Accepted, error)
}

// Inbox takes messages in.
type Inbox struct {
	Store  InboxStore
	Pacing Pacing
	// Urgent reports whether a text cannot wait: it asks for a person or shows distress.
	Urgent func(text string) bool
	// Greet says what a contact who enters is welcomed with; nil, or a reply without a text, for
	// nothing.
	Greet func(Enter, knowledge.Region) Reply
	// Farewell is said to a contact whose session in the platform's client has ended, where the
	// platform gives leave; nil, or a reply without a text, for nothing.
	Farewell func() Reply
	// RegionOf finds the region that a scene names, empty for none; nil finds none.
	RegionOf func(scene string) knowledge.Region
	// Rand gives the ids of what is said to events; needed with Greet and Farewell.
	Rand io.Reader
}

// MediaPatience is how long the turn of a message waits for its media.
const MediaPatience = 10 * time.Second

// MaxText is the most characters of one message that are kept; the rest is cut.
const MaxText = 4000

// Receive stores messages; after it returns nil they are safe and may be acknowledged.
func (in *Inbox) Receive(ctx context.Context, messages []Incoming) ([]Accepted, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	arrivals, err := in.arrivals(messages)
	if err != nil {
		return nil, err
	}
	accepted, err := in.Store.Receive(ctx, arrivals, in.Pacing)
	if err != nil {
		return nil, fmt.Errorf("receive %d messages: %w", len(messages), err)
	}
	return accepted, nil
}

func (in *Inbox) arrivals(messages []Incoming) ([]Arrival, error) {
	out := make([]Arrival, len(messages))
	for i, m := range messages {
		m.Text = CleanText(m.Text, MaxText)
		out[i] = Arrival{Incoming: m}
		switch m.Kind {
		case KindTap:
			out[i].Prompt, out[i].Urgent = true, true
		case KindEvent:
			if err := errors.Join(in.enters(&out[i]), in.ends(&out[i])); err != nil {
				return nil, err
			}
		default:
			out[i].Prompt, out[i].Urgent = in.haste(m.Text)
		}
	}
	return out, nil
}

// haste is how little a text can wait.
func (in *Inbox) haste(text string) (prompt, urgent bool) {
	urgent = in.Urgent(text)
	return urgent || endsAsQuestion(text), urgent
}

func endsAsQuestion(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, "？") || strings.HasSuffix(text, "?")
}

// CleanText makes any bytes into text that can be stored and shown: valid UTF-8, without control
// characters other than line breaks and tabs, at most limit characters.
func CleanText(s string, limit int) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	count := 0
	clean := strings.Map(func(r rune) rune {
		if count >= limit || invisible(r) {
			return -1
		}
		count++
		return r
	}, s)
	return strings.TrimSpace(clean)
}

// invisible are characters that show nothing or turn the direction of the text around them.
func invisible(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20 || (r >= 0x7F && r < 0xA0):
		return true
	case r == 0x061C, r == 0x200B, r == 0x200E, r == 0x200F, r == 0x2060, r == 0xFEFF:
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// PullState is how far an account has been pulled.
type PullState struct {
	Cursor string
	// CaughtUp is whether everything that waited at the first pull has been read.
	CaughtUp bool
}

// PageCommit is a pulled page with the cursor it was read from.
type PageCommit struct {
	Channel string
	Account string
	// Read is the cursor the page was read from; Next replaces it.
	Read     string
	Next     string
	CaughtUp bool
	Arrivals []Arrival
	// Duties have the platform asked who serves the contacts they may concern.
	Duties []Duty
	Pacing Pacing
}

// PullStore keeps cursors together with what was pulled from them.
type PullStore interface {
	// PullState is the state of an account, zero for one never pulled.
	PullState(ctx context.Context, channel, account string) (PullState, error)
	// ReceivePage does what Receive does and moves the cursor in the same transaction; ErrStale if
	// the account's cursor is no longer Read.
	ReceivePage(context.Context, PageCommit) ([]Accepted, error)
}

// firstPullAnswers is how young a message of the first pull must be to be answered: older ones were
// written before we were there.
const firstPullAnswers = 10 * time.Minute
