package wechattest

import (
	"cmp"
	"crypto/rand"
	"io"
	"time"
)

// Config says which account the platform plays and settles what the documentation leaves open.
// The zero value is complete: every field has the default written beside it.
type Config struct {
	// AppID, Secret, Token and AESKey are what an operator copies from the admin console, Account
	// the account's original id. Defaults: fixed values that look like real ones; see
	// [Server.Config].
	AppID, Secret, Token, AESKey, Account string

	// Plain is the mode in which callbacks are not encrypted (明文模式). Default: safe mode.
	Plain bool

	// Callback is the URL that receives messages. Empty: none until SetCallback.
	Callback string

	// Now is the platform's clock. Default: time.Now.
	Now func() time.Time

	// Rand feeds ids, tokens and the random bytes of encryption. Default: crypto/rand.
	Rand io.Reader

	// TokenLife is how long an access token is valid. Default: 2 hours.
	TokenLife time.Duration

	// CallbackTimeout is how long the platform waits for an answer to a callback. Default: 5 s.
	CallbackTimeout time.Duration

	// NoCustomerService is an account without the customer-service API, as those are that nobody
	// has verified.
	NoCustomerService bool

	// NoMenus refuses msgmenu with 40200, as it is told of test accounts.
	NoMenus bool
}

func (c Config) withDefaults() Config {
	c.AppID = cmp.Or(c.AppID, "wx0fa0ce5e57c0de01")
	c.Secret = cmp.Or(c.Secret, "0fa0ce5e57c0de010fa0ce5e57c0de01")
	c.Token = cmp.Or(c.Token, "wechattestToken")
	c.AESKey = cmp.Or(c.AESKey, "d2VjaGF0dGVzdC1rZXktd2VjaGF0dGVzdC1rZXktMDE")
	c.Account = cmp.Or(c.Account, "gh_0fa0ce5e57c0")
	c.TokenLife = cmp.Or(c.TokenLife, 2*time.Hour)
	c.CallbackTimeout = cmp.Or(c.CallbackTimeout, 5*time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Rand = cmp.Or(c.Rand, rand.Reader)
	return c
}
