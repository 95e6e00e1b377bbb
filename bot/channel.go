package bot

import (
	"context"
	"time"
)

// Reply is what is to be said, before a channel cuts it into parts.
type Reply struct {
	Text    string
	Sources []Source
	Choices []Choice
	// Items are shown as what they are where the channel can, else in words.
	Items []Item
	// Room is the most messages it may become; 0 for MaxParts.
	Room int
}

// MaxParts is the most messages that one reply may become, its menu included.
const MaxParts = 4

// Outgoing is one message to be sent.
type Outgoing struct {
	Address
	// ID is ours, stored before the first attempt and the same at every repeat.
	ID   string
	From From
	Text string
	// Sources and Choices are shown with the text where the channel can.
	Sources []Source
	Choices []Choice
	// Items are what is to be opened; on channels that cut them off, one of a message, whose Text then
	// is its Words.
	Items []Item
	// File is a picture or a file, for KindImage and KindFile, which have no words.
	Kind Kind
	File *Media
	// Act is what is to be done in place of saying something; see ClientDesk.
	Act string
	// Repeat is whether an earlier attempt with the same ID may have arrived.
	Repeat bool
	// Code allows this one message in answer to an event, until Expires; it is never sent twice.
	// Without a Code a message does not expire.
	Code    string
	Expires time.Time
}

// Receipt is what the platform said of an accepted message.
type Receipt struct {
	// Note tells staff what is special, such as a refused repeat that was read as "arrived".
	Note string
}

// Channel carries messages to contacts. Implementations are safe for concurrent use.
type Channel interface {
	// Name is the Channel of the addresses it serves.
	Name() string
	// Keyed reports whether the platform refuses a second message with the same ID, so that an
	// unclear send may be repeated.
	Keyed() bool
	// Parts cuts a reply into one to MaxParts messages that the platform takes whole.
	Parts(Reply) []Reply
	// Send sends one message. Its errors are made by RetryAfter, Permanent, Parked, Unclear and
	// SetUp; any other error counts as Unclear.
	Send(context.Context, Outgoing) (Receipt, error)
}

// Incoming is one thing a channel received, before it is stored.
type Incoming struct {
	Address
	// PlatformID is unique for the account: a second one is a redelivery and changes nothing.
	PlatformID string
	Kind       Kind
	Text       string
	// ChoiceID is the id of the tapped choice, for KindTap.
	ChoiceID string
	// Media is what is to be fetched, for pictures, voice, videos and files.
	Media *MediaRef
	// Location is for KindLocation.
	Location *Location
	// Author is the platform's id of the member of staff who wrote it in the platform's own client;
	// empty for what the contact sent.
	Author string
	// Of these at most one is set, for KindEvent; a KindEvent without one is only told to staff.
	Enter   *Enter
	Failure *Failure
	Session *Session
	// At is the platform's time of writing.
	At time.Time
	// Raw is the platform's own form, kept for events and for kinds that are not understood.
	Raw []byte
	// Recalls is the PlatformID of a message that the contact takes back; nothing else is set but
	// the address and the PlatformID of the event.
	Recalls string
	// History marks what is stored and never answered.
	History bool
	// Fetches marks words that ask for what waits to be sent. While something waits, or is being
	// answered, or a person is asked for, they are no message to anybody.
	Fetches bool
}

// Bell says that something is due to be pulled.
type Bell struct {
	Channel string
	Account string
	// Token raises the platform's rate limit of the pull, while it is fresh.
	Token string
}

// Delivery is what a callback carried.
type Delivery struct {
	Messages []Incoming
	Bells    []Bell
	// Clicks are taps on cards, stored before the callback is acknowledged.
	Clicks []Click
	// Ack is the body that acknowledges the callback; empty for most platforms.
	Ack []byte
	// Passive is set where the answer to the callback may itself be shown to the contact.
	Passive *PassiveAnswer
}

// Page is one page of pulled messages.
type Page struct {
	Messages []Incoming
	// Duties are changes of who receives in the platform's own client.
	Duties []Duty
	// Cursor is where the next pull begins.
	Cursor string
	// More reports whether another page waits.
	More bool
}

// Pull says what to pull.
type Pull struct {
	Account string
	Cursor  string
	Token   string
}

// Puller is a channel whose messages are fetched, not delivered.
type Puller interface {
	// Name is the channel's name.
	Name() string
	// Accounts lists our accounts on the platform.
	Accounts(context.Context) ([]string, error)
	// Pull fetches one page; ErrNotFound says that the account is no more.
	Pull(context.Context, Pull) (Page, error)
}
