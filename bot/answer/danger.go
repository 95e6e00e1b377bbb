package answer

import (
	"slices"
	"strings"
)

// dangers are the rules of rules/crisis.txt, with the text that answers each, in the order in which
// they are tried: who threatens others is told to stop, who stands beside somebody is told to call.
var dangers = []struct{ rule, words string }{
	{"help", "crisis-help"},
	{"threat", "crisis-threat"},
	{"self-harm", "crisis"},
	{"despair", "crisis"},
}

// danger finds what cannot wait in a folded text: the rule, and the words by which it applies. What
// only sounds like danger is taken out first. People in need break words up and type them apart, so
// the text is read without its blanks too.
func (r *reader) danger(folded string) (rule, words string) {
	for _, text := range slices.Compact([]string{folded, strings.ReplaceAll(folded, " ", "")}) {
		text = r.rules.without("harmless", text)
		for _, d := range dangers {
			if words := r.rules.find(d.rule, text); words != "" {
				return d.rule, words
			}
		}
	}
	return "", ""
}

// crisisWords names the text that answers a danger; one that was heard by example has no rule.
func crisisWords(rule string) string {
	for _, d := range dangers {
		if d.rule == rule {
			return d.words
		}
	}
	return "crisis"
}
