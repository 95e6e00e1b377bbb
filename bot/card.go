package bot

import (
	"context"
	"errors"
	"time"
)

// Card is a notice that staff see outside the desk, with a button that takes a conversation over.
type Card struct {
	// Task is ours and unique: the platform takes no second card with the same one.
	Task string
	// To are the platform's ids of those who see it.
	To    []string
	Title string
	// Reason says why a person is needed, Quote what the contact last said, without what would tell who
	// they are.
	Reason string
	Quote  string
	Rows   []CardRow
	// Link is the conversation on the desk.
	Link string
	// Repeat is whether an earlier attempt with the same Task may have arrived.
	Repeat bool
}

// CardRow is a line of a card.
type CardRow struct{ Name, Value string }

// CardTakeover is the act of the button that takes the conversation over.
const CardTakeover = "takeover"

// Shown is what the platform said of a card.
type Shown struct {
	// Code allows one change of the card, within 72 hours.
	Code string
	// Missed is how many of those it was for do not see it.
	Missed int
}

// CardChange replaces the buttons of a card by words.
type CardChange struct {
	Code  string
	Words string
	// Only is the one person whose card changes; empty for all who see it.
	Only string
}

// Cards shows cards. Implementations are safe for concurrent use.
type Cards interface {
	// Show shows a card. Its errors are those of Channel.Send, and ErrCardShown for a repeat of what had
	// arrived.
	Show(context.Context, Card) (Shown, error)
	// Change changes a card. ErrCardCode says that the code was used or is too old.
	Change(context.Context, CardChange) error
}

var (
	// ErrCardShown says that an earlier attempt showed the card.
	ErrCardShown = errors.New("card was shown before")
	// ErrCardCode says that a card cannot be changed with this code any more.
	ErrCardCode = errors.New("code of the card is used or too old")
)

// Click is a tap on a button of a card.
type Click struct {
	// ID is the same for every redelivery of the tap.
	ID   string
	Task string
	// By is the platform's id of who tapped; it never goes into a log as it is.
	By  string
	Act string
	// Code allows one change of the card that was tapped.
	Code string
	At   time.Time
}
