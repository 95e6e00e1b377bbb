package bot

import (
	"context"
	"strings"
	"time"

	"rongjun/knowledge"
)

// Decision is what kind of answer a turn got, out of a closed set.
type Decision string

// The decisions.
const (
	DecideAnswer    Decision = "answer"
	DecidePartial   Decision = "partial"
	DecideAsk       Decision = "ask"
	DecideDirectory Decision = "directory"
	DecideRule      Decision = "rule"
	DecideHandover  Decision = "handover"
	DecideCrisis    Decision = "crisis"
	DecideDecline   Decision = "decline"
	DecideSensitive Decision = "sensitive"
	DecideNone      Decision = "none"
	DecideError     Decision = "error"
)

// Queue is what can honestly be said to somebody who waits for a person.
type Queue struct {
	// Ahead is how many conversations wait longer.
	Ahead int
	// OnDuty is how many members of staff have the desk open.
	OnDuty int
	// Receiving is how many members of staff receive contacts in the platform's own client, where
	// those who wait are passed on to them while nobody has the desk open.
	Receiving int
}

// Turn is the unanswered messages of one conversation, read together.
type Turn struct {
	Conversation Conversation
	// Claim is the number under which the turn may be finished.
	Claim int64
	// Messages are the unanswered ones in order, at least one.
	Messages []Message
	// History is what was said before, oldest first, at most HistoryLimit messages.
	History []Message
	Queue   Queue
	// Unclear is the newest message of ours that may not have arrived, if it has not been offered to be
	// seen again; 0 for none. Again is one that the last message of the turn asks to see again.
	Unclear int64
	Again   *Message
	// Unsent is how many messages of ours still wait to be sent.
	Unsent int
	// Redone is set when an earlier draft was dropped because more messages arrived.
	Redone bool
	// Now is the time at which the turn is answered.
	Now time.Time
	// AsOf is the day whose law counts; zero means Now's.
	AsOf knowledge.Date
}

// HistoryLimit is how many earlier messages a turn carries.
const HistoryLimit = 12

// Text is the words of the turn as one text, a line for each message that has some.
func (t Turn) Text() string {
	var lines []string
	for _, m := range t.Messages {
		if words := m.Words(); words != "" {
			lines = append(lines, words)
		}
	}
	return strings.Join(lines, "\n")
}

// Answer is what the answerer decided.
type Answer struct {
	Decision Decision
	// Reply is what to say; an empty Text says nothing.
	Reply Reply
	// Event changes who is in charge: a handover, or a withdrawal from the queue.
	Event Event
	// Region is what the contact said about where they are, empty if nothing new.
	Region knowledge.Region
	Trace  Trace
}

// Answerer turns a turn into an answer. Without a reply the messages are handled silently. An error
// means that no answer could be made at all; the worker then says so and asks for a person.
type Answerer interface {
	Answer(context.Context, Turn) (Answer, error)
}

// Trace is how an answer came about. It is stored with the turn, for staff and for measuring.
type Trace struct {
	// Understood is the question as it was searched for.
	Understood string `json:"understood,omitempty"`
	// Why says which rule made the decision.
	Why string `json:"why,omitempty"`
	// Composer is "offline" or the model's name.
	Composer string `json:"composer,omitempty"`
	// Fault says why a model's draft was not used.
	Fault string `json:"fault,omitempty"`
	// Draft is the model's draft where it was not used, or a reply that was dropped.
	Draft     string        `json:"draft,omitempty"`
	WordsOnly bool          `json:"words_only,omitempty"`
	Hits      []Hit         `json:"hits,omitempty"`
	Filtered  []FilteredHit `json:"filtered,omitempty"`
	Steps     []Step        `json:"steps,omitempty"`
}

// Hit is a passage found, with both of its scores.
type Hit struct {
	Passage string               `json:"passage"`
	Text    string               `json:"text"`
	Cites   []knowledge.Citation `json:"cites"`
	Words   float64              `json:"words"`
	Meaning float64              `json:"meaning"`
	Score   float64              `json:"score"`
}

// FilteredHit is a passage that was removed before the ranking was cut.
type FilteredHit struct {
	Passage string `json:"passage"`
	Reason  string `json:"reason"`
}

// Step is one step of answering and how long it took.
type Step struct {
	Name string        `json:"name"`
	Took time.Duration `json:"took"`
	Note string        `json:"note,omitempty"`
}
