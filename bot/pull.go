package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// Pulls fetches what platforms keep for us. A bell is kept in memory only: the stored cursor and the
// timed work that rings for every quiet account make up for a lost one. An account is pulled by one
// goroutine at a time; between processes the cursor decides who commits a page.
type Pulls struct {
	Store   PullStore
	Due     DueStore
	Pullers map[string]Puller
	Inbox   *Inbox
	Now     func() time.Time
	Log     *slog.Logger

	mu    sync.Mutex
	rung  map[account]string
	gone  map[account]bool
	bells chan struct{}
	once  sync.Once
}

// account names one of our accounts.
type account struct{ channel, name string }

const (
	// quietLook is how long an account may be quiet before it is looked at.
	quietLook = 50 * time.Second
	// longestPullPause bounds the pause after a failed pull: all contacts of the account wait for it.
	// A bell shortens it to the next bellLook, since it comes from a platform that is there.
	longestPullPause = 8 * time.Second
	bellLook         = time.Second
	// accountsLook is how often the accounts of a channel are listed.
	accountsLook = 24 * time.Hour
)

// Ring notes that an account has something to be pulled. It never waits.
func (p *Pulls) Ring(b Bell) {
	p.prepare()
	p.mu.Lock()
	a := account{b.Channel, b.Account}
	if b.Token != "" || p.rung[a] == "" {
		p.rung[a] = b.Token
	}
	p.mu.Unlock()
	select {
	case p.bells <- struct{}{}:
	default:
	}
}

func (p *Pulls) prepare() {
	p.once.Do(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.rung = make(map[account]string)
		p.gone = make(map[account]bool)
		p.bells = make(chan struct{}, 1)
	})
}

// Run pulls until the context ends.
func (p *Pulls) Run(ctx context.Context) {
	p.prepare()
	for name := range p.Pullers {
		p.schedule(ctx, Due{Kind: DueAccounts, Subject: name, At: p.Now()})
	}
	var running sync.WaitGroup
	defer running.Wait()
	busy := make(map[account]bool)
	done := make(chan account)
	for {
		for a, token := range p.take(busy) {
			busy[a] = true
			running.Go(func() {
				p.untilDone(ctx, a, token)
				select {
				case done <- a:
				case <-ctx.Done():
				}
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-p.bells:
		case a := <-done:
			delete(busy, a)
		}
	}
}

// take removes and returns the rung accounts that are not being pulled.
func (p *Pulls) take(busy map[account]bool) map[account]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make(map[account]string)
	for a, token := range p.rung {
		if !busy[a] {
			out[a] = token
			delete(p.rung, a)
		}
	}
	return out
}

// untilDone pulls an account until nothing more waits, trying again after faults.
func (p *Pulls) untilDone(ctx context.Context, a account, token string) {
	for attempt := 1; ; attempt++ {
		err := p.pull(ctx, a, token)
		if err == nil || ctx.Err() != nil {
			return
		}
		if errors.Is(err, ErrNotFound) {
			p.Log.Error("account is gone and not pulled any more", "channel", a.channel,
				"account", a.name, "error", err)
			p.setGone(a, true)
			return
		}
		p.Log.Warn("pull failed", "channel", a.channel, "account", a.name,
			"attempt", attempt, "error", err)
		if e, ok := errors.AsType[*SendError](err); ok && e.After > 0 {
			pause(ctx, e.After)
		} else {
			p.pauseUntilRung(ctx, a, min(longestPullPause, backOff(attempt)))
		}
		token = ""
	}
}

func (p *Pulls) pauseUntilRung(ctx context.Context, a account, longest time.Duration) {
	for left := longest; left > 0 && ctx.Err() == nil; left -= bellLook {
		pause(ctx, min(left, bellLook))
		if p.isRung(a) {
			return
		}
	}
}

// isRung reports whether a bell came since the account is being pulled.
func (p *Pulls) isRung(a account) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, rung := p.rung[a]
	return rung
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func (p *Pulls) pull(ctx context.Context, a account, token string) error {
	puller, ok := p.Pullers[a.channel]
	if !ok {
		return nil
	}
	for {
		state, err := p.Store.PullState(ctx, a.channel, a.name)
		if err != nil {
			return fmt.Errorf("read cursor: %w", err)
		}
		page, err := puller.Pull(ctx, Pull{Account: a.name, Cursor: state.Cursor, Token: token})
		if err != nil {
			return fmt.Errorf("pull page: %w", err)
		}
		err = p.commit(ctx, a, state, page)
		if err != nil && !errors.Is(err, ErrStale) {
			return fmt.Errorf("commit page: %w", err)
		}
		if err == nil && !page.More {
			return nil
		}
		if err == nil && page.Cursor == state.Cursor {
			return fmt.Errorf("platform promises more at the same cursor: %w", ErrInvalid)
		}
	}
}

// commit stores a page. What the first pull finds was written before we were there, and is history
// unless it is very young.
func (p *Pulls) commit(ctx context.Context, a account, s PullState, page Page) error {
	if !s.CaughtUp {
		for i, m := range page.Messages {
			old := p.Now().Sub(m.At) > firstPullAnswers
			page.Messages[i].History = m.History || old
		}
	}
	arrivals, err := p.Inbox.arrivals(page.Messages)
	if err != nil {
		return err
	}
	_, err = p.Store.ReceivePage(ctx, PageCommit{
		Channel: a.channel, Account: a.name, Read: s.Cursor, Next: page.Cursor,
		CaughtUp: s.CaughtUp || !page.More,
		Arrivals: arrivals, Duties: page.Duties, Pacing: p.Inbox.Pacing,
	})
	if err != nil {
		return fmt.Errorf("receive page of %d: %w", len(page.Messages), err)
	}
	return nil
}

// LookAtAccounts is the timed work DueAccounts: every account of the channel gets its own DuePull.
func (p *Pulls) LookAtAccounts(ctx context.Context, d Due) (time.Time, error) {
	puller, ok := p.Pullers[d.Subject]
	if !ok {
		return time.Time{}, nil
	}
	names, err := puller.Accounts(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("list accounts of %s: %w", d.Subject, err)
	}
	for _, name := range names {
		p.setGone(account{d.Subject, name}, false)
		p.schedule(ctx, Due{Kind: DuePull, Subject: d.Subject + "/" + name, At: p.Now()})
	}
	return p.Now().Add(accountsLook), nil
}

// LookAtAccount is the timed work DuePull.
func (p *Pulls) LookAtAccount(_ context.Context, d Due) (time.Time, error) {
	channel, name, _ := strings.Cut(d.Subject, "/")
	if _, ok := p.Pullers[channel]; !ok {
		return time.Time{}, nil
	}
	if p.isGone(account{channel, name}) {
		return time.Time{}, nil
	}
	p.Ring(Bell{Channel: channel, Account: name})
	return p.Now().Add(quietLook), nil
}

// setGone notes that an account is no more, until it is listed again.
func (p *Pulls) setGone(a account, gone bool) {
	p.prepare()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone[a] = gone
}

func (p *Pulls) isGone(a account) bool {
	p.prepare()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.gone[a]
}

func (p *Pulls) schedule(ctx context.Context, d Due) {
	if err := p.Due.Schedule(ctx, d); err != nil && ctx.Err() == nil {
		p.Log.Warn("work not scheduled", "kind", d.Kind, "error", err)
	}
}
