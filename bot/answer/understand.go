package answer

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"rongjun/bot"
	"rongjun/knowledge"
	"rongjun/knowledge/text"
)

// reader turns turns into questions.
type reader struct {
	rules   rules
	text    *text.Normaliser
	places  places
	nowhere knowledge.Region
}

// mostRead is how many characters of a turn are understood: the beginning and the end of a longer
// one, for people tell a story first and ask last.
const mostRead = 1200

// understand reads the messages of a turn as one question. The vector is kept for the search.
func (a *Answerer) understand(ctx context.Context, w *work) Question {
	r, t := a.reader, w.turn
	q := Question{Said: t.Text(), Region: r.regionOf(t), AsOf: t.AsOf}
	if q.AsOf.IsZero() {
		q.AsOf = w.today
	}
	q.Folded = r.text.Fold(shortened(q.Said))
	q.Earlier = earlier(t.History)
	q.At = whereabouts(t)
	q.FollowUp = r.isFollowUp(q.Folded, q.Earlier)
	if lastTap(t) == nil && q.Folded != "" {
		w.vector = a.vector(ctx, q.Said)
		q.reading = a.hear(q.Folded, w.vector.unlessLeaning(q.FollowUp && q.brief()))
	}
	a.urgent(ctx, t, &q)
	q.Intent, q.Rule, q.Words = r.intent(t, q)
	switch q.Intent {
	case intentTap:
		q.Act = lastTap(t).Act
	case intentQuestion, intentOwnFile, intentDirectory, intentPerson, intentOutOfScope:
		r.readQuestion(&q)
	}
	return q
}

// hear tells the kind of a message. One of distress is read once more without its figures of speech
// (想死我的老战友们了): if nothing of distress is left, it was none.
func (a *Answerer) hear(folded string, v vectors) reading {
	heard := a.read(folded, v)
	if heard.kind != string(intentCrisis) || !a.reader.rules.has("harmless", folded) {
		return heard
	}
	plain := a.read(a.reader.rules.without("harmless", folded), vectors{})
	if plain.kind == string(intentCrisis) {
		return heard
	}
	return plain
}

// readQuestion fills in what looking up needs.
func (r *reader) readQuestion(q *Question) {
	q.Mood = r.mood(q.Folded)
	if region, ok := r.places.find(q.Folded); ok {
		q.Region, q.Stated = region, true
	}
	if then, ok := r.pastTime(q.Folded, q.AsOf); ok {
		q.AsOf, q.Then, q.Past = then.day, then, true
	}
	q.InScope = r.rules.has("domain", q.Folded)
	if q.FollowUp && !q.InScope {
		q.InScope = r.rules.has("domain", r.text.Fold(strings.Join(q.Earlier, " ")))
	}
	q.Asks = r.asks(q.Folded)
	for _, s := range r.split(shortened(q.Said)) {
		q.Pieces = append(q.Pieces, Piece{Text: s, Asks: r.asks(r.text.Fold(s))})
	}
}

// intent applies the rules in order of what must not be missed, then the kind that the message was
// read as.
func (r *reader) intent(t bot.Turn, q Question) (Intent, string, string) {
	if q.danger.words != "" {
		return intentCrisis, q.danger.rule, q.danger.words
	}
	if lastTap(t) != nil {
		return intentTap, "", ""
	}
	if q.person.words != "" {
		return intentPerson, "", q.person.words
	}
	if intent := wordless(t, q); intent != "" {
		return intent, "", ""
	}
	for _, talk := range []Intent{
		intentUnclear, intentGreeting, intentThanks, intentGoodbye, intentAbout,
	} {
		if r.rules.has(string(talk), q.Folded) && !r.continues(talk, q) {
			return talk, "", ""
		}
	}
	if words := r.rules.find("place", q.Folded); words != "" && !q.reading.surelyAsks() {
		return intentDirectory, "", words
	}
	if words := r.rules.find("standard", q.Folded); words != "" && q.reading.mayAsk() {
		return intentQuestion, "", words
	}
	return q.reading.intent(q.FollowUp, q.brief())
}

// brief is the most characters of a question that says nothing without those before it.
const brief = 12

func (q Question) brief() bool { return utf8.RuneCountInString(q.Folded) <= brief }

// continues tells 怎么办 after a question from 怎么办 out of nowhere.
func (r *reader) continues(talk Intent, q Question) bool {
	return talk == intentUnclear && len(q.Earlier) > 0 && utf8.RuneCountInString(q.Folded) > 1 &&
		r.rules.has("procedure", q.Folded)
}

func (r *reader) asks(folded string) Asks {
	return Asks{
		Amount:      r.rules.has("amount", folded),
		Charge:      r.rules.has("charge", folded),
		Local:       r.rules.has("here", folded) || r.rules.has("local", folded),
		Procedure:   r.rules.has("procedure", folded),
		Deadline:    r.rules.has("deadline", folded),
		Eligibility: r.rules.has("eligibility", folded),
		Number:      r.rules.has("wants-number", folded),
		Unit:        unitAsked(folded),
		Condition:   r.rules.has("condition", folded),
		Check:       r.rules.has("check", folded),
	}
}

// counted finds of what a number is asked: 满几年, 好多岁.
var counted = regexp.MustCompile(`(?:多少|好多|几)(岁|年|天|级|个月|倍|次|成|学分|公里)`)

func unitAsked(folded string) string {
	if m := counted.FindStringSubmatch(folded); m != nil {
		return m[1]
	}
	return ""
}

func (r *reader) mood(folded string) string {
	for _, name := range []string{"grief", "anger", "hardship"} {
		if r.rules.has(name, folded) {
			return name
		}
	}
	return ""
}

// regionOf is what is known before this turn is read.
func (r *reader) regionOf(t bot.Turn) knowledge.Region {
	if region := t.Conversation.Contact.Region; region != "" {
		return region
	}
	return r.nowhere
}

func lastTap(t bot.Turn) *bot.Message {
	for i := len(t.Messages) - 1; i >= 0; i-- {
		if t.Messages[i].Kind == bot.KindTap {
			return &t.Messages[i]
		}
		if t.Messages[i].Words() != "" {
			return nil
		}
	}
	return nil
}

// earlierLines is how many of the contact's own earlier lines are kept.
const earlierLines = 3

func earlier(history []bot.Message) []string {
	var lines []string
	for _, m := range history {
		if words := m.Words(); m.From == bot.FromContact && words != "" {
			lines = append(lines, words)
		}
	}
	return lines[max(0, len(lines)-earlierLines):]
}

func shortened(s string) string {
	if utf8.RuneCountInString(s) <= mostRead {
		return s
	}
	runes := []rune(s)
	half := mostRead / 2
	return string(runes[:half]) + "\n" + string(runes[len(runes)-half:])
}

// age is how old the last message of the turn is.
func age(t bot.Turn) time.Duration { return t.Now.Sub(t.Messages[len(t.Messages)-1].At) }
