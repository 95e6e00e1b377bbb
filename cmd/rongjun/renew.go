package main

import (
	"context"
	"log/slog"
	"time"

	"rongjun/bot"
)

// renewal keeps the shelf up to date while the program runs.
type renewal struct {
	shelf *shelf
	hub   *bot.Hub
	log   *slog.Logger
	// changed holds a token when a new edition is in place.
	changed chan struct{}
}

// The pauses of renewal: between two looks at the published number however many hints come, and
// before something that failed is tried again.
const (
	lookPause  = 200 * time.Millisecond
	retryPause = 10 * time.Second
)

func newRenewal(s *shelf, hub *bot.Hub, log *slog.Logger) *renewal {
	return &renewal{shelf: s, hub: hub, log: log, changed: make(chan struct{}, 1)}
}

// follow makes a new edition whenever something was published, by this process or another; the old
// edition serves meanwhile. What it is told are hints: it looks at least every sweep.
func (r *renewal) follow(ctx context.Context) {
	hints, end := r.hub.Subscribe(bot.EveryConversation)
	defer end()
	for wait(ctx, lookPause) {
		if !r.look(ctx) && !wait(ctx, retryPause) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-hints:
		case <-time.After(sweep):
		}
	}
}

// look renews the edition if it is behind; it reports whether that went well.
func (r *renewal) look(ctx context.Context) bool {
	behind, err := r.shelf.behind(ctx)
	if err == nil && behind {
		err = r.shelf.publish(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return true
	case err != nil:
		r.log.Warn("published knowledge not taken over, the old one serves", "error", err)
		return false
	case behind:
		e := r.shelf.edition.Load()
		r.log.Info("knowledge published", "number", e.number, "passages", len(e.passages))
		r.tell()
	}
	return true
}

func (r *renewal) tell() {
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// deepen makes the vectors that the present edition lacks and indexes it by meaning, again after each
// new edition, and tries again while the embedder fails.
func (r *renewal) deepen(ctx context.Context) {
	if r.shelf.meaning == nil {
		return
	}
	pause := time.Second
	for ctx.Err() == nil {
		err := r.shelf.deepen(ctx, func(done, total int) {
			r.log.Debug("knowledge is embedded", "done", done, "of", total)
		})
		if err != nil && ctx.Err() == nil {
			r.log.Warn("index by meaning not made yet", "error", err)
			if !wait(ctx, pause) {
				return
			}
			pause = min(2*pause, time.Minute)
			continue
		}
		pause = time.Second
		select {
		case <-ctx.Done():
		case <-r.changed:
		}
	}
}

// wait reports false when the context ended first.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
