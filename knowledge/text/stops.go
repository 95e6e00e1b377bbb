package text

import (
	"strings"
	"unicode/utf8"
)

// half is the weight of a pair of which one character says nothing (的证, 我爸): it may be the edge
// of a word that matters or an accident of the sentence.
const half = 0.5

// Weight tells how much a term can say about the subject of a question: 0 for words such as
// 怎么 and 的, 1 for most terms, something between for a pair with one empty character.
func (n *Normaliser) Weight(term string) float64 {
	if n.stops[term] {
		return 0
	}
	first, size := utf8.DecodeRuneInString(term)
	last, _ := utf8.DecodeLastRuneInString(term)
	if utf8.RuneCountInString(term) != 2 || size == 1 {
		return 1
	}
	switch empty, other := n.stops[string(first)], n.stops[string(last)]; {
	case empty && other:
		return 0
	case empty || other:
		return half
	default:
		return 1
	}
}

func readStops() (map[string]bool, error) {
	rows, err := readRows("stops.tsv", 1)
	if err != nil {
		return nil, err
	}
	stops := make(map[string]bool)
	for _, row := range rows {
		for _, word := range strings.Fields(row[0]) {
			stops[word] = true
		}
	}
	return stops, nil
}
