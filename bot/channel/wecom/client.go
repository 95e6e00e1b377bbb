package wecom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"rongjun/bot"
)

const (
	connectTimeout = 3 * time.Second
	callTimeout    = 9 * time.Second
	// maxAnswer bounds what is read of an answer.
	maxAnswer = 4 << 20
)

// client makes every call to the platform.
type client struct {
	base   string
	http   *http.Client
	tokens *tokenSource
	now    func() time.Time

	mu     sync.Mutex
	pauses map[string]pause
}

// pause keeps a path quiet after the platform said that it is called too often.
type pause struct {
	until time.Time
	last  time.Duration
}

func newClient(o Options) *client {
	transport := o.Transport
	if transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DialContext = (&net.Dialer{Timeout: connectTimeout}).DialContext
		t.MaxIdleConnsPerHost = 16
		transport = t
	}
	c := &client{
		base: o.APIBase, now: o.Now, pauses: make(map[string]pause),
		http: &http.Client{Transport: transport, Timeout: callTimeout},
	}
	c.tokens = newTokenSource(o, func(ctx context.Context) (string, time.Duration, error) {
		return c.fetchToken(ctx, o.CorpID, o.Secret)
	})
	return c
}

// answer is what every answer of the platform begins with.
type answer struct {
	ErrCode int `json:"errcode"`
}

// fetchToken is gettoken [D91039].
func (c *client) fetchToken(ctx context.Context, corp, secret string) (string, time.Duration, error) {
	const path = "/cgi-bin/gettoken"
	query := url.Values{"corpid": {corp}, "corpsecret": {secret}}
	var out struct {
		Token string `json:"access_token"`
		Life  int    `json:"expires_in"`
	}
	if err := c.do(ctx, request{path: path, query: query}, &out); err != nil {
		return "", 0, err
	}
	if out.Token == "" {
		return "", 0, fmt.Errorf("%s: answer without a token", path)
	}
	return out.Token, time.Duration(out.Life) * time.Second, nil
}

// call posts in to a path with the access token and reads the answer into out. A token that was
// refused is replaced once. The error is an *APIError when the platform refused; otherwise it is
// bot.Unclear if the request may have arrived and bot.RetryAfter if it did not.
func (c *client) call(ctx context.Context, path string, in, out any) error {
	if wait := c.paused(path); wait > 0 {
		return bot.RetryAfter(fmt.Errorf("%s: called too often", path), wait)
	}
	for first := true; ; first = false {
		token, err := c.tokens.Token(ctx)
		if err != nil {
			return c.beforeCall(err)
		}
		query := url.Values{"access_token": {token}}
		err = c.do(ctx, request{path: path, query: query, body: in}, out)
		if codes[codeOf(err)].class == classToken {
			c.tokens.Drop(token)
			if first {
				continue
			}
		}
		c.pace(path, err)
		return err
	}
}

// beforeCall classes a fault of fetching the token: the call itself was never made.
func (c *client) beforeCall(err error) error {
	if codes[codeOf(err)].class == classSetUp {
		return err
	}
	return bot.RetryAfter(fmt.Errorf("no access token: %w", err), 0)
}

func (c *client) paused(path string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pauses[path].until.Sub(c.now())
}

// pace lengthens the pause of a path that is called too often, and ends it when a call succeeds.
func (c *client) pace(path string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		delete(c.pauses, path)
	case codes[codeOf(err)].class == classBackOff:
		p := c.pauses[path]
		p.last = min(longPause, max(firstPause, 2*p.last))
		p.until = c.now().Add(p.last)
		c.pauses[path] = p
	}
}

// request is one HTTP request to the platform.
type request struct {
	path  string
	query url.Values
	body  any
}

func (c *client) do(ctx context.Context, r request, out any) error {
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { written.Store(true) },
	})
	req, err := c.build(ctx, r)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return unsure(r.path, written.Load(), err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return unsure(r.path, true, err)
	}
	if resp.StatusCode != http.StatusOK {
		return bot.Unclear(fmt.Errorf("%s: status %d", r.path, resp.StatusCode))
	}
	var head answer
	if err := json.Unmarshal(body, &head); err != nil {
		return bot.Unclear(fmt.Errorf("%s: answer is no JSON", r.path))
	}
	if head.ErrCode != 0 {
		return &APIError{Path: r.path, Code: head.ErrCode}
	}
	if err := json.Unmarshal(body, out); err != nil {
		return bot.Unclear(fmt.Errorf("%s: answer has another shape: %w", r.path, err))
	}
	return nil
}

func (c *client) build(ctx context.Context, r request) (*http.Request, error) {
	method, body := http.MethodGet, []byte(nil)
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return nil, bot.Permanent(fmt.Errorf("%s: encode: %w", r.path, err))
		}
		method = http.MethodPost
	}
	address := c.base + r.path + "?" + r.query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, bot.Permanent(fmt.Errorf("%s: bad address of the platform", r.path))
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// unsure classes a network fault by whether the request had begun to leave. The error of net/http
// holds the address with its secrets, so only its cause is kept.
func unsure(path string, written bool, err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	err = fmt.Errorf("%s: %w", path, err)
	if written {
		return bot.Unclear(err)
	}
	return bot.RetryAfter(err, 0)
}
