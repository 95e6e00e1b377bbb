package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/handlers"
	"rongjun/knowledge/index"
)

// anotherEmbedder makes vectors of another length.
type anotherEmbedder struct{ countingEmbedder }

func (a *anotherEmbedder) Name() string { return "another" }

// changedEmbedder is a small shelf whose settings name another embedder than the one that made all
// vectors so far.
func changedEmbedder(t *testing.T) (s *shelf, wanted *countingEmbedder) {
	t.Helper()
	s, wanted, published := smallShelf(t)
	published.publish(law("办法", "办法", day(2020, 1, 1), "优待证由乡镇发。"))
	before := sourceOf(&anotherEmbedder{})
	first := &shelf{
		text: s.text, guide: s.guide, published: published,
		meaning: &meaning{wanted: before, store: s.meaning.store},
	}
	require.NoError(t, first.publish(t.Context()))
	require.NoError(t, first.deepen(t.Context(), quietly))
	s.meaning.before = before
	return s, wanted
}

func TestTheOldIndexServesUntilAnotherEmbedderHasMadeItsVectors(t *testing.T) {
	t.Parallel()
	s, wanted := changedEmbedder(t)
	require.NoError(t, s.publish(t.Context()))
	old := s.edition.Load()
	require.True(t, old.index.HasVectors())
	assert.Same(t, s.meaning.before, s.meaning.serving.Load())
	assert.Equal(t, handlers.Limited, s.status().State)
	assert.Contains(t, s.status().Reason, "内置模型")

	var told string
	wanted.before = func(batch int) error {
		assert.Same(t, old, s.edition.Load(), "the old index serves meanwhile")
		told = s.status().Reason
		return nil
	}
	require.NoError(t, s.deepen(t.Context(), quietly))
	assert.Contains(t, told, "已完成 0／")
	assert.Same(t, s.meaning.wanted, s.meaning.serving.Load())
	assert.Equal(t, handlers.Status{State: handlers.Works}, s.status())
	made := wanted.texts
	require.NoError(t, s.publish(t.Context()))
	require.NoError(t, s.deepen(t.Context(), quietly))
	assert.Equal(t, made, wanted.texts, "nothing is embedded twice")
	assert.Same(t, s.meaning.wanted, s.meaning.serving.Load())
}

func TestTheOldIndexServesOnWhereTheNewEmbedderFails(t *testing.T) {
	t.Parallel()
	s, wanted := changedEmbedder(t)
	require.NoError(t, s.publish(t.Context()))
	down := errors.New("service is down")
	wanted.before = func(int) error { return down }
	require.ErrorIs(t, s.deepen(t.Context(), quietly), down)
	r, err := s.edition.Load().index.Search(t.Context(), s.question(t, "优待证"))
	require.NoError(t, err)
	assert.False(t, r.WordsOnly)
}

// question is a search with the vector that the shelf's embedder makes now.
func (s *shelf) question(t *testing.T, text string) index.Query {
	t.Helper()
	plain, asked, _, err := s.meaning.EmbedAsked(t.Context(), []string{text})
	require.NoError(t, err)
	return index.Query{Text: text, Vector: plain[0], Asked: asked[0], AsOf: day(2026, 11, 24)}
}

func TestAVectorOfTheOldEmbedderIsNotComparedWithTheNewOnes(t *testing.T) {
	t.Parallel()
	s, _ := changedEmbedder(t)
	require.NoError(t, s.publish(t.Context()))
	began, vector := s.edition.Load(), s.question(t, "优待证")
	require.NoError(t, s.deepen(t.Context(), quietly))
	r, err := began.index.Search(t.Context(), vector)
	require.NoError(t, err)
	assert.True(t, r.WordsOnly, "the turn began before the other embedder took over")
	r, err = s.edition.Load().index.Search(t.Context(), s.question(t, "优待证"))
	require.NoError(t, err)
	assert.False(t, r.WordsOnly)
}

func TestVectorsOfQuestionsAreKeptWithinBounds(t *testing.T) {
	t.Parallel()
	r := newRecent(3)
	made := 0
	ask := func(text string) []float32 {
		t.Helper()
		all, err := r.orElse([]string{text}, func() ([]questionVectors, error) {
			made++
			return []questionVectors{{plain: []float32{float32(len(text))}}}, nil
		})
		require.NoError(t, err)
		assert.Nil(t, all[0].asked)
		return all[0].plain
	}
	assert.Equal(t, []float32{1}, ask("a"))
	ask("a")[0] = 99
	assert.Equal(t, []float32{1}, ask("a"), "a caller may change what it was given")
	assert.Equal(t, 1, made)
	for i := range 100 {
		ask(fmt.Sprint("question ", i))
		ask("a")
		assert.LessOrEqual(t, r.vectors.Len(), 6)
	}
	assert.Equal(t, 101, made, "what is asked again and again stays")
	ask("question 0")
	assert.Equal(t, 102, made, "what was asked long ago is forgotten")

	fault := errors.New("fault")
	_, err := r.orElse([]string{"b"}, func() ([]questionVectors, error) { return nil, fault })
	require.ErrorIs(t, err, fault)
	ask("b")
	assert.Equal(t, 103, made, "a fault is not kept")
}
