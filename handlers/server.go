package handlers

import (
	"net/http"
	"time"
)

// The limits of one connection. A stream lifts the first two for itself and sets its own for every
// write; a takeover may wait for a send under way, and must fit into writeTimeout.
const (
	readTimeout  = 30 * time.Second
	writeTimeout = 60 * time.Second
	idleTimeout  = 2 * time.Minute
	headTimeout  = 10 * time.Second
	maxHead      = 32 << 10
)

// NewServer returns a server with limits for slow, silent and oversized requests.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHead,
	}
}
