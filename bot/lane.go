package bot

import (
	"sync"
	"time"
)

// lane lets a few at a time do what may take long, so that they do not hold up all others of their pool.
// Who finds it full comes again; the more do, the later, so that many who wait cost little.
type lane struct {
	mu     sync.Mutex
	inside int
	turned int
}

const (
	laneLook   = time.Second
	laneSpread = 50 * time.Millisecond
)

// enter takes a place of so many, or says after how long to come again.
func (l *lane) enter(places int) (ok bool, again time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inside < places {
		l.inside++
		l.turned = 0
		return true, 0
	}
	again = laneLook + time.Duration(l.turned)*laneSpread
	l.turned++
	return false, again
}

func (l *lane) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inside--
}
