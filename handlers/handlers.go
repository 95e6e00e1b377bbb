package handlers

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rongjun/bot"
)

// face is everything that answers over HTTP.
type face struct {
	o        Options
	log      *slog.Logger
	pages    *pages
	metrics  http.Handler
	sessions *scs.SessionManager
	guard    *guard
	// firsts tells the stream of a contact who has no conversation yet of the first message.
	firsts *bot.Hub
}

// New returns the handler of all pages and calls. An error means that a page of the program
// itself is broken.
func New(o Options) (http.Handler, error) {
	p, err := loadPages()
	if err != nil {
		return nil, fmt.Errorf("load pages: %w", err)
	}
	f := &face{
		o: o, log: o.Log, pages: p,
		metrics:  promhttp.HandlerFor(o.Gatherer, promhttp.HandlerOpts{}),
		sessions: newSessions(o), guard: newGuard(o.Now), firsts: bot.NewHub(),
	}
	protection, err := sameOrigin(o.PublicURL)
	if err != nil {
		return nil, err
	}
	e := echo.New()
	e.HTTPErrorHandler = f.fail
	e.IPExtractor = clientAddress(o)
	e.Use(f.observe, f.survive, f.headers, protection)
	f.routes(e)
	return e, nil
}

// clientAddress says whose request it is, for the limits on signing in.
func clientAddress(o Options) echo.IPExtractor {
	if len(o.TrustedProxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{
		echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false),
	}
	for _, p := range o.TrustedProxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{
			IP:   p.Addr().AsSlice(),
			Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}
