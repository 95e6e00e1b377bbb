package platformtest

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Config is what a stand-in settles for the part that all have in common; every field is needed,
// but for those that say otherwise.
type Config struct {
	// Now is the platform's clock.
	Now func() time.Time

	// Rand feeds ids, tokens and the random bytes of encryption.
	Rand io.Reader

	// TokenLife is how long an access token is valid, TokenRenewal (0 is possible) how long before
	// its end a fresh one is given out, TokenLength how many characters it has.
	TokenLife, TokenRenewal time.Duration
	TokenLength             int

	// BadToken is the errcode for an access token that is not known.
	BadToken int

	// Callback is the URL that receives callbacks, or empty; CallbackTimeout is how long the
	// platform waits for the answer to one.
	Callback        string
	CallbackTimeout time.Duration
}

// Platform is a stand-in without its own calls and rules. Its methods may be called from any
// goroutine.
type Platform struct {
	cfg       Config
	tokens    tokens
	faults    faults
	callbacks callbacks
	uploads   uploads

	callsMu sync.Mutex
	calls   map[string]int

	randMu sync.Mutex // guards cfg.Rand

	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	work   sync.WaitGroup
	http   *http.Server
	url    string
}

// New makes a platform that is not listening yet.
func New(cfg Config) *Platform {
	p := &Platform{cfg: cfg, calls: map[string]int{}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.tokens.expires = map[string]time.Time{}
	p.faults.byPath = map[string][]*Fault{}
	p.callbacks.init(cfg.Callback)
	p.uploads.byID = map[string]uploaded{}
	return p
}

// Start listens on a free port of 127.0.0.1. It panics when there is none, as httptest does.
func (p *Platform) Start(h http.Handler) {
	if err := p.Listen("127.0.0.1:0", h); err != nil {
		panic(err)
	}
}

// Listen answers at the given address.
func (p *Platform) Listen(address string, h http.Handler) error {
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen as a platform: %w", err)
	}
	p.url = "http://" + ln.Addr().String()
	p.http = &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return p.ctx },
	}
	p.work.Go(func() { _ = p.http.Serve(ln) })
	return nil
}

// URL is where the API is reached, without a slash at its end; empty before Start.
func (p *Platform) URL() string { return p.url }

// Context ends when the platform closes.
func (p *Platform) Context() context.Context { return p.ctx }

// Close ends the listener, the callbacks under way and whatever watches Context, and returns when
// all have ended.
func (p *Platform) Close() {
	p.callbacks.close()
	p.cancel()
	if p.http != nil {
		_ = p.http.Close()
	}
	p.work.Wait()
	p.callbacks.client.CloseIdleConnections()
}

// Calls is how many requests have reached a path such as "/cgi-bin/gettoken".
func (p *Platform) Calls(path string) int {
	p.callsMu.Lock()
	defer p.callsMu.Unlock()
	return p.calls[path]
}

func (p *Platform) count(path string) {
	p.callsMu.Lock()
	defer p.callsMu.Unlock()
	p.calls[path]++
}

// Random is an unguessable name of n characters out of [0-9A-Za-z_-].
func (p *Platform) Random(n int) string {
	data := make([]byte, (n*3+3)/4)
	p.RandomBytes(data)
	return base64.RawURLEncoding.EncodeToString(data)[:n]
}

// RandomBytes fills into from Config.Rand; it panics when that fails.
func (p *Platform) RandomBytes(into []byte) {
	p.randMu.Lock()
	defer p.randMu.Unlock()
	if _, err := io.ReadFull(p.cfg.Rand, into); err != nil {
		panic(fmt.Errorf("read Config.Rand: %w", err))
	}
}

// Pause waits for d, or less when ctx ends or the platform closes.
func (p *Platform) Pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-p.ctx.Done():
	}
}
