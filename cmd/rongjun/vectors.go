package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"

	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// vectorStore keeps vectors by the hash of their text and by embedder.
type vectorStore interface {
	LoadVectors(ctx context.Context, embedder string) (map[string][]float32, error)
	SaveVectors(ctx context.Context, embedder string, vectors map[string][]float32) error
}

// kept gives the vectors of a source that are shipped or were made before, by the hash of their text.
func (m *meaning) kept(
	ctx context.Context, of *source,
) (func(hash string) ([]float32, bool), error) {
	stored, err := m.store.LoadVectors(ctx, of.Name())
	if err != nil {
		return nil, fmt.Errorf("load vectors: %w", err)
	}
	return func(hash string) ([]float32, bool) {
		if v, ok := stored[hash]; ok {
			return v, true
		}
		return of.shipped.Find(hash)
	}, nil
}

// best gives the source that has vectors of the most of these passages' texts, and those vectors; of
// two that have as many it is the wanted one.
func (m *meaning) best(
	ctx context.Context, n *text.Normaliser, passages []knowledge.Passage,
) (*source, func(hash string) ([]float32, bool), error) {
	kept, err := m.kept(ctx, m.wanted)
	if err != nil || m.before == nil {
		return m.wanted, kept, err
	}
	keptBefore, err := m.kept(ctx, m.before)
	if err != nil {
		return nil, nil, err
	}
	if lacking(n, passages, keptBefore) < lacking(n, passages, kept) {
		return m.before, keptBefore, nil
	}
	return m.wanted, kept, nil
}

func lacking(
	n *text.Normaliser, passages []knowledge.Passage, kept func(hash string) ([]float32, bool),
) int {
	return len(textsWithout(n, passages, kept))
}

// missing are the texts of passages that have no vector of the wanted source yet, each once.
func (m *meaning) missing(
	ctx context.Context, n *text.Normaliser, passages []knowledge.Passage,
) ([]string, error) {
	kept, err := m.kept(ctx, m.wanted)
	if err != nil {
		return nil, err
	}
	return textsWithout(n, passages, kept), nil
}

// textsWithout are the texts of passages of which no vector is kept, each once.
func textsWithout(
	n *text.Normaliser, passages []knowledge.Passage, kept func(hash string) ([]float32, bool),
) []string {
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
	return texts
}

// embedBatch is how many texts are embedded and kept at a time: what was made before a stop is not
// made again.
const embedBatch = 32

// make embeds texts by the wanted source and keeps their vectors. Between batches it asks whether to
// go on.
func (m *meaning) make(
	ctx context.Context, texts []string, goOn func(done, total int) bool,
) error {
	for from := 0; from < len(texts); from += embedBatch {
		batch := texts[from:min(from+embedBatch, len(texts))]
		vectors, err := m.wanted.EmbedPassages(ctx, batch)
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
		err = m.store.SaveVectors(context.WithoutCancel(ctx), m.wanted.Name(), made)
		if err != nil {
			return fmt.Errorf("save vectors: %w", err)
		}
		if !goOn(from+len(batch), len(texts)) {
			return nil
		}
	}
	return nil
}

// vectorFolder is the folder within the data folder that keeps the vectors of tasks that find no
// database there and make none.
const vectorFolder = "vectors"

func vectorFiles(s config.Config) index.VectorFiles {
	return index.VectorFiles(filepath.Join(s.Data, vectorFolder))
}

// vectorsAlso keeps vectors in one place and finds those of another too.
type vectorsAlso struct {
	vectorStore
	also vectorStore
}

// LoadVectors implements vectorStore.
func (v vectorsAlso) LoadVectors(
	ctx context.Context, embedder string,
) (map[string][]float32, error) {
	all, err := v.also.LoadVectors(ctx, embedder)
	if err != nil {
		return nil, err
	}
	kept, err := v.vectorStore.LoadVectors(ctx, embedder)
	if err != nil {
		return nil, err
	}
	maps.Copy(all, kept)
	return all, nil
}
