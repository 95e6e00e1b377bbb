package answer

import (
	"rongjun/bot"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

// verdict is what was decided, by which rule, and on which entries the reply rests.
type verdict struct {
	rule     string
	decision bot.Decision
	// words names the fixed text of the reply, empty where entries or records give it.
	words string
	leads []lead
	// own are passages of own texts to quote; beside is an entry to offer where they answer alone.
	own    []index.Hit
	beside *knowledge.Entry
	// event is how the decision changes who is in charge.
	event  bot.EventKind
	reason string
}

// lead is an entry that answers the question or one of its parts.
type lead struct {
	entry knowledge.Entry
	asks  Asks
	// rival is the entry that may be meant as well, nil where the lead is clear.
	rival *knowledge.Entry
	// open says that the entry leaves to others what is asked.
	open bool
}

// decisionRule makes a verdict where it applies.
type decisionRule struct {
	name  string
	apply func(*Answerer, *work) (verdict, bool)
}

// decisionRules are tried in order; the first that applies wins. The last one always does.
func decisionRules() []decisionRule {
	return []decisionRule{
		{"crisis", (*Answerer).decideCrisis},
		{"tap", (*Answerer).decideTap},
		{"queued", (*Answerer).decideQueued},
		{"too-old", (*Answerer).decideTooOld},
		{"person", (*Answerer).decidePerson},
		{"care", (*Answerer).decideCare},
		{"talk", (*Answerer).decideTalk},
		{"closed", (*Answerer).decideClosed},
		{"own-file", (*Answerer).decideOwnFile},
		{"out-of-scope", (*Answerer).decideOutOfScope},
		{"near", (*Answerer).decideNear},
		{"directory", (*Answerer).decideDirectory},
		{"dark", (*Answerer).decideDark},
		{"own-text", (*Answerer).decideOwn},
		{"off-subject", (*Answerer).decideOffSubject},
		{"nothing-found", (*Answerer).decideNothing},
		{"bare-topic", (*Answerer).decideBareTopic},
		{"past-unknown", (*Answerer).decidePast},
		{"two-questions", (*Answerer).decideTwo},
		{"evidence", (*Answerer).decideByEvidence},
	}
}

// decide applies the rules. The rule's name is completed by what the rule itself saw, as in
// "talk: greeting".
func (a *Answerer) decide(w *work) verdict {
	for _, r := range decisionRules() {
		if v, ok := r.apply(a, w); ok {
			v.rule = join(r.name, v.rule)
			a.addOwn(w, &v)
			w.event = bot.Event{Kind: v.event, Reason: v.reason}
			if v.event != bot.EventNone {
				w.event.At = w.turn.Now
			}
			return v
		}
	}
	return verdict{rule: "no-rule", decision: bot.DecideNone, words: "none"}
}

func join(rule, detail string) string {
	if detail == "" {
		return rule
	}
	return rule + ": " + detail
}
