package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

// patient is a set-up in good order: a platform, a program, and a reverse proxy before it. The tests
// spoil one thing and let the doctor find it.
type patient struct {
	t     *testing.T
	srv   *wecomtest.Server
	staff *wecomtest.Receptionist
	// s are the settings that the doctor is given.
	s   config.Config
	ask doctorCommand
	// off is how wrong this machine's clock is.
	off time.Duration
	// before may answer in the proxy's place; after changes what goes back.
	before func(http.ResponseWriter, *http.Request) bool
	after  func(*http.Response) error
}

// examinable is a running program in good order, with a proof of domain, which patients may share: each
// of them brings a platform and a proxy of its own.
func examinable(t *testing.T) *Program {
	t.Helper()
	s := settings(t, onPlatform(platform(t, wecomtest.Config{})))
	dir := filepath.Join(s.Data, "verify")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "WW_verify_a1.txt"), []byte("a1"), 0o600))
	program, _ := running(t, s)
	return program
}

func newPatient(t *testing.T, program *Program) *patient {
	t.Helper()
	p := &patient{t: t, srv: platform(t, wecomtest.Config{}), s: program.settings}
	p.staff = p.srv.AddReceptionist(testAccount, "zhang")
	p.s.Sample, p.s.WeCom.APIBase = config.Automatic, p.srv.URL()
	p.s.Listen = program.listener.Addr().String()
	p.s.PublicURL = p.proxy(program.URL()).URL
	return p
}

// proxy is a reverse proxy as operators have one before the program.
func (p *patient) proxy(to string) *httptest.Server {
	target, err := url.Parse(to)
	require.NoError(p.t, err)
	forward := httputil.NewSingleHostReverseProxy(target)
	forward.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	forward.ModifyResponse = func(r *http.Response) error {
		if p.after == nil {
			return nil
		}
		return p.after(r)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.before == nil || !p.before(w, r) {
			forward.ServeHTTP(w, r)
		}
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.Start()
	p.t.Cleanup(server.Close)
	return server
}

func (p *patient) examined() checkup {
	p.t.Helper()
	x, err := newExamination(p.s, p.ask, func() time.Time { return time.Now().Add(p.off) })
	require.NoError(p.t, err)
	return x.examine(p.t.Context())
}

// refuses lets one call of the platform answer with an error code.
func refuses(path string, code int) func(*patient) {
	return func(p *patient) { p.srv.Fault(path, wecomtest.Fault{Code: code}) }
}

// answersWith lets the proxy answer in the program's place.
func answersWith(status int, only string) func(*patient) {
	return func(p *patient) {
		p.before = func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.URL.Path, "/callback/") || only != "" && r.Method != only {
				return false
			}
			if status == http.StatusMovedPermanently {
				w.Header().Set("Location", "https://elsewhere.invalid/")
			}
			w.WriteHeader(status)
			return true
		}
	}
}
