package index

import (
	"slices"

	"rongjun/knowledge/text"
)

// subject is what a question is about, as terms that an answer should hold.
type subject struct {
	terms []subjectTerm
	total float64
}

type subjectTerm struct {
	term   string
	weight float64
	// means are words of the texts of which each, in full, stands for the term.
	means [][]string
}

// subjectOf weighs the terms of a question by their rarity. A term that no passage holds weighs
// most: it is what shows that a question is about something else.
func (w *words) subjectOf(n *text.Normaliser, question string) subject {
	question = n.Clean(shorten(question))
	expansions := n.Expand(question)
	var s subject
	seen := make(map[string]bool)
	for _, term := range n.Subject(question) {
		if seen[term] {
			continue
		}
		seen[term] = true
		t := subjectTerm{term: term, weight: w.rarityOf(term), means: meansOf(n, expansions, term)}
		s.terms = append(s.terms, t)
		s.total += t.weight
	}
	return s
}

func (w *words) rarityOf(term string) float64 {
	if t, known := w.numbers[term]; known {
		return w.idf[t]
	}
	return rarity(len(w.first)-1, 0)
}

// meansOf gives the words of the texts for every expansion whose lay word holds the term.
func meansOf(n *text.Normaliser, expansions []text.Expansion, term string) [][]string {
	var means [][]string
	for _, e := range expansions {
		if !slices.Contains(n.Terms(e.Said), term) {
			continue
		}
		for _, m := range e.Means {
			means = append(means, n.Terms(m))
		}
	}
	return means
}

// coverage is the weighted share of the subject that the units from one number to another hold.
func (s subject) coverage(w *words, from, to int32) float64 {
	if s.total == 0 {
		return 0
	}
	held := 0.0
	for _, t := range s.terms {
		if t.isIn(w, from, to) {
			held += t.weight
		}
	}
	return held / s.total
}

func (t subjectTerm) isIn(w *words, from, to int32) bool {
	has := func(term string) bool { return w.has(term, from, to) }
	lacks := func(term string) bool { return !has(term) }
	stands := func(m []string) bool { return !slices.ContainsFunc(m, lacks) }
	return has(t.term) || slices.ContainsFunc(t.means, stands)
}

// known is the share of the subject that any passage at all holds.
func (s subject) known(w *words) float64 {
	return s.coverage(w, 0, int32(len(w.units)))
}

// evidence gives the coverage by the whole passage and by the best one of its fields.
func (w *words) evidence(s subject, passage int) (coverage, focus float64) {
	first, end := w.first[passage], w.first[passage+1]
	for u := first; u < end; u++ {
		focus = max(focus, s.coverage(w, u, u+1))
	}
	return s.coverage(w, first, end), focus
}
