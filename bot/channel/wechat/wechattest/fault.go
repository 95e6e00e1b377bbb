package wechattest

import (
	"context"
	"sync"
	"time"
)

// Drop says when a connection is closed without an answer.
type Drop int

// The two moments at which a client cannot tell what became of its request, and neither.
const (
	NoDrop     Drop = iota
	DropBefore      // the request was read and has had no effect
	DropAfter       // the request was read and has taken effect
)

// Fault is a failure of one platform call. Delay comes first; of Drop, Status and Code the first
// that is set decides, and with none of them the call is only late.
type Fault struct {
	Code   int           // answer HTTP 200 with this errcode, without effect
	Status int           // answer this HTTP status, without effect
	Drop   Drop          // close the connection without an answer
	Delay  time.Duration // wait before anything else
	Times  int           // how many calls fail; 0: all until ClearFaults
}

// faults are planted per path and taken in the order of planting.
type faults struct {
	mu     sync.Mutex
	byPath map[string][]*Fault
}

// Fault plants a fault on a path such as "/cgi-bin/message/custom/send". Faults of one path are
// used up one after another.
func (s *Server) Fault(path string, f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.byPath[path] = append(s.faults.byPath[path], &f)
}

// ClearFaults removes all planted faults.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	clear(s.faults.byPath)
}

// take returns the fault that hits this call, or the zero Fault.
func (f *faults) take(path string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := f.byPath[path]
	if len(list) == 0 {
		return Fault{}
	}
	hit := *list[0]
	switch hit.Times {
	case 0:
	case 1:
		f.byPath[path] = list[1:]
	default:
		list[0].Times--
	}
	return hit
}

// pause waits for d, or less when the caller goes away or the server closes.
func (s *Server) pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
}
