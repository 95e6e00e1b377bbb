// Package platform is the client that every call to a WeChat-like platform goes through, of whatever
// channel: one transport with time-outs and caps, one source of access tokens, errors that carry the
// platform's code with its meaning and what it asks for, a measured pace per API, and nothing secret
// in any error. The channels bring their table of codes and the way to fetch a token.
package platform

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"rongjun/bot"
)

const (
	connectTimeout = 3 * time.Second
	// callTimeout bounds a call with a JSON answer, shorter than bot.SendTimeout so that a call that
	// hangs is told apart from a program that stops.
	callTimeout = 9 * time.Second
	// maxAnswer bounds what is read of a JSON answer.
	maxAnswer = 4 << 20
)

// Observer hears of calls, for metrics.
type Observer interface {
	// PlatformCalled is called after each request; outcome is "ok", the platform's code, or
	// "unclear" or "unreached" where there was no answer.
	PlatformCalled(channel, path, outcome string, took time.Duration)
}

// Options are the access to one platform.
type Options struct {
	// Channel names the calls in metrics.
	Channel string
	// APIBase is the platform's address without a slash at its end.
	APIBase string
	Codes   map[int]Act
	// FetchToken asks for an access token by Bare, and returns how long it lives.
	FetchToken func(context.Context, *Client) (token string, life time.Duration, err error)
	// PerMinute is the most calls of one API within a minute, by path; others have DefaultPerMinute.
	PerMinute map[string]int
	Now       func() time.Time
	// Rand spreads the times at which tokens are refreshed.
	Rand io.Reader
	// Transport carries the requests; nil for one with time-outs of its own.
	Transport http.RoundTripper
	// Observer may be nil.
	Observer Observer
}

// Client makes every call to one platform. It is safe for concurrent use.
type Client struct {
	o      Options
	http   *http.Client
	tokens *tokenSource
	paces  paces
}

// New returns a client; it asks nothing of the platform.
func New(o Options) *Client {
	if o.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DialContext = dial
		t.MaxIdleConnsPerHost = 16
		o.Transport = t
	}
	c := &Client{o: o, paces: newPaces(o.Now, o.PerMinute)}
	c.http = &http.Client{
		Transport: o.Transport,
		// A redirect would carry the access token to wherever it points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c.tokens = newTokenSource(o.Now, o.Rand, func(ctx context.Context) (string, time.Duration, error) {
		return o.FetchToken(ctx, c)
	})
	return c
}

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: connectTimeout}).DialContext(ctx, network, address)
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // without it slow lines only look stalled sooner
	}
	return conn, err
}

// Call is one request: a POST of Body as JSON, or a GET where there is none.
type Call struct {
	Path  string
	Query url.Values
	Body  any
	// form is posted in place of Body.
	form *form
	// streams asks for the answer as it is on the platform, span for that part of it alone.
	streams bool
	span    string
}

// from is the call for what is behind so many bytes of a file that is so long, negative where that is not
// known.
func (c Call) from(at, whole int64) Call {
	switch {
	case at == 0:
	case whole < 0:
		c.span = fmt.Sprintf("bytes=%d-", at)
	default:
		c.span = fmt.Sprintf("bytes=%d-%d", at, whole-1)
	}
	return c
}

// Post is Do with a body.
func (c *Client) Post(ctx context.Context, path string, in, out any) error {
	return c.Do(ctx, Call{Path: path, Body: in}, out)
}

// Do makes a call with the access token and reads the JSON answer into out. A token that was refused
// is replaced once. The error is an *Error when the platform refused; otherwise it is bot.Unclear if
// the request may have arrived and bot.RetryAfter if it did not.
func (c *Client) Do(ctx context.Context, call Call, out any) error {
	return c.withToken(ctx, call, func(with Call) error { return c.Bare(ctx, with, out) })
}

// withToken calls do with the token in the query, and once more with another token if it was refused.
func (c *Client) withToken(ctx context.Context, call Call, do func(Call) error) error {
	for first := true; ; first = false {
		token, err := c.tokens.Token(ctx)
		if err != nil {
			return beforeCall(err)
		}
		with := call
		with.Query = url.Values{"access_token": {token}}
		for name, values := range call.Query {
			with.Query[name] = values
		}
		err = do(with)
		switch ClassOf(err) {
		case ClassToken:
			c.tokens.Drop(token)
			if first {
				continue
			}
		case ClassSecret:
			c.tokens.Refuse(err)
		}
		return err
	}
}

// beforeCall classes a fault of fetching the token: the call itself was never made.
func beforeCall(err error) error {
	switch ClassOf(err) {
	case ClassSecret, ClassSetUp:
		return err
	}
	return bot.RetryAfter(fmt.Errorf("no access token: %w", err), 0)
}

// Bare makes a call without the access token.
func (c *Client) Bare(ctx context.Context, call Call, out any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return c.paced(call.Path, func() error {
		resp, err := c.send(ctx, call)
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		return c.read(call.Path, resp, out)
	})
}

// paced makes a call when its API may be called, and learns from the outcome.
func (c *Client) paced(path string, do func() error) error {
	done, err := c.paces.begin(path)
	if err != nil {
		return err
	}
	began := c.o.Now()
	err = do()
	done(err)
	if c.o.Observer != nil {
		c.o.Observer.PlatformCalled(c.o.Channel, path, outcome(err), c.o.Now().Sub(began))
	}
	return err
}
