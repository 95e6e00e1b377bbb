package main

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"rongjun/bot"
	"rongjun/handlers"
	"rongjun/knowledge"
)

// trials answer questions as if a draft were published. The last one is kept, for several questions
// are tried on the same draft.
type trials struct {
	program *Program

	mu sync.Mutex
	// over is the edition that the last draft was laid over, draft its number.
	over     *edition
	draft    int64
	shelf    *shelf
	answerer bot.Answerer
}

// trialTexts is how many texts of a draft are embedded before the first question is answered, which
// takes some seconds; of a larger draft they are found by words until it is published.
const trialTexts = 64

// Trial implements handlers.Trial.
func (t *trials) Trial(
	ctx context.Context, draft knowledge.Revision,
) (bot.Answerer, handlers.Edition, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	over := t.program.shelf.edition.Load()
	if t.over != over || t.draft != draft.ID {
		if err := t.lay(ctx, draft); err != nil {
			return nil, handlers.Edition{}, err
		}
		t.over, t.draft = over, draft.ID
	}
	e, _ := t.shelf.edited()
	return t.answerer, e, nil
}

// lay makes a shelf of its own with the draft over what is published.
func (t *trials) lay(ctx context.Context, draft knowledge.Revision) error {
	real := t.program.shelf
	number, standing, err := real.standing(ctx)
	if err != nil {
		return err
	}
	s := &shelf{sample: real.sample, text: real.text, meaning: real.meaning, guide: real.guide}
	e := newEdition(s.guide, number, asPublished(standing, draft))
	if err := s.embedSome(ctx, e); err != nil {
		t.program.log.Warn("draft is tried out by words alone", "error", err)
	}
	x, err := s.build(ctx, e)
	if err != nil {
		return err
	}
	answerer, err := newAnswerer(t.program.settings, s, t.program.log, whileWaiting)
	if err != nil {
		return fmt.Errorf("try draft: %w", err)
	}
	s.edition.Store(e.indexed(x))
	t.shelf, t.answerer = s, answerer
	return nil
}

// embedSome makes the vectors that an edition lacks if they are few and of the embedder that serves.
func (s *shelf) embedSome(ctx context.Context, e *edition) error {
	if s.meaning == nil || s.meaning.serving.Load() != s.meaning.wanted {
		return nil
	}
	texts, err := s.meaning.missing(ctx, s.text, e.passages)
	if err != nil || len(texts) > trialTexts {
		return err
	}
	return s.meaning.make(ctx, texts, func(int, int) bool { return ctx.Err() == nil })
}

// asPublished is what would stand were the draft published.
func asPublished(standing []knowledge.Revision, draft knowledge.Revision) []knowledge.Revision {
	draft.State = knowledge.RevisionPublished
	all := slices.Clone(standing)
	at := slices.IndexFunc(all, func(r knowledge.Revision) bool {
		return r.Kind == draft.Kind && r.Key == draft.Key
	})
	if at < 0 {
		return append(all, draft)
	}
	all[at] = draft
	return all
}
