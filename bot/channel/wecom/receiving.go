package wecom

import (
	"context"
	"fmt"
	"sync"
	"time"

	"rongjun/bot"
)

var _ bot.ReceivingDesk = (*Channel)(nil)

// receivingFor is how long it is remembered how many receive at an account; an event that somebody began
// or stopped ends it at once.
const receivingFor = time.Minute

// receivers remembers how many receive, by account.
type receivers struct {
	mu    sync.Mutex
	known map[string]received
}

type received struct {
	n  int
	at time.Time
}

// Receiving implements bot.ReceivingDesk.
func (c *Channel) Receiving(ctx context.Context, account string) (int, error) {
	now := c.o.Now()
	c.receivers.mu.Lock()
	known, ok := c.receivers.known[account]
	c.receivers.mu.Unlock()
	if ok && now.Sub(known.at) < receivingFor {
		return known.n, nil
	}
	seats, err := c.Inspect().Receptionists(ctx, account)
	if err != nil {
		return 0, fmt.Errorf("list receptionists: %w", err)
	}
	n := 0
	for _, seat := range seats {
		if seat.Status == 0 {
			n++
		}
	}
	c.receivers.mu.Lock()
	defer c.receivers.mu.Unlock()
	if c.receivers.known == nil {
		c.receivers.known = make(map[string]received)
	}
	c.receivers.known[account] = received{n, now}
	return n, nil
}

// forget has the platform asked again who receives at an account.
func (r *receivers) forget(account string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, account)
}
