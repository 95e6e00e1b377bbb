package index

import (
	"context"
	"fmt"
	"slices"

	"rongjun/knowledge"
)

// Hit is a passage found, with the evidence for it.
type Hit struct {
	Passage knowledge.Passage
	// Words is the passage's BM25. It grows with the length of the question.
	Words float64
	// Meaning is the cosine of the passage's nearest vector, 0 when words alone decided.
	Meaning float64
	// Score orders the hits of one search; it cannot be compared with that of another.
	Score float64
	// Coverage is the share, 0 to 1, of the question's subject that the passage holds, in the
	// question's own words or in the texts' words for them. Rare terms weigh more, and terms that
	// no passage holds weigh most. Earlier turns do not count.
	Coverage float64
	// Focus is the same for the best single field of the passage: a phrasing, the title, the text.
	Focus float64
}

// Result is what a search found.
type Result struct {
	// Hits are the passages that may be cited, best first.
	Hits []Hit
	// Filtered are those that share as many words with the question but may not be cited.
	Filtered []Filtered
	// WordsOnly says that meaning took no part.
	WordsOnly bool
	// Known is the share, 0 to 1, of the question's subject that any passage at all holds. It is
	// low for a question about something that the texts do not treat.
	Known float64
}

// candidates is how many passages each measure puts forward.
const candidates = 100

// Search finds the passages that bear on the question. The day must be given: what is in force is
// never guessed.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) {
	if q.AsOf.IsZero() {
		return Result{}, fmt.Errorf("search: no day is given: %w", knowledge.ErrInvalid)
	}
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("search: %w", err)
	}
	if q.N <= 0 {
		q.N = defaultN
	}
	key := q.key()
	if kept, ok := x.results.Find(key); ok {
		return kept.clone(), nil
	}
	s := &search{index: x, query: q, against: x.validity.on(q.AsOf, q.Region)}
	s.byWords()
	if x.meaning != nil && q.Vector != nil {
		if err := s.byMeaning(); err != nil {
			return Result{}, fmt.Errorf("search: %w", err)
		}
	}
	result := s.result()
	x.results.Keep(key, result)
	return result.clone(), nil
}

// clone is a result whose lists may be changed.
func (r Result) clone() Result {
	r.Hits, r.Filtered = slices.Clone(r.Hits), slices.Clone(r.Filtered)
	return r
}

// search is the state of one search.
type search struct {
	index   *Index
	query   Query
	against func(passage int) Reason
	// units are the scores by words of every unit of the index.
	units []float32
	// found are the candidates; meaning and known go with them, nil for words alone.
	found    []int
	meaning  []float64
	known    []bool
	filtered []Filtered
}

// wanted reports whether a passage is of the kind that is asked for.
func (s *search) wanted(p int) bool { return !s.query.Own || s.index.passages[p].Own }

// byWords puts forward the best passages by words, and notes those that would have been among the
// best but may not be cited.
func (s *search) byWords() {
	w := s.index.words
	s.units = w.scores(termsOf(s.index.normaliser, s.query))
	n := max(candidates, s.query.N)
	allowed, refused := newBest[int](n), newBest[int](s.query.N)
	for p := range s.index.passages {
		r := ranked[int]{p, w.passageScore(p, s.units)}
		switch {
		case !s.wanted(p):
		case r.score == 0 || !allowed.wants(r) && !refused.wants(r):
		case s.against(p) == "":
			allowed.offer(r)
		default:
			refused.offer(r)
		}
	}
	for _, r := range allowed.take() {
		s.found = append(s.found, r.key)
	}
	floor := 0.0
	if kept := allowed.take(); len(kept) >= s.query.N {
		floor = kept[s.query.N-1].score
	}
	for _, r := range refused.take() {
		if r.score >= floor {
			id := s.index.passages[r.key].ID
			s.filtered = append(s.filtered, Filtered{id, s.against(r.key), r.score})
		}
	}
}

// byMeaning adds the nearest passages and measures the meaning of all candidates.
func (s *search) byMeaning() error {
	m := s.index.meaning
	isAllowed := func(p int) bool { return s.wanted(p) && s.against(p) == "" }
	asked := question{s.query.Vector, s.query.Asked}
	near, err := m.near(asked, max(candidates, s.query.N), isAllowed)
	if err != nil {
		return err
	}
	s.found = append(s.found, near...)
	slices.Sort(s.found)
	s.found = slices.Compact(s.found)
	s.meaning, s.known, err = m.scores(asked, s.found)
	return err
}

// result fuses the measures, cuts the ranking and adds the evidence.
func (s *search) result() Result {
	x := s.index
	subject := x.words.subjectOf(x.normaliser, s.query.Text)
	top := newBest[int](s.query.N)
	for i, score := range s.fused() {
		top.offer(ranked[int]{i, score})
	}
	result := Result{
		Filtered: s.filtered, WordsOnly: s.meaning == nil, Known: subject.known(x.words),
	}
	for _, r := range top.take() {
		p := s.found[r.key]
		hit := Hit{Passage: x.passages[p], Score: r.score, Words: x.words.passageScore(p, s.units)}
		if s.meaning != nil {
			hit.Meaning = s.meaning[r.key]
		}
		hit.Coverage, hit.Focus = x.words.evidence(subject, p)
		result.Hits = append(result.Hits, hit)
	}
	return result
}

// fused gives the score of each candidate.
func (s *search) fused() []float64 {
	words, all := make([]float64, len(s.found)), make([]bool, len(s.found))
	for i, p := range s.found {
		words[i], all[i] = s.index.words.passageScore(p, s.units), true
	}
	scores := standardise(words, all)
	var meaning []float64
	if s.meaning != nil {
		meaning = standardise(s.meaning, s.known)
	}
	for i, p := range s.found {
		if meaning != nil {
			scores[i] += meaningWeight * meaning[i]
		}
		if s.index.passages[p].Entry != "" {
			scores[i] += entryWeight
		}
	}
	s.holdBack(scores)
	return scores
}
