package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

func TestCase08_AReplayedCallbackIsAcknowledgedAndCoalescedNowAndHoursLater(t *testing.T) {
	t.Parallel()
	withForeign(t, func(t *testing.T, all map[string]foreign) {
		r := newProtocolRig(t)
		li := r.settled()
		heard, before := len(li.Received()), r.pulls()
		f := all["bell"]
		const replays = 5
		held := r.heldPulls()
		for range replays {
			status, answer := r.post(f.query(), f.body())
			assert.Equal(t, http.StatusOK, status)
			assert.Empty(t, answer)
		}
		held()
		r.pass(3 * time.Hour)
		status, _ := r.post(f.query(), f.body())
		assert.Equal(t, http.StatusOK, status, "late, and still acknowledged")
		r.heardOnce(li, heard)
		// Its token is stale by now, so that each pull asks twice; the first was held, the others
		// made one, and the late one and the thanks made two more; the timer may add one.
		assert.LessOrEqual(t, r.pulls()-before, 2*(1+1+1)+1+2, "what is due is pulled once")
	})
}

// heldPulls keeps the platform from answering pulls until the function it returns is called.
func (r *protocolRig) heldPulls() (letGo func()) {
	gate := make(chan struct{})
	r.srv.Fault("/cgi-bin/kf/sync_msg", wecomtest.Fault{
		Match: func([]byte) bool { <-gate; return false },
	})
	return func() { close(gate); r.srv.ClearFaults() }
}

func TestCase09_ARetryWhileTheFirstIsStillBeingWorkedOnIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	withForeign(t, func(t *testing.T, all map[string]foreign) {
		r := newProtocolRig(t)
		li := r.settled()
		heard := len(li.Received())
		r.srv.SetCallback("") // the bells are rung by hand
		held := r.heldPulls()
		li.Say(testAccount, "退役金什么时候发？")
		f := all["bell"]
		for range 3 {
			// What is to be done is held up, and the acknowledgement comes all the same.
			status, _ := r.post(f.query(), f.body())
			assert.Equal(t, http.StatusOK, status)
			r.pass(5 * time.Second)
		}
		held()
		require.Eventually(t, func() bool { return len(li.Received()) > heard }, patience, 10*time.Millisecond)
		r.srv.SetCallback(r.callback())
		r.heardOnce(li, heard+1)
	})
}
