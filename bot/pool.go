package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// pool claims work of one kind and does it, several pieces at a time. It looks for work when it is
// woken, when the store said that the next piece would be due, and every sweep: a hint that was lost
// delays work, it never loses it.
type pool[T any] struct {
	name     string
	claim    func(context.Context) (*T, time.Time, error)
	do       func(context.Context, T)
	wake     <-chan struct{}
	parallel int
	// claimers is how many look for work at a time, and so the most claims that share a commit.
	claimers int
	sweep    time.Duration
	// rest is the shortest time between a look that found nothing and the next: while much goes on every
	// change wakes everybody, and most of it is no work for this pool.
	rest time.Duration
	now  func() time.Time
	log  *slog.Logger
}

// grace is how long running work may go on after the program was told to stop.
const grace = 6 * time.Second

// shortestWait keeps a store whose clock is ahead from being asked in a tight loop.
const shortestWait = 2 * time.Millisecond

// run works until the context ends, then lets running work finish within grace, and cancels it after.
func (p *pool[T]) run(ctx context.Context) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var running sync.WaitGroup
	slots, watch := make(chan struct{}, p.parallel), make(chan struct{}, 1)
	var claiming sync.WaitGroup
	for range p.claimers {
		claiming.Go(func() {
			p.look(ctx, slots, watch, func(item T) {
				running.Go(func() {
					defer func() { <-slots }()
					p.do(work, item)
				})
			})
		})
	}
	claiming.Wait()
	finished := make(chan struct{})
	go func() { running.Wait(); close(finished) }()
	select {
	case <-finished:
	case <-time.After(grace):
		cancel()
		<-finished
	}
}

// look claims work while there are slots for it, and has it begun, until the context ends.
func (p *pool[T]) look(ctx context.Context, slots, watch chan struct{}, begin func(T)) {
	for ctx.Err() == nil {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		item, next, err := p.claim(ctx)
		if item != nil {
			begin(*item)
			continue
		}
		<-slots
		p.pause(ctx, watch, next, err)
	}
}

// pause waits for a hint, for the time of the next piece, or for the sweep, whichever is first. Of those who
// claim one at a time does so: while little goes on the others would only look in vain.
func (p *pool[T]) pause(ctx context.Context, watch chan struct{}, next time.Time, err error) {
	select {
	case watch <- struct{}{}:
		defer func() { <-watch }()
	case <-ctx.Done():
		return
	}
	wait := p.sweep
	switch {
	case err != nil && ctx.Err() == nil && !errors.Is(err, context.Canceled):
		p.log.Warn("claim failed", "pool", p.name, "error", err)
	case !next.IsZero():
		wait = max(shortestWait, min(wait, next.Sub(p.now())))
	}
	pause(ctx, min(wait, p.rest))
	timer := time.NewTimer(wait - min(wait, p.rest))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-p.wake:
	case <-timer.C:
	}
}

// claimers is how many claim turns, and how many sends: one alone would claim one a commit.
const claimers = 4

// The rests of pools: a contact waits for turns and sends, nobody for an instant of timed work.
const (
	shortRest = 4 * time.Millisecond
	longRest  = 30 * time.Millisecond
)
