package wecomtest

import (
	"sync"

	"rongjun/bot/channel/platform/platformtest"
)

// Server plays the WeCom platform. It is an [http.Handler] for the platform's API; Start gives
// it a listener of its own. Its methods may be called from any goroutine.
type Server struct {
	*platformtest.Platform

	cfg       Config
	crypt     *Crypt
	endpoints map[string]endpoint

	bells bells
	sends sends
	wire  wire

	switches switches

	mu        sync.Mutex // guards what follows, and every account, session and customer
	accounts  map[string]*account
	order     []string // account ids as they were added
	customers map[string]*Customer
	members   map[string]bool
	corp      corp
	stir      chan struct{} // closed and replaced when anything changes on any phone
	codes     map[string]*eventCode
	media     map[string]kept
	app       []AppMessage
	appNews   chan struct{} // closed and replaced at each app message and change of a card
	cards     cards
	logins    logins

	run string // names this run, for pages that outlive it
}

// New makes a platform that is not listening yet. It panics on an AES key that no console
// would accept, because a test can do nothing about it.
func New(cfg Config) *Server {
	cfg = cfg.withDefaults()
	crypt, err := platformtest.NewCrypt(cfg.AESKey)
	if err != nil {
		panic(err)
	}
	s := &Server{
		Platform: platformtest.New(platformtest.Config{
			Now: cfg.Now, Rand: cfg.Rand, TokenLife: cfg.TokenLife, TokenLength: tokenLength,
			BadToken: codeBadToken, Callback: cfg.Callback, CallbackTimeout: cfg.CallbackTimeout,
		}),
		cfg: cfg, crypt: crypt, endpoints: endpoints(),
		accounts: map[string]*account{}, customers: map[string]*Customer{},
		members: map[string]bool{}, codes: map[string]*eventCode{},
		media: map[string]kept{}, appNews: make(chan struct{}),
	}
	s.run = s.Random(12)
	s.cards.init()
	s.logins.init()
	return s
}

// Start listens on a free port of 127.0.0.1. It panics when there is none, as httptest does.
func (s *Server) Start() { s.Platform.Start(s) }

// Listen starts the server on the given address.
func (s *Server) Listen(address string) error { return s.Platform.Listen(address, s) }

// Config is the configuration in effect, defaults filled in.
func (s *Server) Config() Config { return s.cfg }

// Crypt is the platform's side of the callback encryption.
func (s *Server) Crypt() *Crypt { return s.crypt }
