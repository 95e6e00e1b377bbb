package wechattest

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

// Server plays the platform. It is an [http.Handler] for the platform's API; Start gives it a
// listener of its own. Its methods may be called from any goroutine.
type Server struct {
	cfg   Config
	crypt *Crypt

	tokens   tokens
	faults   faults
	delivery delivery

	mu        sync.Mutex // guards what follows, and every follower
	followers map[string]*Follower
	calls     map[string]int
	media     map[string]media
	lastMsgID int64

	randMu sync.Mutex // guards cfg.Rand

	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	work   sync.WaitGroup
	http   *http.Server
	url    string
}

// firstMsgID is as long as the platform's ids are.
const firstMsgID = 25_000_000_000_000_000

// New makes a platform that is not listening yet. It panics on an AES key that no console would
// accept, because a test can do nothing about it.
func New(cfg Config) *Server {
	cfg = cfg.withDefaults()
	crypt, err := NewCrypt(cfg.AppID, cfg.AESKey)
	if err != nil {
		panic(err)
	}
	s := &Server{
		cfg: cfg, crypt: crypt, followers: map[string]*Follower{}, calls: map[string]int{},
		media: map[string]media{}, lastMsgID: firstMsgID,
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.tokens.expires = map[string]time.Time{}
	s.faults.byPath = map[string][]*Fault{}
	s.delivery.init(cfg.Callback)
	return s
}

// Start listens on a free port of 127.0.0.1. It panics when there is none, as httptest does.
func (s *Server) Start() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Errorf("wechattest: %w", err))
	}
	s.url = "http://" + ln.Addr().String()
	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
	}
	s.work.Go(func() { _ = s.http.Serve(ln) })
}

// URL is where the API is reached, without a slash at its end; empty before Start.
func (s *Server) URL() string { return s.url }

// Config is the configuration in effect, defaults filled in.
func (s *Server) Config() Config { return s.cfg }

// Crypt is the platform's side of the encryption.
func (s *Server) Crypt() *Crypt { return s.crypt }

// Close ends the listener and the callbacks under way, and returns when all have ended.
func (s *Server) Close() {
	s.delivery.close()
	s.cancel()
	if s.http != nil {
		_ = s.http.Close()
	}
	s.work.Wait()
	s.delivery.client.CloseIdleConnections()
}

// Calls is how many requests have reached a path such as "/cgi-bin/stable_token".
func (s *Server) Calls(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[path]
}

// random is an unguessable name of n characters out of [0-9A-Za-z_-].
func (s *Server) random(n int) string {
	data := make([]byte, (n*3+3)/4)
	s.randomBytes(data)
	return base64.RawURLEncoding.EncodeToString(data)[:n]
}

func (s *Server) randomBytes(into []byte) {
	s.randMu.Lock()
	defer s.randMu.Unlock()
	if _, err := io.ReadFull(s.cfg.Rand, into); err != nil {
		panic(fmt.Errorf("wechattest: read Config.Rand: %w", err))
	}
}
