package main

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/eval"
	"rongjun/knowledge/embed"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// questionVectors holds the vectors of the labelled questions, as the guide's are held. It is made by
// `go test ./cmd/rongjun -run TestVectorsOfTheLabelledQuestionsAreTheModels -update` after questions
// have changed.
const questionVectors = "testdata/questions.vectors"

// remembering is an embedder that embeds every question once for all tests, and the labelled ones not at
// all: most of an answer's time is spent on that, and several tests ask the labelled questions.
type remembering struct {
	index.Embedder
	kept    guide.Vectors
	vectors sync.Map
}

// EmbedQueries implements index.Embedder.
func (r *remembering) EmbedQueries(ctx context.Context, texts []string) ([][]float32, error) {
	all := make([][]float32, len(texts))
	for i, s := range texts {
		if v, known := r.kept.Find(index.Hash(s)); known {
			all[i] = v
			continue
		}
		v, known := r.vectors.Load(s)
		if !known {
			made, err := r.Embedder.EmbedQueries(ctx, []string{s})
			if err != nil {
				return nil, err
			}
			v = made[0]
			r.vectors.Store(s, v)
		}
		all[i] = slices.Clone(v.([]float32))
	}
	return all, nil
}

var builtIn = sync.OnceValues(func() (*remembering, error) {
	m, err := embed.New()
	if err != nil || *update { // what is written anew rests on nothing that is kept
		return &remembering{Embedder: m}, err
	}
	file, err := os.ReadFile(questionVectors)
	if err != nil {
		return nil, err
	}
	kept, err := guide.ReadVectors(string(file))
	if err != nil || kept.Embedder != m.Name() {
		kept = guide.Vectors{}
	}
	return &remembering{Embedder: m, kept: kept}, err
})

// embedder is the model that is built in.
func embedder(t testing.TB) index.Embedder {
	t.Helper()
	m, err := builtIn()
	require.NoError(t, err)
	return m
}

// labelledTexts are what the answerer embeds of the labelled questions, by hash.
func labelledTexts(t testing.TB) map[string]string {
	t.Helper()
	n, err := text.New()
	require.NoError(t, err)
	texts := make(map[string]string)
	for _, file := range questionFiles {
		questions, err := eval.ReadFile("../../bot/eval/testdata/" + file)
		require.NoError(t, err)
		for _, q := range questions {
			said := bot.Mask(n.Clean(q.Question))
			texts[index.Hash(said)] = said
		}
	}
	return texts
}

// TestVectorsOfTheLabelledQuestionsAreTheModels holds the kept vectors to what the model makes of the
// questions, all of them in the long size.
func TestVectorsOfTheLabelledQuestionsAreTheModels(t *testing.T) {
	t.Parallel()
	m, err := builtIn()
	require.NoError(t, err)
	texts := labelledTexts(t)
	if *update {
		writeQuestionVectors(t, m.Embedder, texts)
		return
	}
	assert.Equal(t, m.Name(), m.kept.Embedder)
	assert.Equal(t, len(texts), m.kept.Len(), "questions have changed: run this test with -update")
	checked := 0
	for hash, said := range texts {
		kept, ok := m.kept.Find(hash)
		require.True(t, ok, "no vector of %q: run this test with -update", said)
		if checked++; checked > sized(30, len(texts)) {
			continue
		}
		made, err := m.Embedder.EmbedQueries(t.Context(), []string{said})
		require.NoError(t, err)
		assert.Greater(t, cosine(made[0], kept), 0.9999, said)
	}
}

func writeQuestionVectors(t *testing.T, m index.Embedder, texts map[string]string) {
	t.Helper()
	vectors := make(map[string][]float32, len(texts))
	for hash, said := range texts {
		made, err := m.EmbedQueries(t.Context(), []string{said})
		require.NoError(t, err)
		vectors[hash] = made[0]
	}
	file, err := guide.WriteVectors(m.Name(), vectors)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(questionVectors, file, 0o644))
}
