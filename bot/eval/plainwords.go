package eval

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"rongjun/knowledge"
)

// plainWords is what retrieval is compared with: BM25 as in a textbook (k1 1.2, b 0.75) over single
// Han characters, pairs of them and words of letters, with a passage's title and text as one field.
// It folds nothing, knows no synonyms and shares no code with knowledge/index on purpose.
type plainWords struct {
	ids      []string
	lengths  []float64
	mean     float64
	postings map[string][]plainPosting
}

type plainPosting struct{ passage, count int }

func newPlainWords(passages []knowledge.Passage) *plainWords {
	w := &plainWords{postings: make(map[string][]plainPosting)}
	for i, p := range passages {
		counts := make(map[string]int)
		terms := plainTerms(p.Title + "\n" + p.Text)
		for _, term := range terms {
			counts[term]++
		}
		for term, n := range counts {
			w.postings[term] = append(w.postings[term], plainPosting{i, n})
		}
		w.ids = append(w.ids, articleOf(p.ID))
		w.lengths = append(w.lengths, float64(len(terms)))
		w.mean += float64(len(terms)) / float64(len(passages))
	}
	return w
}

// search gives the IDs of the n best passages that share a term with the question.
func (w *plainWords) search(question string, n int) []string {
	const k1, b = 1.2, 0.75
	scores := make(map[int]float64)
	total := float64(len(w.ids))
	seen := make(map[string]bool)
	for _, term := range plainTerms(question) {
		if seen[term] {
			continue
		}
		seen[term] = true
		having := float64(len(w.postings[term]))
		idf := math.Log(1 + (total-having+0.5)/(having+0.5))
		for _, p := range w.postings[term] {
			count := float64(p.count)
			norm := k1 * (1 - b + b*w.lengths[p.passage]/w.mean)
			scores[p.passage] += idf * count * (k1 + 1) / (count + norm)
		}
	}
	order := make([]int, 0, len(scores))
	for passage := range scores {
		order = append(order, passage)
	}
	slices.SortFunc(order, func(x, y int) int {
		return cmp.Or(cmp.Compare(scores[y], scores[x]), cmp.Compare(x, y))
	})
	ids := make([]string, min(n, len(order)))
	for i := range ids {
		ids[i] = w.ids[order[i]]
	}
	return ids
}

// plainTerms are the Han characters of a text, each pair of neighbours, and its words of letters and
// digits.
func plainTerms(s string) []string {
	var terms []string
	var before rune
	var word []rune
	for _, r := range strings.ToLower(s) + " " {
		han := unicode.Is(unicode.Han, r)
		if !han && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			word = append(word, r)
		} else if len(word) > 0 {
			terms, word = append(terms, string(word)), nil
		}
		if han {
			terms = append(terms, string(r))
			if before != 0 {
				terms = append(terms, string([]rune{before, r}))
			}
		}
		if before = r; !han {
			before = 0
		}
	}
	return terms
}
