package main

import (
	"fmt"
	"log/slog"
	"time"

	"rongjun/bot/answer"
	"rongjun/bot/llm"
	"rongjun/bot/store"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// embeddingTimeout bounds one request to a service of embeddings; a question has its own, shorter
// patience.
const embeddingTimeout = 30 * time.Second

// newShelf makes a shelf that nothing is published on yet. Without a store it will hold the shipped
// guide alone, found by words.
func newShelf(s config.Config, db *store.Store) (*shelf, error) {
	n, err := text.New()
	if err != nil {
		return nil, fmt.Errorf("load normaliser: %w", err)
	}
	made := &shelf{sample: usesSample(s), text: n}
	if db == nil {
		return made, nil
	}
	made.published = db
	if e := newEmbedder(s); e != nil {
		made.meaning = &meaning{embedder: e, store: db}
	}
	return made, nil
}

// newAnswerer makes an answerer on a shelf from the settings, with the services they name.
func newAnswerer(s config.Config, shelf *shelf, log *slog.Logger) (*answer.Answerer, error) {
	o := answer.Options{
		Library: shelf.library, Normaliser: shelf.text, Region: knowledge.Region(s.Region), Log: log,
	}
	if s.LLM.On() {
		o.Model = llm.New(llm.Options{
			BaseURL: s.LLM.BaseURL, Key: s.LLM.Key.Reveal(), Model: s.LLM.Model, Timeout: s.LLM.Timeout,
		})
	}
	if shelf.meaning != nil {
		o.Embedder = shelf.meaning
	}
	a, err := answer.New(o)
	if err != nil {
		return nil, fmt.Errorf("make answerer: %w", err)
	}
	return a, nil
}

// newEmbedder is the service of embeddings that the settings name, nil where they name none.
func newEmbedder(s config.Config) index.Embedder {
	if !s.Embeddings.On() {
		return nil
	}
	return llm.New(llm.Options{
		BaseURL: s.Embeddings.BaseURL, Key: s.Embeddings.Key.Reveal(), Model: s.Embeddings.Model,
		Timeout: embeddingTimeout,
	})
}

func (p *Program) openAnswerer() error {
	var err error
	if p.shelf, err = newShelf(p.settings, p.store); err != nil {
		return err
	}
	p.answerer, err = newAnswerer(p.settings, p.shelf, p.log)
	return err
}
