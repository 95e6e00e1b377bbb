package store

import (
	"sync"

	"rongjun/bot"
)

// known remembers under which ids contacts are stored: those never change, so they may be believed
// however old they are. An id learnt in a transaction that was undone belongs to nobody for ever.
type known struct {
	mu     sync.Mutex
	places map[bot.Address]place
}

// place is the conversation of a contact, and our account that they write to.
type place struct{ conversation, account int64 }

// mostKnown bounds the memory, of some hundred bytes for each; beyond it all are learnt anew.
const mostKnown = 20_000

func (k *known) learn(a bot.Address, p place) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.places == nil || len(k.places) >= mostKnown {
		k.places = make(map[bot.Address]place)
	}
	k.places[a] = p
}

func (k *known) find(a bot.Address) (place, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.places[a]
	return p, ok
}
