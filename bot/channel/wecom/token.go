package wecom

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
	"time"
)

// tokenSource keeps the corp's access token: one fetch at a time, renewed before it ends, thrown away
// when the platform says that it is no longer good, and not asked for again for a while when the
// secret is wrong, since asking on bans our address.
type tokenSource struct {
	fetch func(context.Context) (token string, life time.Duration, err error)
	now   func() time.Time
	rand  io.Reader

	// fetching admits one fetch at a time; a caller who waits for it can give up.
	fetching chan struct{}

	mu      sync.Mutex
	token   string
	renew   time.Time
	end     time.Time
	refused error
	askNext time.Time
}

// secretPause is how long no token is asked for after the secret was refused.
const secretPause = 10 * time.Minute

func newTokenSource(o Options, fetch func(context.Context) (string, time.Duration, error)) *tokenSource {
	return &tokenSource{
		fetch: fetch, now: o.Now, rand: o.Rand, fetching: make(chan struct{}, 1),
	}
}

// Token returns a token that is good as far as we know.
func (s *tokenSource) Token(ctx context.Context) (string, error) {
	if token, ok, err := s.kept(); ok || err != nil {
		return token, err
	}
	select {
	case s.fetching <- struct{}{}:
		defer func() { <-s.fetching }()
	case <-ctx.Done():
		return "", fmt.Errorf("wait for access token: %w", ctx.Err())
	}
	if token, ok, err := s.kept(); ok || err != nil {
		return token, err
	}
	token, life, err := s.fetch(ctx)
	return s.keep(token, life, err)
}

// kept returns the present token unless it is time to renew it.
func (s *tokenSource) kept() (token string, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.token != "" && now.Before(s.renew) {
		return s.token, true, nil
	}
	if now.Before(s.askNext) {
		if s.token != "" && now.Before(s.end) {
			return s.token, true, nil
		}
		return "", false, s.refused
	}
	return "", false, nil
}

// keep takes the outcome of a fetch. A failed renewal leaves the old token in use while it lasts.
func (s *tokenSource) keep(token string, life time.Duration, err error) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if err == nil {
		s.token, s.end = token, now.Add(life)
		s.renew = now.Add(life*8/10 - s.jitter(life/10))
		s.refused, s.askNext = nil, time.Time{}
		return token, nil
	}
	switch codes[codeOf(err)].class {
	case classSetUp:
		s.refused, s.askNext = err, now.Add(secretPause)
	case classBackOff:
		s.refused, s.askNext = err, now.Add(firstPause)
	}
	if s.token != "" && now.Before(s.end) {
		return s.token, nil
	}
	return "", err
}

// Drop forgets a token that the platform refused, unless it has been replaced already.
func (s *tokenSource) Drop(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == token {
		s.token = ""
	}
}

// jitter spreads the renewals of several processes.
func (s *tokenSource) jitter(most time.Duration) time.Duration {
	var b [4]byte
	if _, err := io.ReadFull(s.rand, b[:]); err != nil || most <= 0 {
		return 0
	}
	return time.Duration(binary.BigEndian.Uint32(b[:])) % most
}
