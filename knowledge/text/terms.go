package text

import (
	"unicode"
	"unicode/utf8"
)

// Terms cuts s into what the index counts: each Han character, each pair of neighbouring Han
// characters, each word of letters, each long number. Short numbers count as Chinese numerals, so
// that "12年" and "十二年", "5%" and "百分之五" meet. Terms folds s first.
func (n *Normaliser) Terms(s string) []string {
	return cut(spellNumbers(n.Fold(s)))
}

func cut(s string) []string {
	c := cutter{text: s, terms: make([]string, 0, len(s)*2/3), pair: -1, word: -1}
	for i, r := range s {
		c.next(i, r)
	}
	c.endWord(len(s))
	return c.terms
}

// cutter walks over a text once and collects its terms.
type cutter struct {
	text  string
	terms []string
	// pair is where the Han character just before began, word where the open word began; -1: none.
	pair, word int
}

func (c *cutter) next(at int, r rune) {
	han := unicode.Is(unicode.Han, r)
	wordy := !han && unicode.In(r, unicode.L, unicode.N)
	if !wordy {
		c.endWord(at)
	} else if c.word < 0 {
		c.word = at
	}
	if !han {
		c.pair = -1
		return
	}
	end := at + utf8.RuneLen(r)
	c.terms = append(c.terms, c.text[at:end])
	if c.pair >= 0 {
		c.terms = append(c.terms, c.text[c.pair:end])
	}
	c.pair = at
}

func (c *cutter) endWord(at int) {
	if c.word >= 0 {
		c.terms = append(c.terms, c.text[c.word:at])
	}
	c.word = -1
}
