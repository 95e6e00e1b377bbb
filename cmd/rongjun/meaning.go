package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"sync/atomic"
	"time"

	"rongjun/bot/answer"
	"rongjun/bot/llm"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/embed"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// meaning makes the vectors of passages and questions and keeps those of passages.
type meaning struct {
	embedder index.Embedder
	// near is the cosine from which this embedder holds a passage to treat a question, 0 where that
	// is not known.
	near float64
	// shipped are the guide's vectors, if this embedder made them.
	shipped guide.Vectors
	store   vectorStore
	// ready is set once an index can use the vectors of questions; before, embedding them would only
	// cost time.
	ready atomic.Bool
}

// newMeaning is the service of embeddings that the settings name, else the model that is built in.
func newMeaning(s config.Config, store vectorStore) (*meaning, error) {
	m := &meaning{store: store}
	if s.Embeddings.On() {
		m.embedder = llm.New(llm.Options{
			BaseURL: s.Embeddings.BaseURL, Key: s.Embeddings.Key.Reveal(), Model: s.Embeddings.Model,
			Timeout: embeddingTimeout,
		})
		return m, nil
	}
	model, err := embed.New()
	if err != nil {
		return nil, fmt.Errorf("load embedder: %w", err)
	}
	m.embedder, m.near = model, answer.NearE5
	shipped, err := guide.LoadVectors()
	if err != nil {
		return nil, fmt.Errorf("load the guide's vectors: %w", err)
	}
	if shipped.Embedder == model.Name() {
		m.shipped = shipped
	}
	return m, nil
}

// embeddingTimeout bounds one request to a service of embeddings; a question has its own, shorter
// patience.
const embeddingTimeout = 30 * time.Second

// vectorStore keeps vectors by the hash of their text and by embedder.
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

// kept gives the vectors that are shipped or were made before, by the hash of their text.
func (m *meaning) kept(ctx context.Context) (func(hash string) ([]float32, bool), error) {
	stored, err := m.store.LoadVectors(ctx, m.embedder.Name())
	if err != nil {
		return nil, fmt.Errorf("load vectors: %w", err)
	}
	return func(hash string) ([]float32, bool) {
		if v, ok := stored[hash]; ok {
			return v, true
		}
		return m.shipped.Find(hash)
	}, nil
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
