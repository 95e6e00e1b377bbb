package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// sentenceEnd cuts what people write into sentences; a comma ends one only before words that begin
// a second question.
var sentenceEnd = regexp.MustCompile(`[?？!！。；;\n]+`)

// smallest is the fewest characters of a question of its own, after noise is taken off.
const smallest = 6

// split finds the questions of a message. It returns none where there is only one: the message is
// then looked up as a whole. Sentences that ask nothing lead in the question after them.
func (r *reader) split(said string) []string {
	var questions []string
	lead := ""
	for _, sentence := range sentenceEnd.Split(r.cutSecond(said), -1) {
		sentence = strings.TrimSpace(sentence)
		folded := r.text.Clean(sentence)
		switch {
		case folded == "":
		case utf8.RuneCountInString(folded) < smallest || !r.asksAnything(folded):
			lead = strings.TrimSpace(lead + "，" + sentence)
		default:
			questions = append(questions, strings.Trim(lead+"，"+sentence, "，"))
			lead = ""
		}
	}
	if len(questions) < 2 {
		return nil
	}
	return questions[:min(len(questions), mostQuestions)]
}

// mostQuestions is how many questions of one message are answered.
const mostQuestions = 2

// cutSecond ends the sentence before 另外, 还有 and the like.
func (r *reader) cutSecond(said string) string {
	pieces := strings.FieldsFunc(said, func(c rune) bool { return c == '，' || c == ',' || c == ' ' })
	for i, piece := range pieces {
		if i > 0 && r.rules.has("second-question", r.text.Fold(piece)) {
			pieces[i] = "\n" + piece
		}
	}
	return strings.Join(pieces, "，")
}

func (r *reader) asksAnything(folded string) bool { return r.rules.has("question", folded) }

// clause is what stands between two marks, with the mark that ends it.
var clause = regexp.MustCompile(`[^,，。.!！?？;；、\s]+[,，。.!！?？;；、\s]*`)

// briefest is the fewest characters of a clause that asks something, and mostSingly the most that are
// read by themselves: who asks more tells a story.
const (
	briefest   = 4
	mostSingly = 4
)

// singly gives each question of a message by itself, with all that asks nothing around it; none where
// there is only one. Unlike split it cuts at every mark, for what is cut is not searched for.
func (r *reader) singly(said string) []string {
	clauses := clause.FindAllString(said, -1)
	var asking []int
	for i, c := range clauses {
		folded := strings.TrimRight(r.text.Fold(c), ",。.!?;、 ")
		if utf8.RuneCountInString(folded) >= briefest && (r.asksAnything(folded) || wantsYesOrNo(folded)) {
			asking = append(asking, i)
		}
	}
	if len(asking) < 2 || len(asking) > mostSingly {
		return nil
	}
	var alone []string
	for _, mine := range asking {
		var b strings.Builder
		for i, c := range clauses {
			if i == mine || !slices.Contains(asking, i) {
				b.WriteString(c)
			}
		}
		alone = append(alone, strings.TrimRight(b.String(), ",，、 "))
	}
	return alone
}

// wantsYesOrNo finds questions without a word of question: 能选吧, 发不发, 没有没有, 给钱还是给房.
func wantsYesOrNo(folded string) bool {
	if strings.HasSuffix(folded, "吧") || strings.Contains(folded, "还是") {
		return true
	}
	runes := []rune(folded)
	for i := 1; i+1 < len(runes); i++ {
		if (runes[i] == '不' || runes[i] == '没') && runes[i-1] == runes[i+1] {
			return true
		}
	}
	return false
}
