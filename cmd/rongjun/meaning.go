package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"rongjun/bot/answer"
	"rongjun/bot/llm"
	"rongjun/config"
	"rongjun/knowledge/embed"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
)

// source is an embedder and what is known of its vectors.
type source struct {
	index.Embedder
	// near is the cosine from which this embedder holds a passage to treat a question, 0 where that
	// is not known.
	near float64
	// shipped are the guide's vectors, if this embedder made them.
	shipped guide.Vectors
	// tells are the names of what it tells of a question, nil for an embedder that tells nothing.
	tells []string
	// asked are the vectors of questions asked lately.
	asked *recent
}

// meaning makes the vectors of passages and questions and keeps those of passages.
type meaning struct {
	// wanted is the source that the settings name. before answers while the wanted one has no vectors
	// of most passages yet: the model that is built in, nil where that is the wanted one.
	wanted, before *source
	store          vectorStore
	// serving is the source of the present index, nil while there are no vectors in it.
	serving atomic.Pointer[source]
}

// newMeaning is on the service of embeddings that the settings name, else on the model that is built
// in.
func newMeaning(s config.Config, store vectorStore) (*meaning, error) {
	builtIn, err := builtInSource()
	if err != nil {
		return nil, err
	}
	if !s.Embeddings.On() {
		return &meaning{wanted: builtIn, store: store}, nil
	}
	service := &source{asked: newRecent(questionsKept), Embedder: llm.New(llm.Options{
		BaseURL: s.Embeddings.BaseURL, Key: s.Embeddings.Key.Reveal(), Model: s.Embeddings.Model,
		Timeout: embeddingTimeout,
	})}
	return &meaning{wanted: service, before: builtIn, store: store}, nil
}

func builtInSource() (*source, error) {
	model, err := embed.New()
	if err != nil {
		return nil, fmt.Errorf("load embedder: %w", err)
	}
	shipped, err := guide.LoadVectors()
	if err != nil {
		return nil, fmt.Errorf("load the guide's vectors: %w", err)
	}
	s := &source{
		Embedder: model, near: answer.NearE5, tells: model.Tells(), asked: newRecent(questionsKept),
	}
	if shipped.Embedder == model.Name() {
		s.shipped = shipped
	}
	return s, nil
}

// embeddingTimeout bounds one request to a service of embeddings; a question has its own, shorter
// patience.
const embeddingTimeout = 30 * time.Second

var errNotReady = errors.New("index has no vectors yet")

// like is what the index wants to know of an embedder that was taught how people ask, else nil.
func (s *source) like() func(asked float64) float64 {
	if taught, ok := s.Embedder.(index.Taught); ok {
		return taught.Like
	}
	return nil
}

// embedAsked gives nil for what an embedder does not make that was taught nothing.
func (s *source) embedAsked(ctx context.Context, texts []string) ([]questionVectors, error) {
	if taught, ok := s.Embedder.(index.Taught); ok {
		return questionsOf(taught.EmbedAsked(ctx, texts))
	}
	plain, err := s.EmbedQueries(ctx, texts)
	none := make([][]float32, len(plain))
	return questionsOf(plain, none, none, err)
}

// EmbedAsked implements answer.Embedder, with the source of the present index. Before there is one,
// embedding a question would only cost time.
func (m *meaning) EmbedAsked(
	ctx context.Context, texts []string,
) (plain, asked, told [][]float32, err error) {
	s := m.serving.Load()
	if s == nil {
		return nil, nil, nil, errNotReady
	}
	all, err := s.asked.orElse(texts, func() ([]questionVectors, error) { return s.embedAsked(ctx, texts) })
	for _, v := range all {
		plain, asked, told = append(plain, v.plain), append(asked, v.asked), append(told, v.told)
	}
	return plain, asked, told, err
}
