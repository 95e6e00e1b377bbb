package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot/store"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/guide"
	"rongjun/knowledge/index"
)

// What the programs of the tests share, because it never changes, or is only copied. Starting a program
// costs a third of a second of a processor, and there are some hundreds of starts; the commands and the
// built program, which tests start too, share nothing.

// readGuide reads the shipped guide once for all tests, none of which changes it.
var readGuide = sync.OnceValues(guide.Load)

func shippedGuide(t testing.TB) *guide.Guide {
	t.Helper()
	g, err := readGuide()
	require.NoError(t, err)
	return g
}

// share gives a program that is not running yet what it may share with others.
func (p *Program) share(t testing.TB) {
	t.Helper()
	p.shelf.guide, p.shelf.index = shippedGuide(t), guideIndex.build
	if !p.settings.Embeddings.On() {
		p.shelf.meaning.wanted.Embedder = embedder(t)
	}
}

// guideIndex is the index of the guide as it is shipped, by the vectors that are shipped, and what it was
// built from.
var guideIndex builtOnce

type builtOnce struct {
	mu       sync.Mutex
	passages []knowledge.Passage
	index    *index.Index
}

// build is index.Build that builds this one index once. Only the model that is built in was taught,
// and of it all vectors of the guide are shipped.
func (b *builtOnce) build(
	ctx context.Context, passages []knowledge.Passage, o index.Options,
) (*index.Index, error) {
	if o.Like == nil || !b.holds(passages) {
		return index.Build(ctx, passages, o)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.index == nil {
		x, err := index.Build(ctx, passages, o)
		if err != nil {
			return nil, err
		}
		b.index = x
	}
	return b.index, nil
}

// holds reports whether these are the passages of the guide.
func (b *builtOnce) holds(passages []knowledge.Passage) bool {
	g, err := readGuide()
	if err != nil {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.passages == nil {
		b.passages = newEdition(g, 0, nil).passages
	}
	return reflect.DeepEqual(passages, b.passages)
}

// startedOnce is the database file of a program that was started once and stopped again: it has all
// tables and the first account, which other starts need not make again.
var startedOnce = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "rongjun-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		return nil, err
	}
	s.Data, s.Listen = dir, "127.0.0.1:0"
	p, err := Open(context.Background(), Options{Settings: s, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := p.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.FileName))
})

// startedFolder is a data folder as a program left it that was started once.
func startedFolder(t testing.TB) string {
	t.Helper()
	file, err := startedOnce()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, store.FileName), file, 0o600))
	return dir
}
