package store

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"
)

// announcer tells the other processes of a PostgreSQL what commits have changed. It does so after
// the commit and by itself: a transaction that notifies makes all others of its kind wait in turn.
// A hint that is lost is made up for by the next look of those who wait.
type announcer struct {
	mu      sync.Mutex
	waiting map[int64]struct{}
	busy    bool
	done    sync.WaitGroup
}

const (
	// notifyOthers need not reach the disk: when the server falls, all who listen begin anew.
	notifyOthers = "SELECT pg_notify(?, ?), set_config('synchronous_commit', 'off', TRUE)"
	// mostAnnounced keeps a notification below the 8000 bytes that it may have.
	mostAnnounced = 300
	// longestAnnounce bounds how long one notification may take; between two there is a pause, in
	// which changes gather.
	longestAnnounce = 5 * time.Second
	announcePause   = 20 * time.Millisecond
)

// announce tells of conversations soon.
func (s *Store) announce(conversations []int64) {
	if !s.engine.postgres || len(conversations) == 0 {
		return
	}
	a := &s.announcer
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = make(map[int64]struct{})
	}
	for _, c := range conversations {
		a.waiting[c] = struct{}{}
	}
	if !a.busy {
		a.busy = true
		a.done.Go(s.announceWaiting)
	}
}

// announceWaiting tells until there is nothing more to tell. What comes up while it talks is told in
// its next notification.
func (s *Store) announceWaiting() {
	for {
		payload := s.announcer.next(s.opts.Process)
		if payload == "" {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), longestAnnounce)
		err := s.oneTrip(ctx, s.named[notifyOthers].with(nil, []any{notifyChannel, payload}))
		cancel()
		if err != nil {
			s.opts.Log.Warn("other processes not told of changes", "error", err)
		}
		time.Sleep(announcePause)
	}
}

// next is the process and what it changed, empty when there is nothing.
func (a *announcer) next(process string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.busy = len(a.waiting) > 0
	if !a.busy {
		return ""
	}
	words := []string{process}
	for c := range a.waiting {
		if len(words) > mostAnnounced {
			break
		}
		words = append(words, strconv.FormatInt(c, 10))
		delete(a.waiting, c)
	}
	return strings.Join(words, " ")
}
