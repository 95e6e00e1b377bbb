package eval

import (
	"slices"

	"rongjun/knowledge"
)

// perHit is how many articles of one hit count for its rank.
const perHit = 3

// distinct names the documents by their keys and leaves out what stands before. It is never nil, so
// that it is written as a list.
func distinct(r Register, cites []knowledge.Citation) []knowledge.Citation {
	out := make([]knowledge.Citation, 0, len(cites))
	for _, c := range cites {
		if c = canonical(r, c); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

func canonical(r Register, c knowledge.Citation) knowledge.Citation {
	if r == nil {
		return c
	}
	if e, err := r.Lookup(c.Doc); err == nil {
		c.Doc = e.Key
	}
	return c
}

// ranked are the articles in the order in which they were found, hit by hit, the first three of each.
func ranked(r Register, hits []Hit) []knowledge.Citation {
	var all []knowledge.Citation
	for _, h := range hits {
		all = append(all, h.Cites[:min(perHit, len(h.Cites))]...)
	}
	return distinct(r, all)
}

// recall is the share of the wanted articles among the first k found.
func recall(found, wanted []knowledge.Citation, k int) float64 {
	return float64(shared(found[:min(k, len(found))], wanted)) / float64(len(wanted))
}

// shared counts the citations of a that stand in b.
func shared(a, b []knowledge.Citation) int {
	n := 0
	for _, c := range a {
		if slices.Contains(b, c) {
			n++
		}
	}
	return n
}

// firstRank is the place of the first wanted article, from 1; 0 when none was found.
func firstRank(found, wanted []knowledge.Citation) int {
	return 1 + slices.IndexFunc(found, func(c knowledge.Citation) bool {
		return slices.Contains(wanted, c)
	})
}
