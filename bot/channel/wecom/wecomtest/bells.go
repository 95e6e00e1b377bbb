package wecomtest

import (
	"net/http"
	"sync"
	"time"

	"rongjun/bot/channel/platform/platformtest"
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

// bells decide what becomes of each callback.
type bells struct {
	mu   sync.Mutex
	rule Bells
	n    int
	held *bell // the first of a pair under Swap
}

// bell is one callback on its way.
type bell struct {
	n     int
	plain []byte
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
	if rule.Muted || s.Deaf() || rule.LoseEvery > 0 && b.n%rule.LoseEvery == 0 {
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
	s.Deliver(func() {
		s.Pause(s.Context(), delay)
		s.tryCallback(next)
	})
}

// tryCallback posts until there is an answer or the documented number of tries is used up.
// All tries carry the same bytes.
func (s *Server) tryCallback(next bell) {
	r, err := s.CallbackRequest(s.Context(), next.plain)
	if err != nil {
		s.Note(Callback{N: next.n, Plain: string(next.plain), At: time.Now(), Err: err.Error()})
		return
	}
	for try := 1; try <= platformtest.Tries && s.Context().Err() == nil; try++ {
		c := s.Try(r)
		c.N, c.Try, c.Plain = next.n, try, string(next.plain)
		s.Note(c)
		s.callbackWired(c, r)
		if c.Status == http.StatusOK || c.Status != 0 && s.cfg.AcceptAnyStatus {
			return
		}
		if try < platformtest.Tries {
			s.Pause(s.Context(), s.cfg.CallbackPause)
		}
	}
}
