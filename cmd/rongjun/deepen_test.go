package main

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// countingEmbedder gives every text a vector by its length, and counts the texts.
type countingEmbedder struct {
	texts  int
	before func(batch int) error
	batch  int
}

func (c *countingEmbedder) Name() string { return "counting" }

func (c *countingEmbedder) EmbedQueries(
	ctx context.Context, texts []string,
) ([][]float32, error) {
	return c.EmbedPassages(ctx, texts)
}

func (c *countingEmbedder) EmbedPassages(
	_ context.Context, texts []string,
) ([][]float32, error) {
	c.batch++
	if c.before != nil {
		if err := c.before(c.batch); err != nil {
			return nil, err
		}
	}
	c.texts += len(texts)
	vectors := make([][]float32, len(texts))
	for i, s := range texts {
		vectors[i] = []float32{1, float32(len(s) % 7), float32(len(s) % 11)}
	}
	return vectors, nil
}

// standingOnly publishes what a test says stands.
type standingOnly struct {
	mu       sync.Mutex
	number   int64
	standing []knowledge.Revision
	err      error
}

func (s *standingOnly) publish(docs ...knowledge.Document) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
	s.standing = with(s.standing, docs)
}

func (s *standingOnly) Published(context.Context) (int64, []knowledge.Revision, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.number, s.standing, s.err
}

func (s *standingOnly) PublishedNumber(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.number, s.err
}

func sourceOf(e index.Embedder) *source { return &source{Embedder: e, asked: newRecent(2)} }

// smallShelf holds a small guide, so that little is embedded.
func smallShelf(t *testing.T) (*shelf, *countingEmbedder, *standingOnly) {
	t.Helper()
	n, err := text.New()
	require.NoError(t, err)
	small := *shippedGuide(t)
	small.Entries = small.Entries[:3]
	embedder, published := &countingEmbedder{}, &standingOnly{}
	return &shelf{
		text: n, guide: &small, published: published,
		meaning: &meaning{wanted: sourceOf(embedder), store: vectorsOfRun{}},
	}, embedder, published
}

// vectorsOfRun keeps vectors in memory, by embedder.
type vectorsOfRun map[string]map[string][]float32

// LoadVectors implements vectorStore.
func (v vectorsOfRun) LoadVectors(_ context.Context, by string) (map[string][]float32, error) {
	return maps.Clone(v[by]), nil
}

// SaveVectors implements vectorStore.
func (v vectorsOfRun) SaveVectors(
	_ context.Context, by string, vectors map[string][]float32,
) error {
	if v[by] == nil {
		v[by] = make(map[string][]float32)
	}
	maps.Copy(v[by], vectors)
	return nil
}

func quietly(int, int) {}

func TestAnEditionIsFoundByMeaningOnceEmbeddedAndNothingIsEmbeddedTwice(t *testing.T) {
	t.Parallel()
	s, embedder, published := smallShelf(t)
	require.NoError(t, s.publish(t.Context()))
	require.False(t, s.edition.Load().index.HasVectors())
	_, _, _, err := s.meaning.EmbedAsked(t.Context(), []string{"问"})
	require.ErrorIs(t, err, errNotReady)

	require.NoError(t, s.deepen(t.Context(), quietly))
	require.True(t, s.edition.Load().index.HasVectors())
	_, _, _, err = s.meaning.EmbedAsked(t.Context(), []string{"问"})
	require.NoError(t, err)

	made := embedder.texts
	require.NoError(t, s.deepen(t.Context(), quietly))
	require.Equal(t, made, embedder.texts)
	published.publish(law("办法", "办法", day(2020, 1, 1), "甲。", "乙。"))
	require.NoError(t, s.publish(t.Context()))
	assert.True(t, s.edition.Load().index.HasVectors(), "what is kept counts at once")
	require.NoError(t, s.deepen(t.Context(), quietly))
	assert.Equal(t, made+2, embedder.texts)
}

func TestEmbeddingBeginsAgainWithANewerEdition(t *testing.T) {
	t.Parallel()
	s, embedder, published := smallShelf(t)
	require.NoError(t, s.publish(t.Context()))
	embedder.before = func(batch int) error {
		if batch > 1 {
			return nil
		}
		published.publish(law("办法", "办法", day(2020, 1, 1), "甲。"))
		return s.publish(t.Context())
	}
	require.NoError(t, s.deepen(t.Context(), quietly))
	e := s.edition.Load()
	assert.EqualValues(t, 1, e.number)
	assert.True(t, e.index.HasVectors())
	missing, err := s.meaning.missing(t.Context(), s.text, e.passages)
	require.NoError(t, err)
	assert.Empty(t, missing)
}

func TestWhatWasEmbeddedBeforeAFaultIsKept(t *testing.T) {
	t.Parallel()
	s, embedder, published := smallShelf(t)
	articles := make([]string, 3*embedBatch)
	for i := range articles {
		articles[i] = knowledge.ArticleName(i+1) + "的正文。"
	}
	published.publish(law("办法", "办法", day(2020, 1, 1), articles...))
	require.NoError(t, s.publish(t.Context()))
	broken := errors.New("service is down")
	embedder.before = func(batch int) error {
		if batch == 2 {
			return broken
		}
		return nil
	}
	require.ErrorIs(t, s.deepen(t.Context(), quietly), broken)
	require.False(t, s.edition.Load().index.HasVectors())
	require.NoError(t, s.deepen(t.Context(), quietly))
	total := 0
	for _, p := range s.edition.Load().passages {
		total += len(index.EmbeddingTexts(s.text, p))
	}
	assert.LessOrEqual(t, embedder.texts, total)
}

func TestSearchesGoOnWhileEditionsAreSwapped(t *testing.T) {
	t.Parallel()
	s, _, published := smallShelf(t)
	require.NoError(t, s.publish(t.Context()))
	stop := make(chan struct{})
	var searching sync.WaitGroup
	for range 2 {
		searching.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				l := s.library(day(2026, 11, 24))
				r, err := l.Index.Search(context.Background(), index.Query{
					Text: "优待证怎么办", AsOf: day(2026, 11, 24),
				})
				if err != nil || len(r.Hits) == 0 {
					t.Errorf("search failed while an edition was swapped: %v", err)
					return
				}
			}
		})
	}
	for i := range 20 {
		published.publish(law("办法", "办法", day(2020, 1, 1+i), "优待证。"))
		require.NoError(t, s.publish(t.Context()))
	}
	require.NoError(t, s.deepen(t.Context(), quietly))
	close(stop)
	searching.Wait()
	assert.EqualValues(t, 20, s.edition.Load().number)
}

func TestAnEditionThatCannotBeReadLeavesTheOldOne(t *testing.T) {
	t.Parallel()
	s, _, published := smallShelf(t)
	require.NoError(t, s.publish(t.Context()))
	before := s.edition.Load()
	published.publish()
	published.err = errors.New("database is gone")
	require.Error(t, s.publish(t.Context()))
	_, err := s.behind(t.Context())
	require.Error(t, err)
	require.Same(t, before, s.edition.Load())
}
