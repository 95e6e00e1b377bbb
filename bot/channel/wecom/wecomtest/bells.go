package wecomtest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// Bells says what becomes of the callbacks from now on. The zero value: each is posted once,
// at once, and again while it is not answered.
type Bells struct {
	Muted     bool          // none is posted
	LoseEvery int           // every so manieth is lost; 0: none
	Copies    int           // how many more times each is posted, at the same time
	Delay     time.Duration // each is posted so much later
	Swap      bool          // each second one is posted before the one before it
}

// bells posts callbacks, each in a goroutine of its own.
type bells struct {
	client *http.Client

	mu     sync.Mutex
	url    string
	rule   Bells
	n      int
	held   *bell // the first of a pair under Swap
	log    []Callback
	closed bool
	busy   int           // callbacks under way
	idle   chan struct{} // closed and replaced when busy falls to 0
}

// bell is one callback on its way.
type bell struct {
	n     int
	plain []byte
}

func (b *bells) init(url string) {
	b.url = url
	b.idle = make(chan struct{})
	b.client = &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// SetCallback sets the URL that receives events; empty: none is told of anything.
func (s *Server) SetCallback(url string) {
	s.bells.mu.Lock()
	defer s.bells.mu.Unlock()
	s.bells.url = url
}

// SetBells changes what becomes of later callbacks. One that Swap holds back goes out.
func (s *Server) SetBells(rule Bells) {
	s.bells.mu.Lock()
	s.bells.rule = rule
	held := s.bells.held
	s.bells.held = nil
	s.bells.mu.Unlock()
	if held != nil {
		s.post(*held, 0)
	}
}

// RingKF rings the bell of an account though nothing need have happened there.
func (s *Server) RingKF(openKfID string) { s.ring(s.KFEvent(openKfID)) }

// Post hands any plaintext to the callback as the platform would: encrypted, under the rules
// of SetBells, tried again while it is not answered. See [Server.AppXML].
func (s *Server) Post(plain []byte) { s.ring(plain) }

// ringLocked rings the bell of an account; the caller holds s.mu.
func (s *Server) ringLocked(a *account) { s.ring(s.kfEvent(a)) }

// ring decides the fate of one callback and posts what is left of it.
func (s *Server) ring(plain []byte) {
	b := &s.bells
	b.mu.Lock()
	b.n++
	rule := b.rule
	if rule.Muted || b.url == "" || rule.LoseEvery > 0 && b.n%rule.LoseEvery == 0 {
		b.mu.Unlock()
		return
	}
	next := bell{b.n, plain}
	if rule.Swap && b.held == nil {
		b.held = &next
		b.mu.Unlock()
		return
	}
	out := []bell{next}
	if b.held != nil {
		out = append(out, *b.held)
		b.held = nil
	}
	b.mu.Unlock()
	for _, next := range out {
		for range 1 + rule.Copies {
			s.post(next, rule.Delay)
		}
	}
}

// post begins the tries of one callback.
func (s *Server) post(next bell, delay time.Duration) {
	b := &s.bells
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	b.busy++
	s.work.Go(func() {
		defer b.done()
		s.pause(s.ctx, delay)
		s.tryCallback(next)
	})
}

// tryCallback posts until there is an answer or the documented number of tries is used up.
// All tries carry the same bytes.
func (s *Server) tryCallback(next bell) {
	r, err := s.CallbackRequest(s.ctx, next.plain)
	if err != nil {
		s.bells.note(Callback{
			N: next.n, Plain: string(next.plain), At: time.Now(),
			Err: err.Error(),
		})
		return
	}
	for try := 1; try <= tries && s.ctx.Err() == nil; try++ {
		c := s.tryOnce(r)
		c.N, c.Try, c.Plain = next.n, try, string(next.plain)
		s.bells.note(c)
		s.callbackWired(c, r)
		if c.Status == http.StatusOK || c.Status != 0 && s.cfg.AcceptAnyStatus {
			return
		}
		if try < tries {
			s.pause(s.ctx, s.cfg.CallbackPause)
		}
	}
}

func (s *Server) tryOnce(r *http.Request) Callback {
	c := Callback{At: time.Now()}
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.CallbackTimeout)
	defer cancel()
	again := r.Clone(ctx)
	if body, err := r.GetBody(); err == nil {
		again.Body = body
	}
	resp, err := s.bells.client.Do(again)
	c.Took = time.Since(c.At)
	if err != nil {
		c.Err = err.Error()
		return c
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody))
	_ = resp.Body.Close()
	c.Status = resp.StatusCode
	return c
}

// Callbacks is every try of every callback so far, in the order in which they ended.
func (s *Server) Callbacks() []Callback {
	s.bells.mu.Lock()
	defer s.bells.mu.Unlock()
	return append([]Callback{}, s.bells.log...)
}

// WaitCallbacks returns when no callback is under way.
func (s *Server) WaitCallbacks(ctx context.Context) error {
	for {
		s.bells.mu.Lock()
		busy, idle := s.bells.busy, s.bells.idle
		s.bells.mu.Unlock()
		if busy == 0 {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return fmt.Errorf("wait for callbacks: %w", ctx.Err())
		}
	}
}

func (b *bells) target() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.url
}

func (b *bells) note(c Callback) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.log = append(b.log, c)
}

func (b *bells) done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy--; b.busy == 0 {
		close(b.idle)
		b.idle = make(chan struct{})
	}
}

func (b *bells) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.held = nil
}
