package wecomtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server plays the WeCom platform. It is an [http.Handler] for the platform's API; Start gives
// it a listener of its own. Its methods may be called from any goroutine.
type Server struct {
	cfg       Config
	crypt     *Crypt
	endpoints map[string]endpoint

	tokens accessTokens
	faults faults
	bells  bells
	sends  sends
	wire   wire

	switches switches

	mu        sync.Mutex // guards what follows, and every account, session and customer
	accounts  map[string]*account
	order     []string // account ids as they were added
	customers map[string]*Customer
	members   map[string]bool
	corp      corp
	stir      chan struct{} // closed and replaced when anything changes on any phone
	codes     map[string]*eventCode
	calls     map[string]int
	media     map[string]kept
	app       []AppMessage
	appNews   chan struct{} // closed and replaced at each app message and change of a card
	cards     cards
	logins    logins

	randMu sync.Mutex // guards cfg.Rand
	run    string     // names this run, for pages that outlive it

	ctx    context.Context // ends at Close
	cancel context.CancelFunc
	work   sync.WaitGroup
	http   *http.Server
	url    string
}

// New makes a platform that is not listening yet. It panics on an AES key that no console
// would accept, because a test can do nothing about it.
func New(cfg Config) *Server {
	cfg = cfg.withDefaults()
	crypt, err := NewCrypt(cfg.Token, cfg.AESKey)
	if err != nil {
		panic(err)
	}
	s := &Server{
		cfg: cfg, crypt: crypt,
		accounts: map[string]*account{}, customers: map[string]*Customer{},
		members: map[string]bool{}, codes: map[string]*eventCode{},
		calls: map[string]int{}, media: map[string]kept{}, appNews: make(chan struct{}),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.endpoints = endpoints()
	s.run = s.random(12)
	s.tokens.expires = map[string]time.Time{}
	s.faults.byPath = map[string][]*Fault{}
	s.bells.init(cfg.Callback)
	s.cards.init()
	s.logins.init()
	return s
}

// Start listens on a free port of 127.0.0.1. It panics when there is none, as httptest does.
func (s *Server) Start() {
	if err := s.Listen("127.0.0.1:0"); err != nil {
		panic(err)
	}
}

// Listen starts the server on the given address.
func (s *Server) Listen(address string) error {
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("wecomtest: %w", err)
	}
	s.url = "http://" + ln.Addr().String()
	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
	}
	s.work.Go(func() { _ = s.http.Serve(ln) })
	return nil
}

// URL is where the API is reached, without a slash at its end; empty before Start.
func (s *Server) URL() string { return s.url }

// Config is the configuration in effect, defaults filled in.
func (s *Server) Config() Config { return s.cfg }

// Crypt is the platform's side of the callback encryption.
func (s *Server) Crypt() *Crypt { return s.crypt }

// Close ends the listener, callbacks under way and pages that watch, and returns when all
// have ended.
func (s *Server) Close() {
	s.bells.close()
	s.cancel()
	if s.http != nil {
		_ = s.http.Close()
	}
	s.work.Wait()
	s.bells.client.CloseIdleConnections()
}

// Calls is how many requests have reached a path such as "/cgi-bin/gettoken".
func (s *Server) Calls(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[path]
}
