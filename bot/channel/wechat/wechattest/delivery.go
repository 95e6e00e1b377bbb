package wechattest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// tries is how often a message is told in all while no answer comes; the documentation gives no
// pause between them.
const tries = 3

// Delivery says what becomes of callbacks from now on. The zero value: each is posted once, and
// again while it is not answered.
type Delivery struct {
	Muted  bool // none is posted
	Copies int  // how many more times each is posted, at the same time
	// Deaf loses the first so many answers to each callback on their way: the program was told,
	// and is told again.
	Deaf int
}

type delivery struct {
	client *http.Client

	mu     sync.Mutex
	url    string
	rule   Delivery
	log    []Callback
	closed bool
	busy   int           // callbacks under way
	idle   chan struct{} // closed and replaced when busy falls to 0
}

// told is what the program is told, and the id of the message, empty for an event.
type told struct {
	id    string
	plain []byte
}

func (d *delivery) init(url string) {
	d.url = url
	d.idle = make(chan struct{})
	d.client = &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// SetCallback sets the URL that receives messages; empty: none is told of anything.
func (s *Server) SetCallback(url string) {
	s.delivery.mu.Lock()
	defer s.delivery.mu.Unlock()
	s.delivery.url = url
}

// SetDelivery changes what becomes of later callbacks.
func (s *Server) SetDelivery(rule Delivery) {
	s.delivery.mu.Lock()
	defer s.delivery.mu.Unlock()
	s.delivery.rule = rule
}

// Post hands any plaintext to the callback as the platform would, as coming from an openid.
func (s *Server) Post(openID string, plain []byte) { s.tell(s.Follower(openID), told{plain: plain}) }

// Callbacks is every try of every callback so far, in the order in which they ended.
func (s *Server) Callbacks() []Callback {
	s.delivery.mu.Lock()
	defer s.delivery.mu.Unlock()
	return append([]Callback{}, s.delivery.log...)
}

// WaitCallbacks returns when no callback is under way.
func (s *Server) WaitCallbacks(ctx context.Context) error {
	d := &s.delivery
	for {
		d.mu.Lock()
		busy, idle := d.busy, d.idle
		d.mu.Unlock()
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

// tell begins to tell the program something.
func (s *Server) tell(f *Follower, t told) {
	d := &s.delivery
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.rule.Muted || d.url == "" {
		return
	}
	answered := new(sync.Once)
	for range 1 + d.rule.Copies {
		d.busy++
		deaf := d.rule.Deaf
		s.work.Go(func() {
			defer d.done()
			s.tryAll(f, t, attempt{deaf: deaf, answered: answered})
		})
	}
}

// attempt is how the tries of one callback are made: the first answers that are lost, and the one
// that is shown.
type attempt struct {
	deaf     int
	answered *sync.Once
}

// tryAll tells the program until it answers or the tries are used up, and shows the follower what
// came of it.
func (s *Server) tryAll(f *Follower, t told, a attempt) {
	for try := 1; try <= tries && s.ctx.Err() == nil; try++ {
		c := s.tryOnce(f, t)
		c.Try = try
		s.delivery.note(c)
		if c.Status != 0 && try > a.deaf {
			a.answered.Do(func() { s.show(f, t, c) })
			return
		}
	}
	if s.ctx.Err() == nil {
		a.answered.Do(func() { s.show(f, t, Callback{}) })
	}
}

func (s *Server) tryOnce(f *Follower, t told) Callback {
	c := Callback{Plain: string(t.plain)}
	ctx, cancel := context.WithTimeout(s.ctx, s.cfg.CallbackTimeout)
	defer cancel()
	r, err := s.CallbackRequest(ctx, f.openID, t.plain)
	if err != nil {
		c.Err = err.Error()
		return c
	}
	began := time.Now()
	resp, err := s.delivery.client.Do(r)
	if err == nil {
		var body []byte
		body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody))
		_ = resp.Body.Close()
		c.Status, c.Answer = resp.StatusCode, string(body)
	}
	c.Took = time.Since(began)
	if err != nil {
		c.Status, c.Err = 0, err.Error()
	}
	return c
}

func (d *delivery) target() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.url
}

func (d *delivery) note(c Callback) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.log = append(d.log, c)
}

func (d *delivery) done() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy--; d.busy == 0 {
		close(d.idle)
		d.idle = make(chan struct{})
	}
}

func (d *delivery) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
}
