package wechattest

import (
	"sync"

	"rongjun/bot/channel/platform/platformtest"
)

// Server plays the platform. It is an [http.Handler] for the platform's API; Start gives it a
// listener of its own. Its methods may be called from any goroutine.
type Server struct {
	*platformtest.Platform

	cfg   Config
	crypt *Crypt

	mu        sync.Mutex // guards what follows, and every follower
	followers map[string]*Follower
	media     map[string]File
	lastMsgID int64
	delivery  Delivery
}

// firstMsgID is as long as the platform's ids are.
const firstMsgID = 25_000_000_000_000_000

// New makes a platform that is not listening yet. It panics on an AES key that no console would
// accept, because a test can do nothing about it.
func New(cfg Config) *Server {
	cfg = cfg.withDefaults()
	crypt, err := platformtest.NewCrypt(cfg.AESKey)
	if err != nil {
		panic(err)
	}
	return &Server{
		Platform: platformtest.New(platformtest.Config{
			Now: cfg.Now, Rand: cfg.Rand, TokenLife: cfg.TokenLife, TokenRenewal: renewal,
			TokenLength: tokenLength, BadToken: codeBadSecret,
			Callback: cfg.Callback, CallbackTimeout: cfg.CallbackTimeout,
		}),
		cfg: cfg, crypt: crypt, followers: map[string]*Follower{}, media: map[string]File{},
		lastMsgID: firstMsgID,
	}
}

// Start listens on a free port of 127.0.0.1. It panics when there is none, as httptest does.
func (s *Server) Start() { s.Platform.Start(s) }

// Config is the configuration in effect, defaults filled in.
func (s *Server) Config() Config { return s.cfg }

// Crypt is the platform's side of the encryption.
func (s *Server) Crypt() *Crypt { return s.crypt }
