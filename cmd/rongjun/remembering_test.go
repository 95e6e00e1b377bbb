package main

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/knowledge/embed"
	"rongjun/knowledge/index"
)

// remembering is an embedder that embeds every question once for all tests: most of an answer's time is
// spent on that, and several tests ask the labelled questions.
type remembering struct {
	index.Embedder
	vectors sync.Map
}

// EmbedQueries implements index.Embedder.
func (r *remembering) EmbedQueries(ctx context.Context, texts []string) ([][]float32, error) {
	all := make([][]float32, len(texts))
	for i, s := range texts {
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
	return &remembering{Embedder: m}, err
})

// embedder is the model that is built in.
func embedder(t testing.TB) index.Embedder {
	t.Helper()
	m, err := builtIn()
	require.NoError(t, err)
	return m
}
