package text

import (
	"slices"
	"strings"
)

// Expansion is what a text in force may call something that was said in other words.
type Expansion struct {
	// Said is the word of the question, Means are words of the texts.
	Said  string
	Means []string
}

type synonym struct {
	Expansion
	// near lists words of which one must be in the question; empty: none is needed.
	near []string
}

// Expand finds lay, old, local and misspelt words in s and gives the words that the texts use for
// them, longest word first found first. It adds to a search; it never says that s was wrong.
func (n *Normaliser) Expand(s string) []Expansion {
	s = n.Fold(s)
	var found []Expansion
	for _, syn := range n.synonyms {
		if strings.Contains(s, syn.Said) && syn.isNear(s) && !coveredBy(found, syn.Said) {
			found = append(found, syn.Expansion)
		}
	}
	return found
}

func (s synonym) isNear(text string) bool {
	isIn := func(word string) bool { return strings.Contains(text, word) }
	return len(s.near) == 0 || slices.ContainsFunc(s.near, isIn)
}

// coveredBy reports whether a longer word already found holds this one: 残废军人 leaves nothing for
// 残废 to add.
func coveredBy(found []Expansion, said string) bool {
	holds := func(e Expansion) bool { return strings.Contains(e.Said, said) }
	return slices.ContainsFunc(found, holds)
}

// readSynonyms sorts by length, so that Expand meets the longer word first.
func readSynonyms() ([]synonym, error) {
	rows, err := readRows("synonyms.tsv", 2)
	if err != nil {
		return nil, err
	}
	synonyms := make([]synonym, 0, len(rows))
	for _, row := range rows {
		s := synonym{Expansion: Expansion{Said: row[0], Means: strings.Fields(row[1])}}
		if len(row) > 2 {
			s.near = strings.Fields(row[2])
		}
		synonyms = append(synonyms, s)
	}
	slices.SortStableFunc(synonyms, func(a, b synonym) int { return len(b.Said) - len(a.Said) })
	return synonyms, nil
}
