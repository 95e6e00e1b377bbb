package lately_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"rongjun/knowledge/lately"
)

func TestWhatIsAskedAgainAndAgainStaysAndTheRestIsForgotten(t *testing.T) {
	m := lately.New[int, string](3)
	m.Keep(-1, "always")
	for i := range 100 {
		m.Keep(i, "once")
		value, kept := m.Find(-1)
		assert.True(t, kept)
		assert.Equal(t, "always", value)
		assert.LessOrEqual(t, m.Len(), 6)
	}
	_, kept := m.Find(0)
	assert.False(t, kept)
	_, kept = m.Find(99)
	assert.True(t, kept)
}

func TestTheLastHalfIsAlwaysKept(t *testing.T) {
	m := lately.New[int, int](4)
	for i := range 40 {
		m.Keep(i, i*i)
		for last := max(0, i-3); last <= i; last++ {
			value, kept := m.Find(last)
			assert.True(t, kept)
			assert.Equal(t, last*last, value)
		}
	}
}

func TestWithoutRoomNothingIsKept(t *testing.T) {
	m := lately.New[string, int](0)
	m.Keep("a", 1)
	_, kept := m.Find("a")
	assert.False(t, kept)
	assert.Zero(t, m.Len())
}
