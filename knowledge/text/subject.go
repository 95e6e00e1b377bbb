package text

import (
	"unicode"
	"unicode/utf8"
)

// longestStop is the most characters of a word in stops.tsv.
const longestStop = 3

// Subject gives the terms of s that can tell what it is about: words, and within stretches of
// characters that are no stop words the pairs, or the character where it stands alone. It is what
// an answer should cover, while Terms is all that may help to find one.
func (n *Normaliser) Subject(s string) []string {
	var terms []string
	for _, stretch := range n.withoutStops([]rune(spellNumbers(n.Fold(s)))) {
		terms = append(terms, subjectOf(stretch)...)
	}
	return terms
}

// withoutStops cuts at stop words and at everything that is neither letter nor number.
func (n *Normaliser) withoutStops(s []rune) []string {
	var stretches []string
	start := 0
	for i := 0; i < len(s); {
		size := n.stopAt(s[i:])
		if size == 0 && unicode.In(s[i], unicode.L, unicode.N) {
			i++
			continue
		}
		if start < i {
			stretches = append(stretches, string(s[start:i]))
		}
		i += max(size, 1)
		start = i
	}
	if start < len(s) {
		stretches = append(stretches, string(s[start:]))
	}
	return stretches
}

// stopAt gives the length of the longest stop word at the beginning of s.
func (n *Normaliser) stopAt(s []rune) int {
	for size := min(longestStop, len(s)); size > 0; size-- {
		if n.stops[string(s[:size])] {
			return size
		}
	}
	return 0
}

// subjectOf gives the pairs and words of one stretch.
func subjectOf(stretch string) []string {
	if utf8.RuneCountInString(stretch) == 1 {
		return []string{stretch}
	}
	var terms []string
	for _, term := range cut(stretch) {
		first, size := utf8.DecodeRuneInString(term)
		if size < len(term) || !unicode.Is(unicode.Han, first) {
			terms = append(terms, term)
		}
	}
	return terms
}
