package handlers_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/webchat"
	"rongjun/bot/staff"
	"rongjun/bot/store"
	"rongjun/handlers"
)

const password = "长城脚下-2026-秋"

// rig is the pages behind a real listener, on a real database with the real worker and sender; only
// the answers, the callbacks' crypto and the faults are made up.
type rig struct {
	t        testing.TB
	url      string
	dir      string
	store    *store.Store
	hub      *bot.Hub
	accounts *staff.Accounts
	inbox    *inbox
	desk     *bot.Desk
	bells    *bells
	log      *logText
	done     chan struct{}

	mu        sync.Mutex
	readiness handlers.Readiness
	// why is the rule by which a question that is tried was decided, empty for the usual one.
	why string
	// asked are the turns tried out on the hit page.
	asked []bot.Turn
}

// emptyOnce is the file of a database without anything in it. The rigs start on copies, which take less
// than making all tables each time.
var emptyOnce = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "handlers-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.FileName))
})

// folder is a data folder with an empty database.
func folder(t testing.TB) string {
	t.Helper()
	file, err := emptyOnce()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, store.FileName), file, 0o600))
	return dir
}

// logText keeps what is logged.
type logText struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// patience bounds every wait for a signal; it is generous because machines are shared.
const patience = 60 * time.Second

// newRig starts everything; change may alter the options before.
func newRig(t testing.TB, change ...func(*handlers.Options)) *rig {
	t.Helper()
	r := &rig{
		t: t, dir: folder(t), hub: bot.NewHub(), log: &logText{}, bells: &bells{},
		done: make(chan struct{}),
		readiness: handlers.Readiness{
			Ready: true, Parts: map[string]handlers.Status{"database": {State: handlers.Works}},
			Channels: map[string]handlers.Status{"web": {State: handlers.Works}},
		},
	}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	r.store, err = store.Open(t.Context(), store.Options{
		Dir: r.dir, Exclusive: true, Changed: r.hub.Changed, Log: log,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.store.Close()) })
	r.accounts, err = staff.New(staff.Options{
		Members: r.store, Tokens: r.store, Rand: rand.Reader, Now: time.Now,
	})
	require.NoError(t, err)
	pacing := bot.Pacing{Quiet: 10 * time.Millisecond, Longest: time.Second, PerMinute: 1000}
	r.inbox = &inbox{real: &bot.Inbox{
		Store: r.store, Pacing: pacing, Urgent: func(string) bool { return false },
	}}
	r.desk = &bot.Desk{
		Channels:  map[string]bot.Channel{webchat.Name: webchat.Channel{}},
		Takeovers: r.store, Store: r.store, Due: r.store, Hub: r.hub, Rand: rand.Reader,
		Now: time.Now, Log: log, IdleAfter: time.Hour,
	}
	registry := prometheus.NewRegistry()
	metrics, err := handlers.NewMetrics(registry)
	require.NoError(t, err)
	r.run(pacing, metrics, log)
	o := handlers.Options{
		VerifyDir: filepath.Join(r.dir, "verify"),
		Callbacks: map[string]handlers.Callback{"wecom": callback{}},
		Inbox:     r.inbox, Bells: r.bells, Clicks: r.store, Hub: r.hub, Transcript: r.store, Visible: r.store,
		Turns: r.store, Desk: r.desk, Accounts: r.accounts, Sessions: r.store.Sessions(), States: r.store.Sessions(),
		Ready: r.ready, Gatherer: registry, Metrics: metrics, Done: r.done, Log: log,
		Now: time.Now, Rand: rand.Reader, Knowledge: r.knowledge(),
	}
	for _, f := range change {
		f(&o)
	}
	r.serve(o)
	return r
}

func (r *rig) serve(o handlers.Options) {
	h, err := handlers.New(o)
	require.NoError(r.t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(r.t, err)
	r.url = "http://" + listener.Addr().String()
	server := handlers.NewServer(h)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	r.t.Cleanup(func() {
		r.stopStreams()
		require.NoError(r.t, server.Close())
		require.ErrorIs(r.t, <-served, http.ErrServerClosed)
	})
}

func (r *rig) stopStreams() {
	select {
	case <-r.done:
	default:
		close(r.done)
	}
}

func (r *rig) ready(context.Context) handlers.Readiness {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.readiness
}

func (r *rig) run(p bot.Pacing, m *handlers.Metrics, log *slog.Logger) {
	channels := map[string]bot.Channel{webchat.Name: webchat.Channel{}}
	worker := &bot.Worker{
		Store: r.store, Answerer: answerer{}, Channels: channels, Hub: r.hub, Pacing: p,
		Rand: rand.Reader, Now: time.Now, Log: log, Observer: m, Parallel: 2, Sweep: time.Second,
	}
	sender := &bot.Sender{
		Store: r.store, Channels: channels, Hub: r.hub, Now: time.Now, Log: log, Observer: m,
		Parallel: 2, Sweep: time.Second,
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { worker.Run(ctx) })
	running.Go(func() { sender.Run(ctx) })
	r.t.Cleanup(func() { stop(); running.Wait() })
}

func (r *rig) addStaff(name string, role staff.Role) {
	r.t.Helper()
	err := r.accounts.Add(r.t.Context(), staff.NewMember{Name: name, Role: role, Password: password})
	require.NoError(r.t, err)
}

// browser is an HTTP client with cookies that shows redirects as they are.
type browser struct {
	*rig
	client *http.Client
	jar    http.CookieJar
}

func (r *rig) browser() *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(r.t, err)
	return &browser{rig: r, jar: jar, client: &http.Client{
		Jar: jar, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a response that was read.
type answer struct {
	*http.Response
	body string
}

func (b *browser) do(method, path, kind, body string, headers ...string) answer {
	b.t.Helper()
	request, err := http.NewRequestWithContext(
		b.t.Context(), method, b.url+path, strings.NewReader(body))
	require.NoError(b.t, err)
	request.Header.Set("Accept", "text/html")
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.client.Do(request)
	require.NoError(b.t, err)
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	return answer{response, string(read)}
}

func (b *browser) get(path string) answer { return b.do(http.MethodGet, path, "", "") }

func (b *browser) form(path string, values url.Values) answer {
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", values.Encode())
}

func (b *browser) json(path, body string) answer {
	return b.do(http.MethodPost, path, "application/json", body, "Accept", "application/json")
}

func (b *browser) signIn(name string) {
	b.t.Helper()
	a := b.form("/desk/signin", url.Values{"name": {name}, "password": {password}})
	require.Equal(b.t, http.StatusSeeOther, a.StatusCode, a.body)
	require.Equal(b.t, "/desk", a.Header.Get("Location"))
}

// eventually waits for something that other goroutines bring about.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	require.Eventually(t, done, patience, 10*time.Millisecond, what)
}

// only returns the one conversation there is.
func (r *rig) only() bot.Conversation {
	r.t.Helper()
	all, err := r.store.Conversations(r.t.Context(), "", 10)
	require.NoError(r.t, err)
	require.Len(r.t, all, 1)
	return all[0]
}

func trusted(prefix string) func(*handlers.Options) {
	return func(o *handlers.Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(prefix)}
	}
}

var errDisk = errors.Join(bot.ErrUnavailable, errors.New("disk is full"))
