package bot

import (
	"context"
	"time"
)

// TurnOutcome says what became of an answer.
type TurnOutcome string

// The outcomes of turns. The database checks that no other occurs.
const (
	// TurnFinished: the answer was committed.
	TurnFinished TurnOutcome = "finished"
	// TurnDropped: the answer came too late and nobody was sent it.
	TurnDropped TurnOutcome = "dropped"
)

// TurnRecord is what is kept of a turn.
type TurnRecord struct {
	ID      int64
	Outcome TurnOutcome
	// Cause says why a dropped turn was dropped.
	Cause    string
	Decision Decision
	Ended    time.Time
	// Messages are the ids of the contact's messages that it read.
	Messages []int64
	// Parts are the ids of the messages that its reply became, in order; none for a dropped turn.
	Parts []int64
	Trace Trace
}

// TurnLog reads how answers came about.
type TurnLog interface {
	// TurnsOf lists the turns of a conversation, finished and dropped, oldest first.
	TurnsOf(ctx context.Context, conversation int64) ([]TurnRecord, error)
}
