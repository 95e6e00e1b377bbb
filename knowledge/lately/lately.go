// Package lately keeps what was made lately, within bounds, for people ask the same things and are
// told the same things over and over.
package lately

import "sync"

// Made keeps values by what they were made of. It holds the values of the last half keys that were
// asked for and of at most as many again: when the younger half is full, the elder is forgotten and the
// younger becomes the elder. Many may use it at once; values are shared and must not be changed.
type Made[K comparable, V any] struct {
	half int

	mu             sync.Mutex
	younger, elder map[K]V
}

// New makes an empty Made. A half of 0 or less keeps nothing.
func New[K comparable, V any](half int) *Made[K, V] {
	return &Made[K, V]{half: half, younger: make(map[K]V)}
}

// Find gives the value that is kept under a key.
func (m *Made[K, V]) Find(key K) (value V, kept bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if value, kept = m.younger[key]; kept {
		return value, true
	}
	if value, kept = m.elder[key]; kept {
		m.add(key, value)
	}
	return value, kept
}

// Keep keeps a value under a key.
func (m *Made[K, V]) Keep(key K, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.half > 0 {
		m.add(key, value)
	}
}

// Len is how many values are kept.
func (m *Made[K, V]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.younger)
	for key := range m.elder {
		if _, again := m.younger[key]; !again {
			n++
		}
	}
	return n
}

func (m *Made[K, V]) add(key K, value V) {
	if len(m.younger) >= m.half {
		m.elder, m.younger = m.younger, make(map[K]V)
	}
	m.younger[key] = value
}
