package wechattest

import (
	"context"
	"fmt"
	"time"
)

// MenuItem is one item of a menu message.
type MenuItem struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

// Received is one message as the follower sees it.
type Received struct {
	// Type is text, image, news or msgmenu, or "notice" for a line of the platform's own.
	Type  string
	Text  string
	Items []MenuItem
	Tail  string
	// Passive is whether it came as the answer to a callback, to the message with the id Answers.
	Passive bool
	Answers string
}

// grant is how many messages the account may send until when, for something the follower did.
type grant struct {
	until time.Time
	left  int
}

// What the follower's acts allow.
const (
	sendWindow  = 48 * time.Hour // after a message
	sendBudget  = 5
	shortWindow = time.Minute // after a menu click, a follow or a scan
	shortBudget = 3
)

// Follower is a person who follows the account.
type Follower struct {
	s      *Server
	openID string

	// What follows is guarded by Server.mu.
	gone        bool // unfollowed
	long, short grant
	got         []Received
	news        chan struct{} // closed and replaced at each message received
}

// Follower returns the follower with an openid, who follows from now on if they did not.
func (s *Server) Follower(openID string) *Follower {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.followers[openID]
	if f == nil {
		f = &Follower{s: s, openID: openID, news: make(chan struct{})}
		s.followers[openID] = f
	}
	return f
}

// OpenID is the follower's id for this account.
func (f *Follower) OpenID() string { return f.openID }

// Received is everything the follower has received so far.
func (f *Follower) Received() []Received {
	f.s.mu.Lock()
	defer f.s.mu.Unlock()
	return append([]Received{}, f.got...)
}

// Wait returns what the follower has received once it is n messages.
func (f *Follower) Wait(ctx context.Context, n int) ([]Received, error) {
	for {
		f.s.mu.Lock()
		got, news := append([]Received{}, f.got...), f.news
		f.s.mu.Unlock()
		if len(got) >= n {
			return got, nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return got, fmt.Errorf("wait for %d messages, have %d: %w", n, len(got), ctx.Err())
		}
	}
}

// receiveLocked shows a message; the caller holds Server.mu.
func (f *Follower) receiveLocked(m Received) {
	f.got = append(f.got, m)
	close(f.news)
	f.news = make(chan struct{})
}

// wroteLocked opens the window of a message; the caller holds Server.mu.
func (f *Follower) wroteLocked(now time.Time) { f.long = grant{now.Add(sendWindow), sendBudget} }

// actedLocked opens the window of a click, a follow or a scan; the caller holds Server.mu.
func (f *Follower) actedLocked(now time.Time) { f.short = grant{now.Add(shortWindow), shortBudget} }

// takeLocked uses up one message that the account may send; the caller holds Server.mu.
func (f *Follower) takeLocked(now time.Time) error {
	open := false
	for _, g := range []*grant{&f.short, &f.long} {
		if f.gone || !now.Before(g.until) {
			continue
		}
		if open = true; g.left > 0 {
			g.left--
			return nil
		}
	}
	if open {
		return refuse(codeBudgetSpent, "out of response count limit")
	}
	return refuse(codeWindowClosed, "response out of time limit or subscription is canceled")
}
