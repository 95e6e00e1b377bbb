package answer

import (
	"regexp"
	"slices"
	"strings"

	"rongjun/bot"
)

// reading is what kind of message a turn was read as, by meaning and by words.
type reading struct {
	kind string
	// asks is the share, 0 to 1, that it is a question on our subjects.
	asks float64
	// danger is the share, 0 to 1, that it is of distress.
	danger float64
}

// read tells the kind of a message. A vector says something only where the embedder is the one that
// the kinds were fitted with, which Near tells.
func (a *Answerer) read(folded string, v vectors) reading {
	v = a.known(v)
	shares := a.told.withKinds(a.kinds.Shares(withoutNumbers(folded), v.plain), v.told)
	of := func(i Intent) float64 { return shares[slices.Index(a.kinds.Kinds, string(i))] }
	return reading{kind: a.kinds.Best(shares), asks: of(intentQuestion), danger: of(intentCrisis)}
}

// The shares from which a message surely is a question on our subjects, whatever words of distress
// stand in it, and below which it hardly is one; and the share from which a single line of several is
// distress, for a fragment (我想问一下) says too little to be judged by its likeliest kind; and the share
// of a question from which who asks for a standard asks for the rule. Measured on labelled messages of
// all kinds.
const (
	sureShare   = 0.90
	hardlyShare = 0.80
	dangerShare = 0.80
	mayShare    = 0.30
)

func (r reading) surelyAsks() bool { return r.asks >= sureShare }

// mayAsk reports whether what was read as a matter of one's own file may as well ask for the rule.
func (r reading) mayAsk() bool { return r.kind == string(intentOwnFile) && r.asks >= mayShare }

// intent is the kind as an intent, with the rule by which something is not ours. A question that
// leans on those before it is not judged by itself to be somebody else's matter, and a very short one
// to be nothing but a question.
func (r reading) intent(followUp, brief bool) (intent Intent, rule, words string) {
	if urgent := r.kind == "crisis" || r.kind == "person"; followUp && brief && !urgent {
		return intentQuestion, "", ""
	}
	switch i := Intent(r.kind); i {
	case intentCrisis, intentCare, intentPerson, intentOwnFile, intentDirectory, intentSecret,
		intentPrivacy, intentIllegal, intentQuestion:
		return i, "", "by kind"
	}
	if followUp || r.kind == "" {
		return intentQuestion, "", ""
	}
	return intentOutOfScope, r.kind, "by kind"
}

// owned is a mask of bot.Mask with the words that say whose number it is: 我的电话是〔电话〕.
var owned = regexp.MustCompile(`[^,，.。!！?？;；、\s]{0,12}〔[^〔〕]*〕`)

// withoutNumbers takes the numbers of persons out of a text, with what leads up to them: they say
// nothing of what is asked, and are not to leave the process.
func withoutNumbers(text string) string {
	masked := bot.Mask(text)
	left := masked
	if strings.Contains(masked, "〔") {
		left = owned.ReplaceAllString(masked, "")
	}
	if left = strings.Trim(left, ",，.。 "); left != "" {
		return left
	}
	return masked
}
