package wechattest

import (
	"sync"
	"time"

	"rongjun/bot/channel/platform/platformtest"
)

// Delivery says what becomes of callbacks from now on. The zero value: each is posted once, and
// again while it is not answered.
type Delivery struct {
	Muted  bool // none is posted
	Copies int  // how many more times each is posted, at the same time
	// Deaf loses the first so many answers to each callback on their way: the program was told,
	// and is told again.
	Deaf int
}

// told is what the program is told, and the id of the message, empty for an event.
type told struct {
	id    string
	plain []byte
}

// SetDelivery changes what becomes of later callbacks.
func (s *Server) SetDelivery(rule Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivery = rule
}

// Post hands any plaintext to the callback as the platform would, as coming from an openid.
func (s *Server) Post(openID string, plain []byte) { s.tell(s.Follower(openID), told{plain: plain}) }

// tell begins to tell the program something.
func (s *Server) tell(f *Follower, t told) {
	s.mu.Lock()
	rule := s.delivery
	s.mu.Unlock()
	if rule.Muted || s.Deaf() {
		return
	}
	answered := new(sync.Once)
	for range 1 + rule.Copies {
		s.Deliver(func() { s.tryAll(f, t, attempt{deaf: rule.Deaf, answered: answered}) })
	}
}

// attempt is how the tries of one callback are made: the first answers that are lost, and the one
// that is shown.
type attempt struct {
	deaf     int
	answered *sync.Once
}

// tryAll tells the program until it answers or the tries are used up, with no pause between them as
// the documentation gives none, and shows the follower what came of it.
func (s *Server) tryAll(f *Follower, t told, a attempt) {
	for try := 1; try <= platformtest.Tries && s.Context().Err() == nil; try++ {
		c := s.tryOnce(f, t)
		c.Try = try
		s.Note(c)
		if c.Status != 0 && try > a.deaf {
			a.answered.Do(func() { s.show(f, t, c) })
			return
		}
	}
	if s.Context().Err() == nil {
		a.answered.Do(func() { s.show(f, t, Callback{}) })
	}
}

// tryOnce signs anew at each try, as the platform does.
func (s *Server) tryOnce(f *Follower, t told) Callback {
	r, err := s.CallbackRequest(s.Context(), f.openID, t.plain)
	if err != nil {
		return Callback{Plain: string(t.plain), At: time.Now(), Err: err.Error()}
	}
	c := s.Try(r)
	c.Plain = string(t.plain)
	return c
}
