package bot

import (
	"fmt"
	"time"
)

// State says who is in charge of a conversation.
type State string

// The states of a conversation. The database checks that no other occurs.
const (
	// StateBot: the bot answers.
	StateBot State = "bot"
	// StateQueued: a person was asked for and has not come yet; the bot answers distress only.
	StateQueued State = "queued"
	// StateStaff: a person answers; the bot begins no message.
	StateStaff State = "staff"
	// StateClosed: over; the next message of the contact opens it again.
	StateClosed State = "closed"
)

// Conversation is everything said between one contact and us, and who is in charge of it now.
type Conversation struct {
	ID      int64
	Contact Contact
	State   State
	// Staff is the name of the person in charge, empty unless State is StateStaff.
	Staff string
	// Client is whether the platform's own client has it, waiting or in a person's charge: nothing
	// of ours can be sent, and Staff is the name that the client knows the person by.
	Client bool
	// Reason says why a person is needed, in words for staff.
	Reason string
	// WaitingSince is when the contact began to wait for a person; zero when nobody waits.
	WaitingSince time.Time
	// Charge grows whenever who is in charge changes, so that work begun under an earlier charge is
	// recognised as stale.
	Charge int64
	// Spent is how much of the channel's budget is used, for channels that have one.
	Spent Spent
	// Introduced is whether this conversation has been told that an automatic assistant answers.
	Introduced bool
}

// EventKind names what can change who is in charge.
type EventKind string

// The events of Apply.
const (
	// EventNone changes nothing.
	EventNone EventKind = ""
	// EventHandover: the bot asks for a person.
	EventHandover EventKind = "handover"
	// EventTakeover: a person takes the conversation.
	EventTakeover EventKind = "takeover"
	// EventTransfer: the person in charge gives it to another person.
	EventTransfer EventKind = "transfer"
	// EventRelease: the person in charge gives it back to the bot.
	EventRelease EventKind = "release"
	// EventWithdraw: the contact no longer waits for a person.
	EventWithdraw EventKind = "withdraw"
	// EventClose: the person in charge ends it.
	EventClose EventKind = "close"
	// EventIdle: nothing was said for too long.
	EventIdle EventKind = "idle"
	// EventContactWrote: a message of the contact arrived.
	EventContactWrote EventKind = "contact_wrote"

	// EventClientWaits: the contact waits among those of the platform's own client.
	EventClientWaits EventKind = "client_waits"
	// EventClientTook: a person who works in the client has the contact, however it came about.
	EventClientTook EventKind = "client_took"
	// EventClientEnded: the client's session is over.
	EventClientEnded EventKind = "client_ended"
	// EventReclaim: a person at our desk has ended the client's session and takes the conversation.
	EventReclaim EventKind = "reclaim"
)

// Event is something that may change who is in charge of a conversation.
type Event struct {
	Kind EventKind
	// By is the member of staff who acts, for takeover, transfer, release, close and reclaim, and for
	// EventClientTook who has the contact now.
	By string
	// To is the member of staff who receives, for transfer.
	To string
	// Reason is why a person is needed, for handover.
	Reason string
	At     time.Time
}

// TakenError says that somebody else is in charge.
type TakenError struct{ By string }

// Error names who has the conversation.
func (e *TakenError) Error() string { return fmt.Sprintf("conversation is taken by %q", e.By) }

// Is makes a TakenError an ErrConflict.
func (e *TakenError) Is(target error) bool { return target == ErrConflict }

// Apply returns the conversation after the event. It is the only place that decides who is in charge.
// An event that means nothing in the present state leaves it unchanged; an act of staff that the state
// forbids is an error: *TakenError when somebody else is in charge, ErrConflict otherwise.
func Apply(c Conversation, e Event) (Conversation, error) {
	switch e.Kind {
	case EventNone:
		return c, nil
	case EventHandover:
		return applyHandover(c, e), nil
	case EventTakeover:
		return applyTakeover(c, e)
	case EventTransfer, EventRelease, EventClose:
		return applyByOwner(c, e)
	case EventWithdraw:
		if c.State == StateQueued && !c.Client {
			return inCharge(c, StateBot, ""), nil
		}
		return c, nil
	case EventIdle:
		if c.State == StateClosed || c.Client {
			return c, nil
		}
		return closed(c), nil
	case EventClientWaits, EventClientTook, EventClientEnded, EventReclaim:
		return applyClient(c, e)
	case EventContactWrote:
		if c.State == StateClosed {
			return inCharge(c, StateBot, ""), nil
		}
		return c, nil
	}
	return c, fmt.Errorf("apply event %q: %w", e.Kind, ErrInvalid)
}

// applyHandover puts the conversation into the queue; who waits already keeps the place, and a later
// reason replaces the first one, but none replaces danger.
func applyHandover(c Conversation, e Event) Conversation {
	switch c.State {
	case StateStaff:
		return c
	case StateQueued:
		if c.Reason != ReasonDanger {
			c.Reason = e.Reason
		}
		return c
	}
	return queued(c, e)
}

func queued(c Conversation, e Event) Conversation {
	c = inCharge(c, StateQueued, "")
	c.Reason = e.Reason
	c.WaitingSince = e.At
	return c
}

func applyTakeover(c Conversation, e Event) (Conversation, error) {
	if e.By == "" {
		return c, fmt.Errorf("takeover by nobody: %w", ErrInvalid)
	}
	if c.Client {
		return c, &TakenError{By: c.ClientStaff()}
	}
	if c.State == StateStaff {
		if c.Staff == e.By {
			return c, nil
		}
		return c, &TakenError{By: c.Staff}
	}
	return inCharge(c, StateStaff, e.By), nil
}

// applyByOwner is for what only the person in charge may do.
func applyByOwner(c Conversation, e Event) (Conversation, error) {
	if c.State != StateStaff {
		return c, fmt.Errorf("%s while the conversation is %s: %w", e.Kind, c.State, ErrConflict)
	}
	if c.Client || c.Staff != e.By {
		return c, &TakenError{By: c.ClientStaff()}
	}
	switch e.Kind {
	case EventTransfer:
		if e.To == "" {
			return c, fmt.Errorf("transfer to nobody: %w", ErrInvalid)
		}
		return inCharge(c, StateStaff, e.To), nil
	case EventClose:
		return closed(c), nil
	default:
		return inCharge(c, StateBot, ""), nil
	}
}

func inCharge(c Conversation, s State, staff string) Conversation {
	c.State = s
	c.Staff = staff
	c.Client = false
	c.Charge++
	if s != StateQueued {
		c.WaitingSince = time.Time{}
	}
	if s == StateBot || s == StateClosed {
		c.Reason = ""
	}
	return c
}

// closed also forgets that the contact was told of the bot: the next conversation is a new one.
func closed(c Conversation) Conversation {
	c = inCharge(c, StateClosed, "")
	c.Introduced = false
	return c
}
