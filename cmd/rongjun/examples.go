package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"rongjun/bot/answer"
	"rongjun/knowledge/index"
)

// examples is the index of answer.Examples by meaning. Until it is made it finds nothing, and rules
// alone tell the kinds of messages apart.
type examples struct{ index atomic.Pointer[index.Index] }

// Search implements answer.Searcher.
func (e *examples) Search(ctx context.Context, q index.Query) (index.Result, error) {
	x := e.index.Load()
	if x == nil {
		return index.Result{WordsOnly: true}, nil
	}
	return x.Search(ctx, q)
}

// hear indexes the examples by the vectors that are shipped. The distances that they are judged by
// hold for the built-in embedder only, so where the settings name another there are no examples.
func (s *shelf) hear(ctx context.Context, kept func(hash string) ([]float32, bool)) error {
	if s.meaning.wanted.near == 0 || s.examples.index.Load() != nil {
		return nil
	}
	passages, err := answer.Examples()
	if err != nil {
		return err
	}
	x, err := index.Build(ctx, passages, index.Options{Normaliser: s.text, Stored: kept})
	if err != nil {
		return fmt.Errorf("index examples: %w", err)
	}
	if x.HasVectors() {
		s.examples.index.Store(x)
	}
	return nil
}
