package answer

import (
	"strings"

	"rongjun/bot"
	"rongjun/knowledge"
)

// Intent is what kind of thing a turn wants, before anything is looked up.
type Intent string

// The intents. Those that a kind of message leads to are named after it, as package kinds has it.
const (
	intentQuestion    Intent = "question"
	intentTap         Intent = "tap"
	intentCrisis      Intent = "crisis"
	intentCare        Intent = "care"
	intentPerson      Intent = "person"
	intentOwnFile     Intent = "own-file"
	intentDirectory   Intent = "directory"
	intentGreeting    Intent = "greeting"
	intentThanks      Intent = "thanks"
	intentGoodbye     Intent = "goodbye"
	intentAbout       Intent = "about"
	intentUnclear     Intent = "unclear"
	intentUnknownKind Intent = "unknown-kind"
	intentVoice       Intent = "voice-unheard"
	intentPicture     Intent = "picture"
	intentTooLarge    Intent = "too-large"
	intentSecret      Intent = "secret"
	intentPrivacy     Intent = "privacy"
	intentIllegal     Intent = "illegal"
	intentOutOfScope  Intent = "out-of-scope"
)

// Question is a turn after understanding.
type Question struct {
	// Said is what the contact wrote, as it was written; Folded the same in the form that rules
	// read.
	Said   string
	Folded string
	Intent Intent
	// reading is the kind of message that it was read as.
	reading reading
	// danger and person are what in it cannot wait, each empty for nothing.
	danger, person urgency
	// Rule is the rule of danger or of what is out of scope that applied; Words are the words by
	// which a rule applied.
	Rule  string
	Words string
	// Act is the tapped choice's meaning.
	Act string
	// Asks is what is wanted of the subject, by the message as a whole.
	Asks Asks
	// Pieces are the questions of a message that holds more than one.
	Pieces []Piece
	// Earlier are the contact's earlier lines, the oldest first.
	Earlier []string
	// FollowUp is whether the question only makes sense after the earlier ones.
	FollowUp bool
	// Region is where the contact is, as far as known; Stated is set when this turn said so.
	Region knowledge.Region
	Stated bool
	// At is where on the map the contact says they are, nil where they did not.
	At *bot.Location
	// AsOf is the day whose law counts; Past is set when the question is about a day gone by. Then is
	// the day that was asked about, zero for today's, also where nothing of it is known.
	AsOf knowledge.Date
	Past bool
	Then pastTime
	// Mood names the words of comfort to begin with, empty for none.
	Mood string
	// InScope is whether the turn or what came before speaks of our subjects at all.
	InScope bool
}

// Piece is one of several questions in a message.
type Piece struct {
	// Text is what is searched for.
	Text string
	// Asks is what is wanted of the subject.
	Asks Asks
}

// Asks says which sides of a matter a question is about. More than one may be set.
type Asks struct {
	Amount      bool
	Charge      bool
	Local       bool
	Procedure   bool
	Deadline    bool
	Eligibility bool
	Number      bool
	// Unit is of what the number is asked, empty where that is not said.
	Unit string
	// Condition asks whether somebody qualifies, Check whether what they heard still holds.
	Condition bool
	Check     bool
}

// text is what was looked up as one line, for the trace.
func (q Question) text() string {
	if len(q.Pieces) == 0 {
		return q.Folded
	}
	var texts []string
	for _, p := range q.Pieces {
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, " | ")
}
