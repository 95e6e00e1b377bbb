package main

import (
	"context"
	"slices"
	"time"

	"rongjun/bot"
)

const (
	// waitFor bounds the wait for what is not answered when the last message has been written.
	waitFor = 90 * time.Second
	// silence is how long nothing must have been sent for all to have been answered, beyond the quiet.
	silence = 8 * time.Second
	// longSilence is that for somebody who has heard nothing: what was claimed when a connection to the
	// database was lost is handed out again when the claim has lapsed.
	longSilence = bot.ClaimFor + silence
)

// settle waits until nothing more is sent: longer while somebody has heard nothing since they wrote.
func (r *loadRun) settle(ctx context.Context) {
	quiet := silence + r.settings.Turn.Quiet
	deadline := time.After(waitFor + 5*r.plan.For)
	for silent := time.Duration(0); silent < longSilence; {
		select {
		case <-r.news:
			silent = 0
		case <-time.After(quiet):
			silent += quiet
			if r.heard() {
				return
			}
		case <-deadline:
			return
		case <-ctx.Done():
			return
		}
	}
}

// heard reports whether every contact has been sent something since they last wrote.
func (r *loadRun) heard() bool {
	wrote := map[string]time.Time{}
	for _, s := range r.said {
		if s.at.After(wrote[s.contact]) {
			wrote[s.contact] = s.at
		}
	}
	for contact, at := range wrote {
		later := func(id string) bool {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.arrived[id].After(at)
		}
		if !slices.ContainsFunc(r.received(contact), later) {
			return false
		}
	}
	return true
}
