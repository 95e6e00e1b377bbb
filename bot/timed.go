package bot

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// The kinds of timed work.
const (
	// DuePull looks at an account that may have new messages; the subject is "channel/account".
	DuePull = "pull"
	// DueAccounts lists a channel's accounts; the subject is the channel.
	DueAccounts = "accounts"
	// DueIdle closes a conversation that its person left alone; the subject is its id.
	DueIdle = "idle"
	// DueWaiting tells a contact who waits for a person how things stand; the subject is the
	// conversation's id.
	DueWaiting = "waiting"
	// DueWindow warns staff before a contact can no longer be answered; the subject is the
	// conversation's id.
	DueWindow = "window"
	// DueSession asks the platform who has a contact that its client had; the subject is the
	// conversation's id.
	DueSession = "session"
	// DueMedia fetches what is seen or heard in a message, and later deletes it; the subject is the
	// message's id.
	DueMedia = "media"
)

// parallelDue is how many pieces of timed work are done side by side. Downloads, which may be slow, must
// not hold up the rest: there are fewer of them at a time, see fetchesAtATime.
const parallelDue = 2*fetchesAtATime + 4

// Job does one piece of timed work. It returns when to do it again, zero for never.
type Job func(context.Context, Due) (time.Time, error)

// Timed does the timed work.
type Timed struct {
	Store DueStore
	Jobs  map[string]Job
	Hub   *Hub
	Now   func() time.Time
	Log   *slog.Logger
	// Sweep is the longest time between two looks.
	Sweep time.Duration
}

// Run works until the context ends; see pool.
func (t *Timed) Run(ctx context.Context) {
	wake, end := t.Hub.SubscribeTo(WorkDue)
	defer end()
	p := pool[Due]{
		name: "due", claim: t.Store.ClaimDue, do: t.do, wake: wake,
		parallel: parallelDue, sweep: t.Sweep, rest: longRest,
		claimers: 1, now: t.Now, log: t.Log,
	}
	p.run(ctx)
}

func (t *Timed) do(ctx context.Context, d Due) {
	next, err := t.held(ctx, d)
	if err != nil {
		t.Log.Warn("timed work failed", "kind", d.Kind, "attempt", d.Attempts, "error", err)
		next = t.Now().Add(backOff(d.Attempts))
	}
	if err := t.Store.FinishDue(ctx, d, next); err != nil {
		t.Log.Warn("timed work not recorded", "kind", d.Kind, "error", err)
	}
}

// held does the job and keeps its claim meanwhile.
func (t *Timed) held(ctx context.Context, d Due) (time.Time, error) {
	kept, stop := keepClaim(ctx, nil, func(ctx context.Context) error { return t.Store.RenewDue(ctx, d) })
	defer stop()
	return t.job(kept, d)
}

func (t *Timed) job(ctx context.Context, d Due) (time.Time, error) {
	job, ok := t.Jobs[d.Kind]
	if !ok {
		return time.Time{}, fmt.Errorf("no job for kind %q: %w", d.Kind, ErrInvalid)
	}
	return job(ctx, d)
}
