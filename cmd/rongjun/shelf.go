package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/handlers"
	"rongjun/knowledge"
	"rongjun/knowledge/directory"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// shelf holds the knowledge as it is published at this moment. Publishing puts a whole new edition in
// place of the old one, so a turn under way goes on with the edition it began with.
type shelf struct {
	sample  bool
	edition atomic.Pointer[edition]
}

// edition is one state of the knowledge.
type edition struct {
	guide *guide.Guide
	index *index.Index

	mu     sync.Mutex
	day    knowledge.Date
	places *directory.Directory
}

// library is the present edition as of a day.
func (s *shelf) library(today knowledge.Date) *answer.Library {
	e := s.edition.Load()
	l := &answer.Library{Index: e.index, Register: e.guide.Register, Entry: e.guide.Entry}
	if s.sample {
		l.Directory = e.sampleOn(today)
	}
	return l
}

// sampleOn makes the sample city's records anew when the day changes, since its fairs move with it.
func (e *edition) sampleOn(today knowledge.Date) *directory.Directory {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.places == nil || e.day != today {
		e.places, e.day = e.guide.Sample(today), today
	}
	return e.places
}

// status says how the index stands, for /readyz.
func (s *shelf) status() handlers.Status {
	e := s.edition.Load()
	switch {
	case e == nil:
		return handlers.Status{State: handlers.Faulty, Reason: "正在装载政策指南"}
	case !e.index.HasVectors():
		return handlers.Status{State: handlers.Limited, Reason: "目前只按字词检索，没有按意思检索"}
	}
	return handlers.Status{State: handlers.Works}
}

// publish loads the shipped guide and indexes it by words, which takes a moment.
func (s *shelf) publish(ctx context.Context, n *text.Normaliser) error {
	g, err := guide.Load()
	if err != nil {
		return fmt.Errorf("load guide: %w", err)
	}
	x, err := index.Build(ctx, passages(g), index.Options{Normaliser: n})
	if err != nil {
		return fmt.Errorf("index guide: %w", err)
	}
	s.edition.Store(&edition{guide: g, index: x})
	return nil
}

// deepen indexes the present edition by meaning too and publishes the result; the old index serves
// meanwhile.
func (s *shelf) deepen(ctx context.Context, n *text.Normaliser, v vectors) error {
	old := s.edition.Load()
	stored, err := v.store.LoadVectors(ctx, v.embedder.Name())
	if err != nil {
		return fmt.Errorf("load vectors: %w", err)
	}
	made := map[string][]float32{}
	x, err := index.Build(ctx, passages(old.guide), index.Options{
		Normaliser: n, Embedder: v.embedder,
		Stored: func(hash string) ([]float32, bool) { vec, ok := stored[hash]; return vec, ok },
		Save:   func(hash string, vec []float32) error { made[hash] = vec; return nil },
	})
	// What was made before a fault is kept all the same: nothing is embedded twice.
	if len(made) > 0 {
		err = errors.Join(err, v.store.SaveVectors(context.WithoutCancel(ctx), v.embedder.Name(), made))
	}
	if err != nil {
		return fmt.Errorf("index by meaning: %w", err)
	}
	s.edition.Store(&edition{guide: old.guide, index: x})
	return nil
}

// vectors are made by an embedder and kept in a store.
type vectors struct {
	embedder index.Embedder
	store    vectorStore
}

type vectorStore interface {
	LoadVectors(ctx context.Context, embedder string) (map[string][]float32, error)
	SaveVectors(ctx context.Context, embedder string, vectors map[string][]float32) error
}

func passages(g *guide.Guide) []knowledge.Passage {
	all := make([]knowledge.Passage, 0, len(g.Entries))
	for _, e := range g.Entries {
		all = append(all, e.Passage())
	}
	return all
}

// lateEmbedder embeds questions once the index can use their vectors; before, asking would only cost
// time.
type lateEmbedder struct {
	answer.Embedder
	ready atomic.Bool
}

var errNotReady = errors.New("index has no vectors yet")

// EmbedQueries implements answer.Embedder.
func (l *lateEmbedder) EmbedQueries(ctx context.Context, texts []string) ([][]float32, error) {
	if !l.ready.Load() {
		return nil, errNotReady
	}
	return l.Embedder.EmbedQueries(ctx, texts)
}

var _ bot.Answerer = (*answer.Answerer)(nil)
