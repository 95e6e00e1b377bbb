package platformtest

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	// MaxBody bounds the body of a request and of the answer to a callback; real ones are a few
	// kilobytes.
	MaxBody = 1 << 20

	// Tries is how often an unanswered callback is posted in all.
	Tries = 3
)

// Callback is one try of the platform to tell the program something.
type Callback struct {
	N      int       // counts the callbacks where the stand-in numbers them; the tries of one share it
	Try    int       // from 1
	At     time.Time // when it was posted, by the machine's clock
	Took   time.Duration
	Plain  string // the XML before encryption
	Status int    // of the answer; 0: none came
	Answer string // its body
	Err    string // why none came
}

// callbacks are those under way and what became of the others.
type callbacks struct {
	client *http.Client

	mu     sync.Mutex
	url    string
	log    []Callback
	closed bool
	busy   int
	idle   chan struct{} // closed and replaced when busy falls to 0
}

func (c *callbacks) init(target string) {
	c.url = target
	c.idle = make(chan struct{})
	c.client = &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// SetCallback sets the URL that receives callbacks; empty: none is told of anything.
func (p *Platform) SetCallback(target string) {
	p.callbacks.mu.Lock()
	defer p.callbacks.mu.Unlock()
	p.callbacks.url = target
}

// Deaf is whether nobody receives callbacks.
func (p *Platform) Deaf() bool { return p.callbacks.target() == "" }

// Callbacks is every try of every callback so far, in the order in which they ended.
func (p *Platform) Callbacks() []Callback {
	p.callbacks.mu.Lock()
	defer p.callbacks.mu.Unlock()
	return append([]Callback{}, p.callbacks.log...)
}

// WaitCallbacks returns when no callback is under way.
func (p *Platform) WaitCallbacks(ctx context.Context) error {
	c := &p.callbacks
	for {
		c.mu.Lock()
		busy, idle := c.busy, c.idle
		c.mu.Unlock()
		if busy == 0 {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return fmt.Errorf("wait for callbacks: %w", ctx.Err())
		}
	}
}

// Deliver runs the tries of one callback in a goroutine of its own; nothing once the platform
// closes.
func (p *Platform) Deliver(tries func()) {
	c := &p.callbacks
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.busy++
	p.work.Go(func() {
		defer c.done()
		tries()
	})
}

// Try posts a callback made by [Platform.Request] once and tells what came of it; the request may
// be tried again.
func (p *Platform) Try(r *http.Request) Callback {
	c := Callback{At: time.Now()}
	ctx, cancel := context.WithTimeout(r.Context(), p.cfg.CallbackTimeout)
	defer cancel()
	again := r.Clone(ctx)
	var err error
	if again.Body, err = r.GetBody(); err == nil {
		c.Status, c.Answer, err = p.callbacks.exchange(again)
	}
	c.Took = time.Since(c.At)
	if err != nil {
		c.Err = err.Error()
	}
	return c
}

// Note keeps a try for Callbacks.
func (p *Platform) Note(c Callback) {
	p.callbacks.mu.Lock()
	defer p.callbacks.mu.Unlock()
	p.callbacks.log = append(p.callbacks.log, c)
}

// Request makes the POST that hands a body over, with what is signed in its query.
func (p *Platform) Request(ctx context.Context, query url.Values, body string) (*http.Request, error) {
	target, err := p.callbacks.address(query)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("build callback: %w", err)
	}
	r.Header.Set("Content-Type", "text/xml")
	return r, nil
}

// Echo makes the check of the admin console: the callback must answer a GET with exactly the bytes
// wanted. It returns what came.
func (p *Platform) Echo(ctx context.Context, query url.Values, want string) (got string, err error) {
	target, err := p.callbacks.address(query)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return "", fmt.Errorf("build URL check: %w", err)
	}
	status, got, err := p.callbacks.exchange(r)
	if err != nil {
		return "", fmt.Errorf("check callback URL: %w", err)
	}
	if status != http.StatusOK || got != want {
		return got, fmt.Errorf("callback answered %d with %d bytes that are not the echo", status, len(got))
	}
	return got, nil
}

// exchange is one request and its answer, or neither status nor answer.
func (c *callbacks) exchange(r *http.Request) (status int, answer string, err error) {
	resp, err := c.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody))
	if err != nil {
		return 0, "", err
	}
	return resp.StatusCode, string(body), nil
}

// address is the callback's URL with more in its query.
func (c *callbacks) address(query url.Values) (string, error) {
	target, err := url.Parse(c.target())
	if err != nil {
		return "", fmt.Errorf("parse callback URL: %w", err)
	}
	if target.Host == "" {
		return "", errors.New("no callback URL is set")
	}
	all := target.Query()
	for k, v := range query {
		all[k] = v
	}
	target.RawQuery = all.Encode()
	return target.String(), nil
}

func (c *callbacks) target() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.url
}

func (c *callbacks) done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy--; c.busy == 0 {
		close(c.idle)
		c.idle = make(chan struct{})
	}
}

func (c *callbacks) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
}

// XML writes elements in the given order, name and value alternating, as the plaintext of a
// callback.
func XML(fields ...string) []byte {
	var b bytes.Buffer
	b.WriteString("<xml>")
	for i := 0; i+1 < len(fields); i += 2 {
		b.WriteString("<" + fields[i] + ">")
		_ = xml.EscapeText(&b, []byte(fields[i+1])) // a bytes.Buffer takes everything
		b.WriteString("</" + fields[i] + ">")
	}
	b.WriteString("</xml>")
	return b.Bytes()
}
