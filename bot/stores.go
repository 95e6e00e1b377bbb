package bot

import (
	"context"
	"time"

	"rongjun/knowledge"
)

// TurnResult finishes a turn.
type TurnResult struct {
	Conversation int64
	Claim        int64
	// Charge is the conversation's charge when the turn was claimed.
	Charge int64
	// Messages are the ids of the messages that the turn answers.
	Messages []int64
	// Redone is Turn.Redone: more messages do not stop it a second time.
	Redone   bool
	Decision Decision
	// Parts are the reply cut for the channel, each with its message id; none for a silent turn.
	Parts []OutgoingPart
	Event Event
	// Act is done on the platform behind the parts; nil for nothing.
	Act    *OwnAct
	Region knowledge.Region
	// Introduced marks that the reply carried the introduction.
	Introduced bool
	Trace      Trace
	Pacing     Pacing
	// Follows is timed work that is scheduled with the commit.
	Follows []Due
}

// OutgoingPart is one part of a reply and the id it will be sent with.
type OutgoingPart struct {
	ID string
	Reply
	// Code and Expires are those of Outgoing.
	Code    string
	Expires time.Time
	// Later is how long it is kept before it may be sent.
	Later time.Duration
	// Author is the member of staff in whose name it is sent, empty for the bot.
	Author string
}

// TurnStore hands out turns. A claim lasts ClaimFor, by the database's clock.
type TurnStore interface {
	// ClaimTurn claims the conversation that has waited longest among those whose turn has come
	// (state bot or queued, not claimed, not fenced). Without one it returns nil and the time at
	// which the next may come, zero if none is known.
	ClaimTurn(ctx context.Context) (*Turn, time.Time, error)
	// RenewTurn lengthens the claim; ErrStale if it was lost.
	RenewTurn(ctx context.Context, conversation, claim int64) error
	// FinishTurn commits the result in one transaction: messages handled, parts pending, event
	// applied, trace kept, claim given up, Follows scheduled. ErrStale if the claim was lost, who is in charge changed,
	// or a message was recalled: nothing is sent, the draft is kept with a dropped turn. A recall also
	// ends the claim.
	// ErrMoreArrived if more messages arrived and the result is not a redone one: the claim is given
	// up, and the next claim of the conversation has Turn.Redone set.
	FinishTurn(ctx context.Context, r TurnResult) error
	// ReleaseTurn gives the claim up unfinished.
	ReleaseTurn(ctx context.Context, conversation, claim int64) error
}

// ClaimFor is how long a claim lasts without being renewed.
const ClaimFor = 15 * time.Second

// OwnAct is what the bot, and no member of staff, has done on the platform.
type OwnAct struct {
	// ID is what it will be done with, Act that of Outgoing, Words say it for staff.
	ID    string
	Act   string
	Words string
}

// Sending is a claimed outgoing message.
type Sending struct {
	Message int64
	// Conversation is the one it belongs to.
	Conversation int64
	Claim        int64
	// Attempts counts this one too.
	Attempts int
	// FirstTried is when the first attempt began.
	FirstTried time.Time
	// Asked is when this process began to claim it, by its own clock.
	Asked time.Time
	// Author is who wrote it, for FromStaff.
	Author string
	// Spent is the conversation's, as it was when the message was claimed.
	Spent    Spent
	Outgoing Outgoing
}

// SendOutcome says what became of a claimed message.
type SendOutcome struct {
	// State is sent, pending (to be tried again), parked, unclear or failed.
	State MessageState
	// After is how long a pending message waits.
	After time.Duration
	// MayHaveArrived marks a pending message whose next attempt is a repeat.
	MayHaveArrived bool
	// Closed says that the platform takes nothing more until the contact writes.
	Closed bool
	Note   string
	// Event is what the attempt showed about who is in charge, and Says what is to be said then; nil
	// for nothing.
	Event Event
	Says  *OutgoingPart
}

// OutboxStore hands out messages to send.
type OutboxStore interface {
	// ClaimSend claims the first unfinished outgoing message of some conversation and marks it
	// sending; the transaction checks who is in charge, so a bot's message is never claimed after a
	// takeover began. Without one it returns nil and the time at which the next may come.
	ClaimSend(ctx context.Context) (*Sending, time.Time, error)
	// RenewSend lengthens the claim of a message that takes its time; ErrStale if it was lost.
	RenewSend(ctx context.Context, s Sending) error
	// FinishSend records the outcome; sent makes the message visible to the contact, and what may
	// have arrived counts towards Spent. When a part failed, the later parts of its turn are
	// withdrawn and the conversation is handed over, since the contact has no whole answer. What
	// waits behind a parked message is parked with it; when the contact has written since the claim,
	// it is pending instead. ErrStale if the claim was lost.
	FinishSend(ctx context.Context, s Sending, o SendOutcome) error
	// RescueSends deals with messages whose sender died: on the keyed channels they become pending
	// again as repeats, on the others unclear.
	RescueSends(ctx context.Context, keyed []string) error
}

// Due is a piece of timed work that is no message.
type Due struct {
	Kind    string
	Subject string
	At      time.Time
	// Claim and Attempts are the store's.
	Claim    int64
	Attempts int
}

// DueStore keeps timed work; kind and subject together are unique.
type DueStore interface {
	// Schedule sets the time of a piece of work, whether or not it was there.
	Schedule(ctx context.Context, d Due) error
	// ClaimDue claims the piece of work that is due longest. Without one it returns nil and the time
	// at which the next may come.
	ClaimDue(ctx context.Context) (*Due, time.Time, error)
	// RenewDue lengthens the claim; ErrStale if it was lost.
	RenewDue(ctx context.Context, d Due) error
	// FinishDue removes the claimed work, or sets it to be done again at next if that is not zero.
	// Work scheduled anew since the claim keeps its new time.
	FinishDue(ctx context.Context, d Due, next time.Time) error
}

// Fence is a takeover that has begun.
type Fence struct {
	Conversation int64
	Staff        string
	// Number is the fence's own, so that a lapsed takeover cannot commit.
	Number int64
}

// TakeoverStore carries a takeover out in two steps, with the wait for a send between them.
type TakeoverStore interface {
	// RaiseFence marks the conversation so that no message of the bot is claimed any more, and
	// withdraws the bot's pending and parked messages. *TakenError if somebody else is in charge or
	// has raised a fence that has not lapsed (FenceFor).
	RaiseFence(ctx context.Context, conversation int64, staff string) (Fence, error)
	// BotSending counts the bot's messages of the conversation that are being sent under a claim that has
	// not lapsed, even where the process that holds it looks dead: it may only be slow, and its request
	// under way.
	BotSending(ctx context.Context, conversation int64) (int, error)
	// CommitTakeover applies EventTakeover and lowers the fence; what is still marked as sending
	// becomes unclear. ErrStale if the fence is not up any more.
	CommitTakeover(ctx context.Context, f Fence) (Conversation, error)
	// LowerFence ends a takeover that did not come about.
	LowerFence(ctx context.Context, f Fence) error
}

// FenceFor is how long a fence stays up when the process that raised it died.
const FenceFor = 45 * time.Second

// StaffMessage is what a member of staff writes.
type StaffMessage struct {
	Conversation int64
	Staff        string
	// ClientID is the sender's own; a repeat with the same one is a no-op.
	ClientID string
	// Parts are the words cut for the channel that they go to; none where there is a File alone.
	Parts func(channel string) ([]OutgoingPart, error)
	// File is sent after the words; nil for none.
	File *Enclosure
}

// StaffAct is what a member of staff wants done on the platform.
type StaffAct struct {
	Conversation int64
	Staff        string
	// Act is that of Outgoing, Words say it for staff.
	Act   string
	Words string
	// PlatformID is the id it will be done with.
	PlatformID string
}

// DeskStore is what staff do besides taking over.
type DeskStore interface {
	// Act applies an event of staff, or what was found out about the platform's client, in one
	// transaction. A release and an end mark everything received before as handled.
	Act(ctx context.Context, conversation int64, e Event) (Conversation, error)
	// Say stores the parts of a message of staff as pending; *TakenError or ErrConflict unless this person is in
	// charge at our desk. It returns the first part, and a repeat the one stored first.
	Say(ctx context.Context, m StaffMessage) (Message, error)
	// Do stores an act of staff as pending, once while it is. ActEnd is for a conversation that the
	// client has, all others for the person in charge; *TakenError or ErrConflict otherwise.
	Do(ctx context.Context, a StaffAct) error
}

// TranscriptStore reads conversations.
type TranscriptStore interface {
	// Conversation returns one conversation or ErrNotFound.
	Conversation(ctx context.Context, id int64) (Conversation, error)
	// ConversationOf returns the conversation of a contact or ErrNotFound.
	ConversationOf(ctx context.Context, a Address) (Conversation, error)
	// Conversations lists those in a state (all for the empty one), the longest waiting first, then
	// the latest changed.
	Conversations(ctx context.Context, s State, limit int) ([]Conversation, error)
	// Messages lists the whole transcript after a message id, oldest first; with after 0 the last
	// limit messages.
	Messages(ctx context.Context, conversation, after int64, limit int) ([]Message, error)
}

// VisibleStore reads what a contact can see.
type VisibleStore interface {
	// Visible lists the messages with Shown greater than after, in the order of Shown; with after 0
	// the last limit messages.
	Visible(ctx context.Context, conversation, after int64, limit int) ([]Message, error)
}
