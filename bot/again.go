package bot

import (
	"strconv"
	"strings"
)

// againText is the choice that shows a message again of which nobody knows whether it arrived.
const againText = "重看上一条"

// actAgain begins the act of that choice; the id of the message follows.
const actAgain = "again:"

// AskedAgain is the id of the message that a tap asks to see again, 0 for none.
func AskedAgain(act string) int64 {
	rest, ok := strings.CutPrefix(act, actAgain)
	if !ok {
		return 0
	}
	id, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// AgainAct is the act of the choice that shows a message again.
func AgainAct(message int64) string { return actAgain + strconv.FormatInt(message, 10) }

// offerAgain adds the choice to a reply that is not silent. An unclear message is offered once, in the
// next reply: it is never sent again by itself, since the contact may have it already.
func offerAgain(t Turn, r Reply) Reply {
	if t.Unclear == 0 || r.Text == "" {
		return r
	}
	again := Choice{Text: againText, Act: AgainAct(t.Unclear)}
	r.Choices = append([]Choice{again}, r.Choices...)
	return r
}

// seenAgain answers a turn that ends with a tap on the choice: with the message as it was, and as a new
// one, whose outcome is its own.
func seenAgain(t Turn) (Answer, bool) {
	if t.Again == nil {
		return Answer{}, false
	}
	m := t.Again
	return Answer{
		Decision: DecideAnswer,
		Reply:    Reply{Text: m.Text, Sources: m.Sources, Choices: m.Choices, Items: m.Items},
		Trace:    Trace{Why: "seen again"},
	}, true
}
