package answer

import (
	"context"
	"regexp"
	"strings"

	"rongjun/bot"
)

// urgency is the rule and the words by which a turn cannot wait for an answer to a question, empty
// where it can.
type urgency struct{ rule, words string }

// utterance is one line of a turn, read by itself.
type utterance struct {
	folded  string
	reading reading
}

// mostLines is how many lines of a turn, the last ones, are also read by themselves.
const mostLines = 6

// urgent fills in what cannot wait: danger, and the wish for a person. A question that only speaks of
// such words is told by its reading. But several messages are read as one turn, and what one of them
// calls for by itself is not hidden by a question in another: 补助几时发？ and then 转人工.
func (a *Answerer) urgent(ctx context.Context, t bot.Turn, q *Question) {
	whole := []utterance{{q.Folded, q.reading}}
	lines := a.lines(ctx, t)
	if q.danger = find(whole, a.reader.danger); q.danger.words == "" {
		q.danger = find(lines, a.reader.danger)
	}
	for _, l := range lines {
		if q.danger.words == "" && l.reading.danger >= dangerShare {
			q.danger = urgency{words: "by kind"}
		}
	}
	if q.person = find(whole, a.reader.person); q.person.words == "" {
		q.person = find(lines, a.reader.person)
	}
	if q.person.words == "" && a.reader.rules.has("person", q.Folded) {
		q.person = find(a.clauses(ctx, t), a.reader.person)
	}
}

func find(lines []utterance, rule func(folded string) (rule, words string)) urgency {
	for _, l := range lines {
		if rule, words := rule(l.folded); words != "" && !l.reading.surelyAsks() {
			return urgency{rule, words}
		}
	}
	return urgency{}
}

// lines reads the lines of a turn by themselves, where it has more than one.
func (a *Answerer) lines(ctx context.Context, t bot.Turn) []utterance {
	var said []string
	for s := range strings.SplitSeq(t.Text(), "\n") {
		if strings.TrimSpace(s) != "" {
			said = append(said, s)
		}
	}
	if len(said) < 2 {
		return nil
	}
	return a.alone(ctx, said)
}

// clauseEnd cuts a message into what could have been sent by itself.
var clauseEnd = regexp.MustCompile(`[\s,，.。!！?？;；、~～…]+`)

// clauses reads those parts of a turn by themselves in which a person is asked for: in
// 家属工作怎么办，转人工 the question must not hide the wish.
func (a *Answerer) clauses(ctx context.Context, t bot.Turn) []utterance {
	var said []string
	for _, s := range clauseEnd.Split(shortened(t.Text()), -1) {
		if a.reader.rules.has("person", a.reader.text.Fold(s)) {
			said = append(said, s)
		}
	}
	return a.alone(ctx, said)
}

// alone reads each by itself, the last ones.
func (a *Answerer) alone(ctx context.Context, said []string) []utterance {
	var alone []utterance
	for _, s := range said[max(0, len(said)-mostLines):] {
		folded := a.reader.text.Fold(shortened(s))
		alone = append(alone, utterance{folded, a.hear(folded, a.vector(ctx, s))})
	}
	return alone
}

// person finds the wish for a person in a folded text.
func (r *reader) person(folded string) (rule, words string) {
	return "", r.rules.find("person", folded)
}
