package platform

import (
	"fmt"
	"sync"
	"time"

	"rongjun/bot"
)

const (
	// DefaultPerMinute stays below what the platforms allow one API of one corp in a minute.
	DefaultPerMinute = 9000
	// mostParallel is how many calls of one API run side by side; crowded halves it, and each
	// crowdedFor that passes gives one back: soon, since a single refusal must not slow everybody
	// down for long.
	mostParallel = 32
	crowdedFor   = 5 * time.Second
	crowdedPause = 500 * time.Millisecond
	// firstPause and longPause bound how long an API rests that was called too often; it doubles.
	firstPause = time.Minute
	longPause  = 15 * time.Minute
)

// paces keeps how each API may be called.
type paces struct {
	now       func() time.Time
	perMinute map[string]int

	mu  sync.Mutex
	all map[string]*pace
}

// pace is what is known of one API.
type pace struct {
	// minute and calls count the calls of the minute that began then.
	minute time.Time
	calls  int
	// running calls, and how many may; less than mostParallel since lowered.
	running, parallel int
	lowered           time.Time
	// until and last are the rest after too many calls.
	until time.Time
	last  time.Duration
}

func newPaces(now func() time.Time, perMinute map[string]int) paces {
	return paces{now: now, perMinute: perMinute, all: make(map[string]*pace)}
}

// begin admits a call, and takes its outcome; otherwise it says when to come again. No call waits
// here: who waits in a queue of its own waits better there.
func (p *paces) begin(path string) (done func(error), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.all[path]
	if a == nil {
		a = &pace{parallel: mostParallel}
		p.all[path] = a
	}
	if wait := p.wait(path, a); wait > 0 {
		return nil, bot.RetryAfter(fmt.Errorf("%s: called too often", path), wait)
	}
	a.running++
	a.calls++
	return func(err error) { p.end(a, err) }, nil
}

func (p *paces) wait(path string, a *pace) time.Duration {
	now := p.now()
	if rest := a.until.Sub(now); rest > 0 {
		return rest
	}
	if now.Sub(a.minute) >= time.Minute {
		a.minute, a.calls = now, 0
	}
	most := p.perMinute[path]
	if most == 0 {
		most = DefaultPerMinute
	}
	if a.calls >= most {
		return a.minute.Add(time.Minute).Sub(now)
	}
	given := int(now.Sub(a.lowered) / crowdedFor)
	if a.running >= min(mostParallel, a.parallel+given) {
		return crowdedPause
	}
	return 0
}

// end lengthens the rest of an API that is called too often, lets fewer run where there are too many
// at a time, and forgets the rest when a call succeeds.
func (p *paces) end(a *pace, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a.running--
	switch {
	case err == nil:
		a.until, a.last = time.Time{}, 0
	case ClassOf(err) == ClassBackOff:
		a.last = min(longPause, max(firstPause, 2*a.last))
		a.until = p.now().Add(a.last)
	case ClassOf(err) == ClassCrowded:
		a.parallel, a.lowered = max(1, min(a.parallel, a.running+1)/2), p.now()
	}
}

// Rest is how long a refused call waits before it is worth another try, 0 where the sender decides.
func (c *Client) Rest(path string) time.Duration {
	c.paces.mu.Lock()
	defer c.paces.mu.Unlock()
	a := c.paces.all[path]
	if a == nil {
		return 0
	}
	return max(0, a.until.Sub(c.o.Now()))
}
