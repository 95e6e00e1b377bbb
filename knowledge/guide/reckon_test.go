package guide

import (
	"slices"
	"unicode"

	"rongjun/knowledge"
	"rongjun/knowledge/figure"
)

// reckon says what each citation carries: first the one that says most of the answer, then of each
// other what it adds.
func reckon(e knowledge.Entry, text func(knowledge.Citation) string) []knowledge.Support {
	supports := make([]knowledge.Support, len(e.Cites))
	said := make([]map[string]bool, len(e.Cites))
	for i, c := range e.Cites {
		said[i] = pairs(text(c))
		held := figure.NewSet(text(c))
		for _, f := range figure.All(e.Passage().Text) {
			if held.Has(f) && !slices.Contains(supports[i].Figures, f.Value) {
				supports[i].Figures = append(supports[i].Figures, f.Value)
			}
		}
	}
	wanted := pairs(e.Short + "\n" + e.Details)
	all := len(wanted)
	for range e.Cites {
		best, most := -1, 0
		for i := range said {
			if n := shared(wanted, said[i]); n > most {
				best, most = i, n
			}
		}
		if best < 0 {
			break
		}
		supports[best].Share = 100 * most / all
		for p := range said[best] {
			delete(wanted, p)
		}
		said[best] = nil
	}
	return supports
}

// pairs are the pairs of neighbouring Han characters and digits of a text.
func pairs(s string) map[string]bool {
	all := make(map[string]bool)
	var before rune
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) && !unicode.IsDigit(r) {
			before = 0
			continue
		}
		if before != 0 {
			all[string([]rune{before, r})] = true
		}
		before = r
	}
	return all
}

func shared(a, b map[string]bool) int {
	n := 0
	for p := range a {
		if b[p] {
			n++
		}
	}
	return n
}
