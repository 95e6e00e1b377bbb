package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"rongjun/bot"
	"rongjun/bot/answer"
	"rongjun/handlers"
	"rongjun/knowledge"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// shelf holds the knowledge as it is published at this moment. Publishing puts a whole new edition in
// place of the old one, so a turn under way goes on with the edition it began with.
type shelf struct {
	sample sampleUse
	text   *text.Normaliser
	// published is what was published over the shipped guide; nil for the guide alone.
	published knowledge.PublishedStore
	// meaning makes and keeps vectors; nil to find passages by words alone.
	meaning *meaning
	// index gives what index.Build would; nil for that itself.
	index func(context.Context, []knowledge.Passage, index.Options) (*index.Index, error)

	guide *guide.Guide
	// placing keeps the source of questions and the edition together while they change.
	placing sync.Mutex
	edition atomic.Pointer[edition]
	making  atomic.Pointer[embedding]
}

// library is the present edition as of a day.
func (s *shelf) library(today knowledge.Date) *answer.Library {
	e := s.edition.Load()
	l := e.library(today)
	l.Directory = e.places.on(today, s.sample)
	return l
}

// status says how the index stands, for /readyz and the desk.
func (s *shelf) status() handlers.Status {
	e := s.edition.Load()
	making := ""
	if m := s.making.Load(); m != nil && m.total > 0 {
		making = fmt.Sprintf("正在按意思编排，已完成 %d／%d", m.done, m.total)
	}
	switch {
	case e == nil:
		return handlers.Status{State: handlers.Faulty, Reason: "正在装载政策指南"}
	case !e.index.HasVectors():
		return handlers.Status{
			State: handlers.Limited, Reason: joined("目前只按字词检索，没有按意思检索", making),
		}
	case e.index.by != s.meaning.wanted:
		return handlers.Status{
			State: handlers.Limited, Reason: joined("目前按内置模型检索，设置的向量服务还没有编排完", making),
		}
	}
	return handlers.Status{State: handlers.Works, Reason: making}
}

func joined(words, more string) string {
	if more == "" {
		return words
	}
	return words + "；" + more
}

// publish makes an edition of what is published now and puts it in place. Passages whose vectors are
// kept can be found by meaning at once, the others by words.
func (s *shelf) publish(ctx context.Context) error {
	number, standing, err := s.standing(ctx)
	if err != nil {
		return err
	}
	return s.publishAll(ctx, number, standing)
}

func (s *shelf) standing(ctx context.Context) (int64, []knowledge.Revision, error) {
	if s.published == nil {
		return 0, nil, nil
	}
	number, standing, err := s.published.Published(ctx)
	if err != nil {
		return 0, nil, fmt.Errorf("read what is published: %w", err)
	}
	return number, standing, nil
}

func (s *shelf) publishAll(
	ctx context.Context, number int64, standing []knowledge.Revision,
) error {
	if err := s.open(); err != nil {
		return err
	}
	e := newEdition(s.guide, number, standing)
	x, err := s.build(ctx, e)
	if err != nil {
		return err
	}
	s.put(e.indexed(x), nil)
	return nil
}

// put puts an edition in place, of another where one is given and only if that is still there, and has
// questions embedded by the source of its vectors from then on.
func (s *shelf) put(e, of *edition) bool {
	s.placing.Lock()
	defer s.placing.Unlock()
	if of != nil && s.edition.Load() != of {
		return false
	}
	if s.meaning != nil && e.index.HasVectors() {
		s.meaning.serving.Store(e.index.by)
	}
	s.edition.Store(e)
	return true
}

// open loads the shipped guide once.
func (s *shelf) open() error {
	if s.guide != nil {
		return nil
	}
	g, err := guide.Load()
	if err != nil {
		return fmt.Errorf("load guide: %w", err)
	}
	s.guide = g
	return nil
}

// resultsKept is how many results of searches an edition keeps at least; they take some 4 MB, twice that
// at most. Tapped replies and common questions come again and again.
const resultsKept = 512

// build indexes an edition with the vectors that are kept.
func (s *shelf) build(ctx context.Context, e *edition) (*editionIndex, error) {
	o := index.Options{Normaliser: s.text, Results: resultsKept}
	var by *source
	if s.meaning != nil {
		var err error
		if by, o.Stored, err = s.meaning.best(ctx, s.text, e.passages); err != nil {
			return nil, err
		}
		if by != nil {
			o.Like = by.like()
		}
	}
	build := index.Build
	if s.index != nil {
		build = s.index
	}
	x, err := build(ctx, e.passages, o)
	if err != nil {
		return nil, fmt.Errorf("index knowledge: %w", err)
	}
	return &editionIndex{Index: x, meaning: s.meaning, by: by}, nil
}

// behind reports whether more was published than the present edition holds.
func (s *shelf) behind(ctx context.Context) (bool, error) {
	number, err := s.published.PublishedNumber(ctx)
	if err != nil {
		return false, fmt.Errorf("look for what was published: %w", err)
	}
	return number != s.edition.Load().number, nil
}

var _ bot.Answerer = (*answer.Answerer)(nil)
