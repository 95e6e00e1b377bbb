package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestAMessageWaitsLongOnlyForAPlatformThatTakesNothingOrForItsOwnFault(t *testing.T) {
	now := time.Now()
	tried := func(n int) Sending {
		return Sending{Attempts: n, Outgoing: Outgoing{Address: Address{Channel: "c"}}}
	}
	var h health
	assert.Equal(t, time.Second, h.pause(tried(1), now))
	assert.Equal(t, 32*time.Second, h.pause(tried(6), now), "nothing has got through yet")

	h.worked("other", now)
	assert.Equal(t, 32*time.Second, h.pause(tried(6), now))
	h.worked("c", now)
	assert.Equal(t, 2*time.Second, h.pause(tried(2), now))
	assert.Equal(t, shortPause, h.pause(tried(6), now.Add(9*time.Second)))
	assert.Equal(t, time.Minute, h.pause(tried(13), now), "the others get through")
	assert.Equal(t, 32*time.Second, h.pause(tried(6), now.Add(worksFor)), "it is down by now")
}
