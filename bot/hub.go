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

// Changed tells the waiters of the conversation and those of every conversation.
func (h *Hub) Changed(conversation int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, key := range []int64{conversation, EveryConversation} {
		for ch := range h.subs[key] {
			select {
			case ch <- struct{}{}:
			default:
			}
		}
	}
}
