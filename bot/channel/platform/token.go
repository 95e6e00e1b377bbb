package platform

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// tokenSource keeps the access token: one fetch at a time whose outcome all who wait share, renewed
// before it ends while the old one stays in use, thrown away when the platform says that it is no
// longer good, and not asked for again for a while after a refusal, since asking on bans our address.
type tokenSource struct {
	fetch func(context.Context) (token string, life time.Duration, err error)
	now   func() time.Time
	rand  io.Reader

	mu      sync.Mutex
	token   string
	renew   time.Time
	end     time.Time
	refused error
	askNext time.Time
	flight  *flight
}

// flight is a fetch under way; err is set when done is closed.
type flight struct {
	done chan struct{}
	err  error
}

const (
	// secretPause is how long no token is asked for after the secret was refused.
	secretPause = 10 * time.Minute
	// faultPause is how long after any other fault.
	faultPause = time.Second
	// renewTimeout bounds the renewal of a token that is still good.
	renewTimeout = 3 * time.Second
)

func newTokenSource(
	now func() time.Time, rand io.Reader, fetch func(context.Context) (string, time.Duration, error),
) *tokenSource {
	return &tokenSource{fetch: fetch, now: now, rand: rand}
}

// Token returns a token that is good as far as we know.
func (s *tokenSource) Token(ctx context.Context) (string, error) {
	for {
		token, f, lead, err := s.kept()
		switch {
		case lead:
			return s.lead(ctx, f, token)
		case f == nil:
			return token, err
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("wait for access token: %w", ctx.Err())
		case <-f.done:
		}
		if f.err != nil && !errors.Is(f.err, context.Canceled) {
			return "", f.err
		}
	}
}

// kept returns the present token or the refusal, or the flight to wait for, or a new one to lead.
func (s *tokenSource) kept() (token string, f *flight, lead bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	good := s.token != "" && now.Before(s.end)
	switch {
	case good && now.Before(s.renew):
		return s.token, nil, false, nil
	case s.flight != nil && good:
		return s.token, nil, false, nil
	case s.flight != nil:
		return "", s.flight, false, nil
	case now.Before(s.askNext) && good:
		return s.token, nil, false, nil
	case now.Before(s.askNext):
		return "", nil, false, s.refused
	}
	s.flight = &flight{done: make(chan struct{})}
	if !good {
		return "", s.flight, true, nil
	}
	return s.token, s.flight, true, nil
}

// lead fetches for all; old is the present token while it is still good.
func (s *tokenSource) lead(ctx context.Context, f *flight, old string) (string, error) {
	if old != "" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, renewTimeout)
		defer cancel()
	}
	token, life, err := s.fetch(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flight = nil
	f.err = err
	close(f.done)
	if err == nil {
		now := s.now()
		s.token, s.end = token, now.Add(life)
		s.renew = now.Add(life*8/10 - s.jitter(life/10))
		s.refused, s.askNext = nil, time.Time{}
		return token, nil
	}
	s.rest(err)
	if old != "" && s.token == old {
		return old, nil
	}
	return "", err
}

// rest decides how long no token is asked for after a fault. The pauses of an API that was called
// too often are its pace's.
func (s *tokenSource) rest(err error) {
	s.refused, s.askNext = err, s.now().Add(faultPause)
	switch ClassOf(err) {
	case ClassSecret, ClassSetUp:
		s.askNext = s.now().Add(secretPause)
	}
}

// Refuse notes that a call was refused for the credentials behind its token.
func (s *tokenSource) Refuse(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = ""
	s.refused, s.askNext = err, s.now().Add(secretPause)
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
