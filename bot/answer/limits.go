package answer

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"rongjun/knowledge"
)

// openness is an entry cut into what the texts settle and what they leave to others.
type openness struct {
	// answer says that the answer itself, its first sentence, leaves the matter open.
	answer bool
	// open and settled are the sentences of either kind, folded.
	open, settled []string
}

// affirmation is the most characters of a first sentence that only says yes; the next one then
// counts as the answer.
const affirmation = 4

func (a *Answerer) opennessOf(e knowledge.Entry) openness {
	var o openness
	first := true
	for _, s := range sentences(a.folded(e.Short)) {
		isOpen := a.leftOpen(s)
		o.add(s, isOpen)
		if first && utf8.RuneCountInString(s) > affirmation {
			o.answer, first = isOpen, false
		}
	}
	for _, text := range []string{e.Details, e.HowMuch, e.Who, e.When, e.Where} {
		for _, s := range sentences(a.folded(text)) {
			o.add(s, a.leftOpen(s))
		}
	}
	for _, s := range sentences(a.folded(e.Limits)) {
		o.add(s, true)
	}
	o.settled = append(o.settled, a.Normaliser.Fold(e.Question))
	return o
}

// leftOpen reports whether a sentence leaves something to others. One that gives an amount does
// not, whoever reckons it.
func (a *Answerer) leftOpen(sentence string) bool {
	return a.reader.rules.has("left-open", sentence) && !a.reader.rules.has("own-figure", sentence)
}

// folded keeps the ends of sentences as they are, so that they can still be cut.
func (a *Answerer) folded(s string) string {
	return strings.ReplaceAll(a.Normaliser.Fold(s), ";", "。")
}

func (o *openness) add(sentence string, isOpen bool) {
	if isOpen {
		o.open = append(o.open, sentence)
	} else {
		o.settled = append(o.settled, sentence)
	}
}

// side is what may be asked of a matter, with the rules by which an entry's open sentences show that
// they leave it to others, and by which its settled ones show that they do not.
type side struct {
	// name is that of package extent; why goes into the trace.
	name    string
	why     string
	asked   func(Asks) bool
	open    string
	settled string
	// number says that it is a number of something, which a number of something else does not settle.
	number bool
}

// sides are tried in order. Who only checks what they have heard wants a yes or no, which the figures
// of the place do not change.
var sides = []side{
	{"amount", "no amount is given", func(q Asks) bool { return q.Amount }, "", "amount-figure", false},
	{"charge", "the amount is left open", func(q Asks) bool { return q.Charge }, "open-amount", "amount-figure", false},
	{"number", "the number is left open", func(q Asks) bool { return q.Number }, "open-number", "any-figure", true},
	{"condition", "the condition is left open", func(q Asks) bool { return q.Condition }, "open-condition", "", false},
	{"local", "it is left to the place", func(q Asks) bool { return q.Local && !q.Check }, "anything", "", false},
	{"procedure", "the procedure is left open", func(q Asks) bool { return q.Procedure }, "open-procedure", "", false},
}

// limit is a sign that an entry leaves to others what is asked, by the side of package extent; the
// zero value is none.
type limit struct{ side, why string }

// limitedBy finds the side of a folded question that the entry leaves to others, by rules.
func (a *Answerer) limitedBy(folded string, l lead) limit {
	o := a.opennessOf(l.entry)
	if o.answer {
		return limit{"answer", "the answer itself is left open"}
	}
	open, settled := strings.Join(o.open, ""), strings.Join(o.settled, "")
	has := a.reader.rules.has
	for _, s := range sides {
		if !s.asked(l.asks) || s.open != "" && !has(s.open, open) {
			continue
		}
		if s.settled == "" || !has(s.settled, settled) || l.asks.Unit != "" && s.number &&
			!countsIn(l.asks.Unit, settled) {
			return limit{s.name, s.why}
		}
	}
	if term := a.onlyOpen(folded, o); term != "" {
		return limit{"word", "what is said of " + term + " is left open"}
	}
	return limit{}
}

// countsIn reports whether a text gives a number of the unit, 2年 or 六十周岁.
func countsIn(unit, text string) bool {
	counted := regexp.MustCompile(`[0-9一二两三四五六七八九十百]+(?:周)?` + regexp.QuoteMeta(unit))
	return counted.MatchString(text)
}

// exact is the fewest characters of a word of the texts that says as much as the contact's own.
const exact = 4

// onlyOpen finds a word of the question, or what the texts call it, that the entry uses only where
// it leaves things open.
func (a *Answerer) onlyOpen(folded string, o openness) string {
	open, settled := strings.Join(o.open, ""), strings.Join(o.settled, "")
	cleaned := a.Normaliser.Clean(folded)
	terms := a.Normaliser.Subject(cleaned)
	for _, e := range a.Normaliser.Expand(cleaned) {
		for _, means := range e.Means {
			if utf8.RuneCountInString(means) >= exact {
				terms = append(terms, means)
			}
		}
	}
	for _, term := range terms {
		telling := utf8.RuneCountInString(term) > 1 && a.Normaliser.Weight(term) > 0
		if telling && strings.Contains(open, term) && !strings.Contains(settled, term) &&
			!a.reader.rules.has("says-nothing", term) {
			return term
		}
	}
	return ""
}
