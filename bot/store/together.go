package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"rongjun/bot"
)

// together lets callers of Receive that come at the same time share one commit, since each commit
// waits for the disk, and on PostgreSQL every statement before it for the network. Nobody waits for
// company: what came while one commit was under way makes up the next.
type together struct {
	mu      sync.Mutex
	waiting []*receipt
	// busy is whether somebody commits now, and will look for who came meanwhile.
	busy bool
	done sync.WaitGroup
}

// receipt is one call of Receive and what became of it.
type receipt struct {
	arrivals []bot.Arrival
	pacing   bot.Pacing
	accepted []bot.Accepted
	err      error
	ready    chan struct{}
}

const (
	// mostTogether bounds how long the first of a commit waits for the last.
	mostTogether = 64
	// longestReceive bounds how long a database that does not answer holds up those who come next.
	longestReceive = 10 * time.Second
)

func (s *Store) receiveTogether(ctx context.Context, r *receipt) ([]bot.Accepted, error) {
	r.ready = make(chan struct{})
	t := &s.together
	t.mu.Lock()
	t.waiting = append(t.waiting, r)
	leads := !t.busy
	if leads {
		t.busy = true
		t.done.Add(1)
	}
	t.mu.Unlock()
	if leads {
		s.receiveFirst(context.WithoutCancel(ctx))
	}
	select {
	case <-r.ready:
		return r.accepted, r.err
	case <-ctx.Done():
		return nil, fault("receive", ctx.Err())
	}
}

// receiveFirst commits for who found nobody at it, without waking anybody else for that, and leaves those
// who came meanwhile to another goroutine.
func (s *Store) receiveFirst(ctx context.Context) {
	t := &s.together
	defer t.done.Done()
	if s.receiveNext(ctx) && t.more() {
		t.done.Go(func() {
			for s.receiveNext(ctx) {
				runtime.Gosched() // who was just told may come with more at once
			}
		})
	}
}

// receiveNext commits for those who wait, and reports whether there were any. Where there were none,
// nobody is at it any more.
func (s *Store) receiveNext(ctx context.Context) bool {
	t := &s.together
	t.mu.Lock()
	group := t.next()
	t.busy = len(group) > 0
	t.mu.Unlock()
	if len(group) == 0 {
		return false
	}
	s.receiveGroup(ctx, group)
	for _, r := range group {
		close(r.ready)
	}
	return true
}

// more reports whether somebody waits. Where nobody does, nobody is at it any more.
func (t *together) more() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.busy = len(t.waiting) > 0
	return t.busy
}

// next takes the first of those who wait and who comes right after with the same pacing.
func (t *together) next() []*receipt {
	n := 0
	for n < min(len(t.waiting), mostTogether) && t.waiting[n].pacing == t.waiting[0].pacing {
		n++
	}
	group := t.waiting[:n]
	t.waiting = t.waiting[n:]
	return group
}

// receiveGroup stores all in one transaction. If one of them cannot be stored, each is tried alone,
// so that nobody suffers for another.
func (s *Store) receiveGroup(ctx context.Context, group []*receipt) {
	group = s.receiveWords(ctx, group)
	if len(group) == 0 {
		return
	}
	err := s.receiveAll(ctx, group)
	if err == nil {
		return
	}
	for _, r := range group {
		r.accepted, r.err = nil, err
		if len(group) > 1 && !errors.Is(err, bot.ErrUnavailable) {
			r.err = s.receiveAll(ctx, []*receipt{r})
		}
	}
}

func (s *Store) receiveAll(ctx context.Context, group []*receipt) (err error) {
	defer caught("receive", &err)
	var arrivals []bot.Arrival
	for _, r := range group {
		arrivals = append(arrivals, r.arrivals...)
	}
	ctx, cancel := context.WithTimeout(ctx, longestReceive)
	defer cancel()
	var accepted []bot.Accepted
	err = s.transact(ctx, "receive", func(ctx context.Context, w *work) (err error) {
		accepted, err = w.receive(ctx, arrivals, group[0].pacing)
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range group {
		n := len(r.arrivals)
		r.accepted, accepted = accepted[:n:n], accepted[n:]
	}
	return nil
}

// caught makes an error of a panic, which a caller's own goroutine would have caught.
func caught(do string, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%s: panic: %v", do, p)
	}
}
