package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"rongjun/knowledge"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// meaning makes the vectors of passages and questions and keeps those of passages.
type meaning struct {
	embedder index.Embedder
	store    vectorStore
	// ready is set once an index can use the vectors of questions; before, embedding them would only
	// cost time.
	ready atomic.Bool
}

type vectorStore interface {
	LoadVectors(ctx context.Context, embedder string) (map[string][]float32, error)
	SaveVectors(ctx context.Context, embedder string, vectors map[string][]float32) error
}

var errNotReady = errors.New("index has no vectors yet")

// EmbedQueries implements answer.Embedder.
func (m *meaning) EmbedQueries(ctx context.Context, texts []string) ([][]float32, error) {
	if !m.ready.Load() {
		return nil, errNotReady
	}
	return m.embedder.EmbedQueries(ctx, texts)
}

// kept gives the vectors that were made before, by the hash of their text.
func (m *meaning) kept(ctx context.Context) (func(hash string) ([]float32, bool), error) {
	if m.store == nil {
		return nil, nil
	}
	stored, err := m.store.LoadVectors(ctx, m.embedder.Name())
	if err != nil {
		return nil, fmt.Errorf("load vectors: %w", err)
	}
	return func(hash string) ([]float32, bool) { v, ok := stored[hash]; return v, ok }, nil
}

// missing are the texts of passages that have no vector yet, each once.
func (m *meaning) missing(
	ctx context.Context, n *text.Normaliser, passages []knowledge.Passage,
) ([]string, error) {
	kept, err := m.kept(ctx)
	if err != nil {
		return nil, err
	}
	var texts []string
	seen := make(map[string]bool)
	for _, p := range passages {
		for _, t := range index.EmbeddingTexts(n, p) {
			hash := index.Hash(t)
			if _, ok := kept(hash); !ok && !seen[hash] {
				texts, seen[hash] = append(texts, t), true
			}
		}
	}
	return texts, nil
}

// embedBatch is how many texts are embedded and kept at a time: what was made before a stop is not
// made again.
const embedBatch = 32

// make embeds texts and keeps their vectors. Between batches it asks whether to go on.
func (m *meaning) make(
	ctx context.Context, texts []string, goOn func(done, total int) bool,
) error {
	for from := 0; from < len(texts); from += embedBatch {
		batch := texts[from:min(from+embedBatch, len(texts))]
		vectors, err := m.embedder.EmbedPassages(ctx, batch)
		if err != nil {
			return fmt.Errorf("embed passages: %w", err)
		}
		if len(vectors) != len(batch) {
			return fmt.Errorf("embed passages: %d vectors for %d texts: %w",
				len(vectors), len(batch), index.ErrVector)
		}
		made := make(map[string][]float32, len(batch))
		for i, t := range batch {
			made[index.Hash(t)] = vectors[i]
		}
		err = m.store.SaveVectors(context.WithoutCancel(ctx), m.embedder.Name(), made)
		if err != nil {
			return fmt.Errorf("save vectors: %w", err)
		}
		if !goOn(from+len(batch), len(texts)) {
			return nil
		}
	}
	return nil
}
