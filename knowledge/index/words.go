package index

import (
	"context"
	"errors"
	"math"
	"sort"
	"strings"

	"rongjun/knowledge"
	"rongjun/knowledge/text"
)

// The constants of BM25: how soon repeating a word stops helping, and how much long fields pay.
const (
	k1 = 1.2
	b  = 0.75
)

// field tells what a unit of a passage is. Lengths are compared within one kind of field only.
type field uint8

const (
	fieldText field = iota
	fieldTitle
	fieldPhrasing
	fields
)

// weight is how much a field's score adds to its passage's.
func (f field) weight() float64 { return [fields]float64{1, 0.5, 1.5}[f] }

// unit is one field of one passage. A passage's units lie side by side.
type unit struct {
	passage int32
	field   field
	length  float32
}

// posting packs the number of a unit and how often the term is in it.
type posting uint32

const (
	maxCount = 255
	maxUnits = 1 << 24
)

var errTooMany = errors.New("too many passages for one index")

func (p posting) unit() int      { return int(p >> 8) }
func (p posting) count() float64 { return float64(p & maxCount) }

// words is the inverted index of all passages. It does not change once built.
type words struct {
	units []unit
	// first[i] is the first unit of passage i; first has one element more than there are passages.
	first    []int32
	numbers  map[string]int32
	postings [][]posting
	idf      []float64
	// burden is the part of BM25's denominator that depends on the unit's length alone.
	burden []float32
}

func newWords(
	ctx context.Context, n *text.Normaliser, passages []knowledge.Passage,
) (*words, error) {
	w := &words{numbers: make(map[string]int32)}
	for i, p := range passages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		w.first = append(w.first, int32(len(w.units)))
		w.add(i, fieldText, n.Terms(p.Text))
		title := fieldTitle
		if p.Entry != "" {
			title = fieldPhrasing
		}
		w.add(i, title, n.Terms(p.Title))
		for _, phrasing := range p.Phrasings {
			w.add(i, fieldPhrasing, n.Terms(phrasing))
		}
		if len(w.units) >= maxUnits {
			return nil, errTooMany
		}
	}
	w.first = append(w.first, int32(len(w.units)))
	w.weigh(len(passages))
	return w, nil
}

// add counts the terms of one field.
func (w *words) add(passage int, f field, terms []string) {
	number := len(w.units)
	w.units = append(w.units, unit{int32(passage), f, float32(len(terms))})
	for _, term := range terms {
		t, known := w.numbers[term]
		if !known {
			t = int32(len(w.postings))
			// A copy, for the term is a part of its text and would keep all of it in memory.
			w.numbers[strings.Clone(term)] = t
			w.postings = append(w.postings, nil)
		}
		list := w.postings[t]
		last := len(list) - 1
		if last < 0 || list[last].unit() != number {
			w.postings[t] = append(list, posting(number<<8|1))
		} else if list[last]&maxCount < maxCount {
			list[last]++
		}
	}
}

// weigh fills in what is known only after the last passage: rarity of terms and mean lengths.
func (w *words) weigh(passages int) {
	var sum, count [fields]float64
	for _, u := range w.units {
		sum[u.field] += float64(u.length)
		count[u.field]++
	}
	w.burden = make([]float32, len(w.units))
	for i, u := range w.units {
		mean := max(sum[u.field]/count[u.field], 1)
		w.burden[i] = float32(k1 * (1 - b + b*float64(u.length)/mean))
	}
	w.idf = make([]float64, len(w.postings))
	for t, list := range w.postings {
		w.idf[t] = rarity(passages, w.passagesOf(list))
	}
}

// passagesOf counts the passages in a list, each once, whatever the number of its units.
func (w *words) passagesOf(list []posting) int {
	n, last := 0, int32(-1)
	for _, p := range list {
		if passage := w.units[p.unit()].passage; passage != last {
			n, last = n+1, passage
		}
	}
	return n
}

// rarity is BM25's inverse document frequency, never negative.
func rarity(passages, having int) float64 {
	return math.Log(1 + (float64(passages-having)+0.5)/(float64(having)+0.5))
}

// scores gives each unit's BM25 for the weighted terms.
func (w *words) scores(terms []weighted) []float32 {
	scores := make([]float32, len(w.units))
	for _, term := range terms {
		t, known := w.numbers[term.term]
		if !known {
			continue
		}
		gain := term.weight * w.idf[t] * (k1 + 1)
		for _, p := range w.postings[t] {
			u, count := p.unit(), p.count()
			scores[u] += float32(gain * count / (count + float64(w.burden[u])))
		}
	}
	return scores
}

// passageScore joins the scores of a passage's fields: the best phrasing, and the others weighted.
func (w *words) passageScore(passage int, scores []float32) float64 {
	var best [fields]float32
	for u := w.first[passage]; u < w.first[passage+1]; u++ {
		f := w.units[u].field
		best[f] = max(best[f], scores[u])
	}
	total := 0.0
	for f, score := range best {
		total += field(f).weight() * float64(score)
	}
	return total
}

// has reports whether the term is in a unit from one number up to another, not included.
func (w *words) has(term string, from, to int32) bool {
	t, known := w.numbers[term]
	if !known {
		return false
	}
	list := w.postings[t]
	i := sort.Search(len(list), func(i int) bool { return list[i].unit() >= int(from) })
	return i < len(list) && list[i].unit() < int(to)
}
