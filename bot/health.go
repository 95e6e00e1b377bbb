package bot

import (
	"sync"
	"time"
)

// health remembers when each channel last took something. The pauses of a message grow with its
// attempts to spare a platform that is down; while the platform takes what others say, they stay
// short, since somebody waits for the words and bad luck alone must not keep them for minutes.
type health struct {
	mu   sync.Mutex
	last map[string]time.Time
}

const (
	// worksFor is how long after a success a channel counts as working.
	worksFor = 10 * time.Second
	// shortPause bounds the pauses of a message on a channel that works, but for luckyTries only: then
	// it is the message that the platform does not like.
	shortPause = 4 * time.Second
	luckyTries = 12
)

func (h *health) worked(channel string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last == nil {
		h.last = make(map[string]time.Time)
	}
	h.last[channel] = now
}

// pause is how long a message waits that did not get through.
func (h *health) pause(m Sending, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	pause := backOff(m.Attempts)
	if m.Attempts <= luckyTries && now.Sub(h.last[m.Outgoing.Channel]) < worksFor {
		return min(pause, shortPause)
	}
	return pause
}
