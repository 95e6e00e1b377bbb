package answer

import (
	"regexp"
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
