package wecomtest

import (
	"cmp"
	"crypto/rand"
	"io"
	"time"
)

// Config says which corporation the platform plays and settles what the documentation leaves
// open. The zero value is complete: every field has the default written beside it.
type Config struct {
	// CorpID, AgentID, Secret, Token and AESKey are what an operator copies from the admin
	// console. Defaults: fixed values that look like real ones; see [Server.Config].
	CorpID, AgentID, Secret, Token, AESKey string

	// Callback is the URL that receives events. Empty: none until SetCallback.
	Callback string

	// Now is the platform's clock. Default: time.Now.
	Now func() time.Time

	// Rand feeds ids, tokens and the random bytes of encryption. Default: crypto/rand.
	Rand io.Reader

	// TokenLife is how long an access token is valid. Default: 2 hours.
	TokenLife time.Duration

	// CallbackTimeout is how long the platform waits for an answer to a callback. Default: 5 s.
	CallbackTimeout time.Duration

	// CallbackPause lies between two tries of a callback. Default: 1 s (not documented).
	CallbackPause time.Duration

	// AcceptAnyStatus takes any HTTP answer to a callback as received, as one of two official
	// pages says; by default every answer but 200 is tried again, as the other says.
	AcceptAnyStatus bool

	// DuplicateCode is the errcode for a msgid used before. Default: 95032. The platform
	// refuses the repeat, but with which code is not published.
	DuplicateCode int

	// DuplicateLast lets the budget, the window and the state be checked before the msgid.
	// The platform's order is not published; by default a repeat is told first.
	DuplicateLast bool

	// EventCounts lets send_msg_on_event count against the five messages. Default: no.
	EventCounts bool

	// Transitions are the changes of service state that the API allows, from → to.
	// Default: what the documented table says in words.
	Transitions map[int][]int

	// LoginDomain is the host, with its port, that sign-ins may return to. Empty: any.
	LoginDomain string

	// PullsPerMinute bounds sync_msg without an event's token, per account; what is over is
	// refused with 45009. Default 0: unbounded (the platform's number is not published).
	PullsPerMinute int
}

func (c Config) withDefaults() Config {
	c.CorpID = cmp.Or(c.CorpID, "ww0fa0ce5e57c0de01")
	c.AgentID = cmp.Or(c.AgentID, "1000002")
	c.Secret = cmp.Or(c.Secret, "wecomtest-secret-wecomtest-secret-wecomtest")
	c.Token = cmp.Or(c.Token, "wecomtestToken")
	c.AESKey = cmp.Or(c.AESKey, "d2Vjb210ZXN0LWtleS13ZWNvbXRlc3Qta2V5LTAwMDE")
	c.TokenLife = cmp.Or(c.TokenLife, 2*time.Hour)
	c.CallbackTimeout = cmp.Or(c.CallbackTimeout, 5*time.Second)
	c.CallbackPause = cmp.Or(c.CallbackPause, time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Rand = cmp.Or(c.Rand, rand.Reader)
	c.DuplicateCode = cmp.Or(c.DuplicateCode, defaultDuplicateCode)
	if c.Transitions == nil {
		c.Transitions = map[int][]int{
			StateNew: {StateBot, StatePool, StateHuman},
			StateBot: {StatePool, StateHuman}, StatePool: {StateHuman},
			StateHuman: {StateHuman, StateEnded},
		}
	}
	return c
}
