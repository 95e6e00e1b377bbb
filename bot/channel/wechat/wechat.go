// Package wechat carries conversations of a WeChat official account (公众号): messages and events come
// by callback and are acknowledged at once; replies leave by the customer-service API, or, where the
// account has none, in the answer to a callback.
//
// The SDK gives the crypto and the payload types that are right. Its server is not used: it lets the
// query decide whether a message must be encrypted, so that anybody with a captured query can write in
// plain. Every request goes through package platform.
package wechat

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"rongjun/bot"
	"rongjun/bot/channel/platform"
)

// Name is the channel's name in addresses; its one account is named by the AppID.
const Name = "wechat"

// Options are the access to one official account.
type Options struct {
	AppID  string
	Secret string
	Token  string
	AESKey string
	// Plain accepts messages that are not encrypted, and only those. It is the operator's choice,
	// never the sender's.
	Plain bool
	// APIBase is the platform's address without a slash at its end.
	APIBase string
	Now     func() time.Time
	// Rand spreads the times at which tokens are refreshed.
	Rand io.Reader
	Log  *slog.Logger
	// Transport carries the requests; nil for one with time-outs of its own.
	Transport http.RoundTripper
	// Observer hears of every call, for metrics; it may be nil.
	Observer platform.Observer
	// Files are the pictures that staff send, MediaIDs what of them the platform has; without both, neither
	// pictures nor mini-programs are sent.
	Files    Files
	MediaIDs platform.MediaIDs
}

// Files opens contents by their hash; bot.ErrNotFound for one that is not kept.
type Files interface {
	Open(hash string) (io.ReadSeekCloser, error)
}

// account is what both ways of answering share: an official account's callback.
type account struct {
	o Options
	// limits are what the platform takes as one message.
	limits bot.Limits
}

func newAccount(o Options, l bot.Limits) (account, error) {
	key, err := base64.StdEncoding.DecodeString(o.AESKey + "=")
	if !o.Plain && (err != nil || len(key) != 32) {
		return account{}, errors.New("EncodingAESKey does not decode to 32 bytes")
	}
	return account{o, l}, nil
}

// Name returns the channel's name.
func (c *account) Name() string { return Name }

// Parts cuts a reply into messages that the platform takes whole.
func (c *account) Parts(r bot.Reply) []bot.Reply { return c.limits.Parts(r) }

// Channel is an official account with the customer-service API, as a bot.Channel and a callback.
type Channel struct {
	account
	client *platform.Client
	faults *platform.Faults
}

// New checks the options; it asks nothing of the platform.
func New(o Options) (*Channel, error) {
	a, err := newAccount(o, limits)
	if err != nil {
		return nil, err
	}
	c := &Channel{account: a, faults: platform.NewFaults(codes, o.Now)}
	c.client = platform.New(platform.Options{
		Channel: Name, APIBase: o.APIBase, Codes: codes, FetchToken: c.fetchToken,
		Now: o.Now, Rand: o.Rand, Transport: o.Transport, Observer: o.Observer,
	})
	return c, nil
}

// Keyed is false: the platform takes the same message twice.
func (c *Channel) Keyed() bool { return false }

// Status says whether the set-up lets messages through: "ok", or "fault" with the reason in Chinese.
func (c *Channel) Status() (state, reason string) { return c.faults.Status() }

const tokenPath = "/cgi-bin/stable_token"

// fetchToken is getStableAccessToken: unlike the older call it does not end the token that another
// process holds. A secret that is wrong has the code here that a stale token has everywhere else.
func (c *Channel) fetchToken(
	ctx context.Context, p *platform.Client,
) (token string, life time.Duration, err error) {
	in := map[string]string{
		"grant_type": "client_credential", "appid": c.o.AppID, "secret": c.o.Secret,
	}
	var out struct {
		Token string `json:"access_token"`
		Life  int    `json:"expires_in"`
	}
	err = p.Bare(ctx, platform.Call{Path: tokenPath, Body: in}, &out)
	if e := platform.Refused(err); e != nil && e.Class == platform.ClassToken {
		wrong := *e
		wrong.Act = codes[wrongSecret]
		err = &wrong
	}
	if err != nil {
		return "", 0, fmt.Errorf("fetch access token: %w", err)
	}
	if out.Token == "" {
		return "", 0, fmt.Errorf("%s: answer without a token", tokenPath)
	}
	return out.Token, time.Duration(out.Life) * time.Second, nil
}
