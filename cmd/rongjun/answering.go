package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"rongjun/bot/answer"
	"rongjun/bot/llm"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/text"
)

// embeddingTimeout bounds one request to a service of embeddings; a question has its own, shorter
// patience.
const embeddingTimeout = 30 * time.Second

// newAnswerer makes an answerer on a shelf from the settings, with the services they name.
func newAnswerer(s config.Config, shelf *shelf, log *slog.Logger) (
	*answer.Answerer, *lateEmbedder, *text.Normaliser, error,
) {
	n, err := text.New()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("load normaliser: %w", err)
	}
	o := answer.Options{
		Library: shelf.library, Normaliser: n, Region: knowledge.Region(s.Region), Log: log,
	}
	if s.LLM.On() {
		o.Model = llm.New(llm.Options{
			BaseURL: s.LLM.BaseURL, Key: s.LLM.Key.Reveal(), Model: s.LLM.Model, Timeout: s.LLM.Timeout,
		})
	}
	var late *lateEmbedder
	if s.Embeddings.On() {
		late = &lateEmbedder{Embedder: newEmbedder(s)}
		o.Embedder = late
	}
	a, err := answer.New(o)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("make answerer: %w", err)
	}
	return a, late, n, nil
}

func newEmbedder(s config.Config) *llm.Client {
	return llm.New(llm.Options{
		BaseURL: s.Embeddings.BaseURL, Key: s.Embeddings.Key.Reveal(), Model: s.Embeddings.Model,
		Timeout: embeddingTimeout,
	})
}

func (p *Program) openAnswerer() error {
	var err error
	p.answerer, p.embedder, p.text, err = newAnswerer(p.settings, p.shelf, p.log)
	return err
}

// deepen makes the index by meaning in the background, trying again while the service of embeddings
// fails.
func (p *Program) deepen(ctx context.Context) {
	if p.embedder == nil {
		return
	}
	for pause := time.Second; ctx.Err() == nil; pause = min(2*pause, time.Minute) {
		err := p.shelf.deepen(ctx, p.text, vectors{newEmbedder(p.settings), p.store})
		if err == nil {
			p.embedder.ready.Store(true)
			return
		}
		p.log.Warn("index by meaning not made yet", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
