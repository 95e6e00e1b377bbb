package index

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// The weights of fusion, in deviations of the candidates' scores.
const (
	meaningWeight = 1.5
	// entryWeight favours the guide's entries, which were written to be answers, over statutes.
	entryWeight = 0.3
	// kinWeight is how much a passage is held back where its document's best passages are worse than
	// another document's: the answers to a question of law lie near each other. It was chosen on the
	// questions of STARD that may be tuned to, where recall@10 is 0.628 with it and 0.623 without.
	kinWeight = 0.3
)

// kinPassages is how many of a document's best passages speak for it.
const kinPassages = 3

// holdBack lowers the scores of passages whose documents have less support than the best one. Entries
// belong to no document, and a text whose meaning is not known yet is judged by its words alone.
func (s *search) holdBack(scores []float64) {
	if s.meaning == nil {
		return
	}
	of := make(map[string][]float64)
	for i, p := range s.found {
		if doc, ok := documentOf(s.index.passages[p].ID); ok && s.known[i] {
			of[doc] = append(of[doc], scores[i])
		}
	}
	support, best := make(map[string]float64, len(of)), math.Inf(-1)
	for doc, all := range of {
		slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
		all = all[:min(kinPassages, len(all))]
		for _, score := range all {
			support[doc] += score / float64(len(all))
		}
		best = max(best, support[doc])
	}
	for i, p := range s.found {
		if doc, ok := documentOf(s.index.passages[p].ID); ok && s.known[i] {
			scores[i] += kinWeight * (support[doc] - best)
		}
	}
}

// documentOf is the document that a passage is part of: DOC of DOC#22.
func documentOf(id string) (string, bool) {
	doc, _, ok := strings.Cut(id, "#")
	return doc, ok
}

// standardise brings the known values to mean 0 and deviation 1. An unknown one becomes 0, neither
// for nor against its passage.
func standardise(values []float64, known []bool) []float64 {
	mean, n := 0.0, 0.0
	for i, v := range values {
		if known[i] {
			mean, n = mean+v, n+1
		}
	}
	mean /= max(n, 1)
	variance := 0.0
	for i, v := range values {
		if known[i] {
			variance += (v - mean) * (v - mean)
		}
	}
	deviation := math.Sqrt(variance / max(n, 1))
	z := make([]float64, len(values))
	for i, v := range values {
		if known[i] && deviation > 0 {
			z[i] = (v - mean) / deviation
		}
	}
	return z
}
