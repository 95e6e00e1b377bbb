// Package wecom carries conversations over WeCom customer service (微信客服): callbacks in, sync_msg
// pulled, send_msg out. Page numbers in comments, [D94670], are those of the platform's developer
// documents.
//
// The SDK gives the crypto and the payload types that are right. Every request goes through one client
// of our own (client.go), since the SDK's loses error codes, has no time-outs and prints secrets into
// its errors.
package wecom

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"rongjun/bot/channel/platform"
)

// Name is the channel's name in addresses.
const Name = "wecom"

// Options are the access to one corp.
type Options struct {
	CorpID  string
	AgentID int
	Secret  string
	Token   string
	AESKey  string
	// APIBase is the platform's address without a slash at its end.
	APIBase string
	// DuplicateCodes are the codes with which the platform refuses a repeated msgid; empty means any
	// code that has no act of its own.
	DuplicateCodes []int
	Now            func() time.Time
	// Rand spreads the times at which tokens are refreshed.
	Rand io.Reader
	Log  *slog.Logger
	// Transport carries the requests; nil for one with time-outs of its own.
	Transport http.RoundTripper
	// Observer hears of every call, for metrics; it may be nil.
	Observer platform.Observer
}

// Channel is a corp's customer service as a bot.Channel, a bot.Puller and a callback.
type Channel struct {
	o      Options
	client *platform.Client

	mu     sync.Mutex
	faults map[string]fault
}

// fault is a set-up fault and the call that showed it.
type fault struct {
	code int
	at   time.Time
}

// New checks the options; it asks nothing of the platform.
func New(o Options) (*Channel, error) {
	key, err := base64.StdEncoding.DecodeString(o.AESKey + "=")
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("EncodingAESKey does not decode to 32 bytes")
	}
	c := &Channel{o: o, faults: make(map[string]fault)}
	c.client = platform.New(platform.Options{
		Channel: Name, APIBase: o.APIBase, Codes: codes, FetchToken: c.fetchToken,
		Now: o.Now, Rand: o.Rand, Transport: o.Transport, Observer: o.Observer,
	})
	return c, nil
}

// fetchToken is gettoken [D91039].
func (c *Channel) fetchToken(
	ctx context.Context, p *platform.Client,
) (token string, life time.Duration, err error) {
	const path = "/cgi-bin/gettoken"
	var out struct {
		Token string `json:"access_token"`
		Life  int    `json:"expires_in"`
	}
	query := url.Values{"corpid": {c.o.CorpID}, "corpsecret": {c.o.Secret}}
	if err := p.Bare(ctx, platform.Call{Path: path, Query: query}, &out); err != nil {
		return "", 0, err
	}
	if out.Token == "" {
		return "", 0, fmt.Errorf("%s: answer without a token", path)
	}
	return out.Token, time.Duration(out.Life) * time.Second, nil
}

// Name returns the channel's name.
func (c *Channel) Name() string { return Name }

// Keyed is true: a second message with the same msgid is refused [D94677].
func (c *Channel) Keyed() bool { return true }

// Status says whether the set-up lets messages through: "ok", or "fault" with the reason in Chinese.
func (c *Channel) Status() (state, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var newest fault
	for _, f := range c.faults {
		if f.at.After(newest.at) {
			newest = f
		}
	}
	if newest.code == 0 {
		return "ok", ""
	}
	return "fault", meaning(newest.code) + "（错误码 " + strconv.Itoa(newest.code) + "）"
}

// note remembers a set-up fault of a call until the same call succeeds.
func (c *Channel) note(path string, err error) {
	switch platform.ClassOf(err) {
	case platform.ClassSecret, platform.ClassSetUp, platform.ClassGone, platform.ClassLimit:
		c.fault(path, platform.Refused(err).Code)
		return
	}
	if err == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.faults, path)
	}
}

func (c *Channel) fault(path string, code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults[path] = fault{code: code, at: c.o.Now()}
}
