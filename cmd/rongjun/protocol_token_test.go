package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

func TestCase29_ARevokedTokenIsReplacedOnceWithoutAStormThroughRefusalAndSilence(t *testing.T) {
	t.Parallel()
	r := newProtocolRig(t)
	li := r.settled()
	const path = "/cgi-bin/gettoken"
	asked := func() int { return r.srv.Calls(path) }

	// Revoked: every call is refused with 40014 until a token is fetched anew, which happens once.
	before := asked()
	r.srv.RevokeTokens()
	for range 10 {
		r.srv.RingKF(testAccount)
	}
	li.Say(testAccount, "退役金什么时候发？")
	li.hear("退役")
	assert.Equal(t, before+1, asked(), "one refresh for all that were refused")

	// Revoked again, and the platform says that tokens are asked for too often: nobody asks on.
	r.srv.RevokeTokens()
	r.srv.Fault(path, wecomtest.Fault{Code: 45009, Times: 1})
	before = asked()
	li.Say(testAccount, "优待证怎么办理？")
	require.Eventually(t, func() bool { return asked() > before }, patience, 10*time.Millisecond)
	for range 20 {
		r.srv.RingKF(testAccount)
	}
	require.NoError(t, r.srv.WaitCallbacks(t.Context()))
	assert.Equal(t, before+1, asked(), "no storm while it is told to wait")

	// A minute on it hangs: whoever needs a token gives up in bounds, and callbacks do not wait.
	r.srv.Fault(path, wecomtest.Fault{Delay: time.Hour, Times: 1})
	r.pass(61 * time.Second)
	r.srv.RingKF(testAccount)
	require.Eventually(t, func() bool { return asked() > before+1 }, patience, 10*time.Millisecond)
	require.NoError(t, r.srv.WaitCallbacks(t.Context()))
	for _, c := range r.srv.Callbacks() {
		assert.Equal(t, http.StatusOK, c.Status)
	}
	li.hear("优待证") // the hanging call was given up
	assert.LessOrEqual(t, asked(), before+4, "no storm after it either")

	cfg := r.srv.Config()
	for _, secret := range []string{cfg.Secret, "corpsecret", "access_token=", cfg.Token, cfg.AESKey} {
		assert.NotContains(t, r.log.String(), secret)
	}
	assert.Contains(t, r.log.String(), "45009", "the refusal is named")
}
