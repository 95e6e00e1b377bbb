package handlers

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/labstack/echo/v4"
)

// observe counts and logs every request by its route: neither the path, which may carry an id, nor
// the query, nor the address of the asker.
func (f *face) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := f.o.Now()
		if err := next(c); err != nil {
			c.Error(err)
		}
		took := f.o.Now().Sub(began)
		route, status := c.Path(), c.Response().Status
		if route == "" || status == http.StatusNotFound {
			route = "none"
		}
		if !strings.HasSuffix(route, "/events") { // a stream's time says how long a page was open
			f.o.Metrics.requested(c.Request().Method, route, status, took)
		}
		f.log.Log(c.Request().Context(), levelOf(route), "request",
			"method", c.Request().Method, "route", route, "status", status,
			"bytes", c.Response().Size, "took", took)
		return nil
	}
}

// levelOf keeps what probes and pages ask for all the time out of the usual log.
func levelOf(route string) slog.Level {
	for _, often := range []string{"/healthz", "/readyz", "/metrics", "/static", "none"} {
		if strings.HasPrefix(route, often) {
			return slog.LevelDebug
		}
	}
	return slog.LevelInfo
}

// survive turns a panic into an error with its stack in the log. http.ErrAbortHandler goes on:
// it is how a connection is closed without an answer.
func (f *face) survive(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			r := recover()
			if r == nil {
				return
			}
			if cause, ok := r.(error); ok && errors.Is(cause, http.ErrAbortHandler) {
				panic(http.ErrAbortHandler)
			}
			f.log.Error("handler panicked", "route", c.Path(), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}()
		return next(c)
	}
}

// policy allows our own script, style, pictures and sound, and nothing inline or from elsewhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (f *face) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if f.o.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// sameOrigin refuses what another site makes a browser post here. Platforms and programs, which
// send neither Origin nor Sec-Fetch-Site, are not concerned.
func sameOrigin(publicURL string) (echo.MiddlewareFunc, error) {
	p := http.NewCrossOriginProtection()
	if publicURL != "" {
		u, err := url.Parse(publicURL)
		if err == nil {
			err = p.AddTrustedOrigin(u.Scheme + "://" + u.Host)
		}
		if err != nil {
			return nil, fmt.Errorf("public address %q: %w", publicURL, err)
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := p.Check(c.Request()); err != nil {
				return echo.NewHTTPError(http.StatusForbidden).SetInternal(err)
			}
			return next(c)
		}
	}, nil
}
