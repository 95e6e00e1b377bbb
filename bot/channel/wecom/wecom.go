// Package wecom carries conversations over WeCom customer service (微信客服): callbacks in, sync_msg
// pulled, send_msg out; and over the corp's own app (app.go): its members' messages, cards, sign-in.
// Page numbers in comments, [D94670], are those of the platform's developer documents.
//
// The SDK gives the crypto and the payload types that are right. Every request goes through the client
// of package platform, since the SDK's loses error codes, has no time-outs and prints secrets into its
// errors.
package wecom

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
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
	// Files are the pictures and files that staff send, MediaIDs what of them the platform has; without
	// both, neither files nor cards with a picture are sent.
	Files    Files
	MediaIDs platform.MediaIDs
}

// Files opens contents by their hash; bot.ErrNotFound for one that is not kept.
type Files interface {
	Open(hash string) (io.ReadSeekCloser, error)
}

// Channel is a corp's customer service as a bot.Channel, a bot.Puller and a callback.
type Channel struct {
	o      Options
	client *platform.Client
	faults *platform.Faults
	app    *App

	receivers receivers
}

// New checks the options; it asks nothing of the platform.
func New(o Options) (*Channel, error) {
	key, err := base64.StdEncoding.DecodeString(o.AESKey + "=")
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("EncodingAESKey does not decode to 32 bytes")
	}
	c := &Channel{o: o, faults: platform.NewFaults(codes, o.Now)}
	c.client = platform.New(platform.Options{
		Channel: Name, APIBase: o.APIBase, Codes: codes, FetchToken: c.fetchToken,
		Now: o.Now, Rand: o.Rand, Transport: o.Transport, Observer: o.Observer,
	})
	c.app = newApp(c)
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
func (c *Channel) Status() (state, reason string) { return c.faults.Status() }
