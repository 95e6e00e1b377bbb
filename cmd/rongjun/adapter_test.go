package main

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/eval"
	"rongjun/knowledge"
	"rongjun/knowledge/adapter"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// TestTheAdapterIsFittedToHowPeopleAsk measures the shipped adapter on labelled questions that it was
// not fitted to: by meaning alone, the right entry must come first clearly more often than without.
// With -update the adapter is fitted anew to the guide's phrasings.
func TestTheAdapterIsFittedToHowPeopleAsk(t *testing.T) {
	f := newFitter(t)
	if *update {
		fitted := adapter.Fit(f.embedder.Name(), f.passages, f.pairs())
		require.NoError(t, os.WriteFile("../../knowledge/adapter/guide.bin", fitted.Write(), 0o644))
	}
	shipped, err := adapter.Guide()
	require.NoError(t, err)
	require.Equal(t, f.embedder.Name(), shipped.Embedder)
	questions, err := eval.ReadFile(heldOfKinds)
	require.NoError(t, err)
	plain, adapted, all := 0.0, 0.0, 0.0
	for _, q := range questions {
		right := f.answersTo(q)
		if len(right) == 0 || len(q.History) > 0 {
			continue
		}
		v := f.vector(q.Question)
		all++
		if slices.Contains(right, f.nearest(v)) {
			plain++
		}
		if slices.Contains(right, f.nearest(shipped.Apply(v))) {
			adapted++
		}
	}
	t.Logf("right entry first, of %.0f: %.3f plain, %.3f adapted", all, plain/all, adapted/all)
	assert.Greater(t, adapted/all, plain/all+0.04)
}

// fitter holds what an adapter is fitted to.
type fitter struct {
	t        *testing.T
	embedder index.Embedder
	text     *text.Normaliser
	entries  []knowledge.Entry
	passages []adapter.Passage
	// said tells which passage a text is, for each entry.
	said []map[string]int
}

func newFitter(t *testing.T) *fitter {
	t.Helper()
	m := embedder(t)
	n, err := text.New()
	require.NoError(t, err)
	vectors, err := guide.LoadVectors()
	require.NoError(t, err)
	f := &fitter{t: t, embedder: m, text: n, entries: shippedGuide(t).Entries}
	for i, e := range f.entries {
		said := make(map[string]int)
		for _, text := range index.EmbeddingTexts(n, e.Passage()) {
			v, known := vectors.Find(index.Hash(text))
			require.True(t, known, "entry %s has a text without a vector", e.ID)
			said[text] = len(f.passages)
			f.passages = append(f.passages, adapter.Passage{Vector: v, Answer: i})
		}
		f.said = append(f.said, said)
	}
	return f
}

func (f *fitter) vector(said string) []float32 {
	vectors, err := f.embedder.EmbedQueries(f.t.Context(), []string{f.text.Clean(said)})
	require.NoError(f.t, err)
	return vectors[0]
}

// labelledTimes is how often a labelled question counts beside a phrasing: there are few of them, but
// they are longer and stray further, as people do.
const labelledTimes = 3

// pairs are what entries are asked by, as questions, each with its entry, and the labelled questions
// that may be fitted to.
func (f *fitter) pairs() []adapter.Pair {
	var pairs []adapter.Pair
	for i, e := range f.entries {
		for _, said := range append([]string{e.Question}, e.Phrasings...) {
			own, known := f.said[i][f.text.Fold(said)]
			require.True(f.t, known, said)
			pairs = append(pairs, adapter.Pair{Vector: f.vector(said), Answers: []int{i}, Own: own})
		}
	}
	questions, err := eval.ReadFile("../../bot/eval/testdata/questions.jsonl")
	require.NoError(f.t, err)
	for _, q := range questions {
		if right := f.answersTo(q); len(right) > 0 && len(q.History) == 0 {
			pair := adapter.Pair{Vector: f.vector(q.Question), Answers: right, Own: -1}
			pairs = append(pairs, slices.Repeat([]adapter.Pair{pair}, labelledTimes)...)
		}
	}
	return pairs
}

// answersTo are the entries that rest on what a question is labelled with.
func (f *fitter) answersTo(q eval.Question) []int {
	var right []int
	for i, e := range f.entries {
		for _, c := range e.Cites[:min(len(e.Cites), 3)] {
			if slices.Contains(q.Relevant, c) {
				right = append(right, i)
				break
			}
		}
	}
	return right
}

func (f *fitter) nearest(v []float32) int {
	best, most := -1, float32(-1)
	for _, p := range f.passages {
		dot := float32(0)
		for i, x := range p.Vector {
			dot += x * v[i]
		}
		if dot > most {
			best, most = p.Answer, dot
		}
	}
	return best
}
