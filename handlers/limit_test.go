package handlers

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestWhoIsRefusedForTheirPlaceCannotMakeTheGuardForget(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	g := newGuard(func() time.Time { return now })
	allowed := 0
	for i := range 2 * maxLimits {
		if g.allow(signInLimits("made up "+strconv.Itoa(i), "203.0.113.7")...) {
			allowed++
		}
	}
	assert.Equal(t, 40, allowed, "and no more, however many names are tried")
	assert.Less(t, len(g.limits), 200)
	assert.True(t, g.allow(signInLimits("wang", "203.0.113.8")...), "others are not slowed")
	now = now.Add(2 * time.Second)
	assert.True(t, g.allow(signInLimits("wang", "203.0.113.7")...), "the place has a try again")
}
