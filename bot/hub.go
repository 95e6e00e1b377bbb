package bot

import "sync"

// Hub tells those who wait that a conversation changed. What it says is a hint: every waiter looks
// into the store for what really happened, and looks again from time to time without being told.
type Hub struct {
	mu   sync.Mutex
	subs map[int64]map[chan struct{}]struct{}
}

// NewHub returns a hub that nobody listens to yet.
func NewHub() *Hub { return &Hub{subs: make(map[int64]map[chan struct{}]struct{})} }

// EveryConversation subscribes to all changes.
const EveryConversation int64 = 0

// Work says for which of those who look for work a change may matter.
type Work int64

// Those who look for work.
const (
	WorkTurns Work = 1 << iota
	WorkSends
	WorkDue
	AllWork = WorkTurns | WorkSends | WorkDue
)

// key is what subscribers of one kind of work are kept under, which is no conversation's.
func (w Work) key() int64 { return -int64(w) }

// SubscribeTo returns a channel that holds a token after something changed that may matter for work of
// one kind, and a function that ends the subscription.
func (h *Hub) SubscribeTo(w Work) (changed <-chan struct{}, end func()) {
	return h.Subscribe(w.key())
}

// Subscribe returns a channel that holds a token after the conversation changed, however often, and
// a function that ends the subscription.
func (h *Hub) Subscribe(conversation int64) (changed <-chan struct{}, end func()) {
	ch := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.subs[conversation] == nil {
		h.subs[conversation] = make(map[chan struct{}]struct{})
	}
	h.subs[conversation][ch] = struct{}{}
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs[conversation], ch)
		if len(h.subs[conversation]) == 0 {
			delete(h.subs, conversation)
		}
	}
}

// Changed tells the waiters of the conversation, those of every conversation, and all who look for work.
func (h *Hub) Changed(conversation int64) { h.ChangedFor(conversation, AllWork) }

// ChangedFor is Changed for a change that matters for some work only.
func (h *Hub) ChangedFor(conversation int64, w Work) {
	h.mu.Lock()
	defer h.mu.Unlock()
	keys := []int64{conversation, EveryConversation}
	for kind := WorkTurns; kind <= WorkDue; kind <<= 1 {
		if w&kind != 0 {
			keys = append(keys, kind.key())
		}
	}
	for _, key := range keys {
		for ch := range h.subs[key] {
			select {
			case ch <- struct{}{}:
			default:
			}
		}
	}
}
