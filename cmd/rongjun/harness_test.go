package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
	"rongjun/handlers/pagetest"
)

// patience bounds every wait for a signal; it is generous because machines are shared.
const patience = 60 * time.Second

// long reports whether the long sizes were asked for.
func long() bool { return os.Getenv("RONGJUN_TEST_LONG") == "1" }

// sized is the default size of a test, or the long one.
func sized(normal, extended int) int {
	if long() {
		return extended
	}
	return normal
}

// atOnce is how many tests run side by side, more than there are processors: most of them mostly wait,
// for commits, for pages and for a quiet moment.
const atOnce = "5"

// chromium shows the pages to all tests of this package, on a desk or a phone.
var (
	chromium pagetest.Browser
	wide     = pagetest.Size{Name: "wide", Width: 1440, Height: 900, Scale: 1}
	phone    = pagetest.Size{Name: "phone", Width: 390, Height: 844, Scale: 2}
)

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", atOnce) // what go test is told counts more, since it is read later
	code := m.Run()
	chromium.Close()
	if build.file != "" {
		_ = os.RemoveAll(filepath.Dir(build.file))
	}
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// within holds that something takes no longer than a limit at least once in a few tries: what takes too
// long by itself does so each time, what has to wait for a busy machine does not.
func within(t *testing.T, limit time.Duration, what string, try func()) {
	t.Helper()
	var took time.Duration
	for range 10 {
		began := time.Now()
		try()
		if took = time.Since(began); took < limit {
			return
		}
	}
	t.Errorf("%s took %s at last, never less than %s", what, took, limit)
}

// settings are the defaults with a folder and a port of the test's own, and quick turns. In the folder a
// program was started once.
func settings(t testing.TB, change func(*config.Config)) config.Config {
	t.Helper()
	s, err := config.Load("", func(string) (string, bool) { return "", false })
	require.NoError(t, err)
	s.Data, s.Listen = startedFolder(t), "127.0.0.1:0"
	s.Turn.Quiet, s.Turn.PerMinute = 30*time.Millisecond, 100_000
	if change != nil {
		change(&s)
	}
	return s
}

// running is a program of this process. It ends with the test, or earlier by stop, after which nothing
// of it runs any more and its database may be opened.
func running(t *testing.T, s config.Config) (p *Program, stop func()) {
	t.Helper()
	return runningAs(t, Options{Settings: s, Log: slog.New(slog.DiscardHandler)})
}

// runningAs is running with a clock or a log of the test's own.
func runningAs(t *testing.T, o Options) (p *Program, stop func()) {
	t.Helper()
	p, err := Open(t.Context(), o)
	require.NoError(t, err)
	p.share(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-ended)
		require.NoError(t, p.Close())
	})
	t.Cleanup(stop)
	return p, stop
}

const testAccount = "wkTest"

// platform is a stand-in for WeCom with one account; its callback is set by who uses it.
func platform(t *testing.T, c wecomtest.Config) *wecomtest.Server {
	t.Helper()
	srv := wecomtest.New(c)
	srv.Start()
	t.Cleanup(srv.Close)
	srv.AddAccount(testAccount, "退役军人服务中心")
	return srv
}

// onPlatform connects settings to the stand-in.
func onPlatform(srv *wecomtest.Server) func(*config.Config) {
	return func(s *config.Config) {
		connected, err := simulated(*s, srv)
		if err != nil {
			panic(err)
		}
		*s = connected
	}
}

// postgres makes a database of the test's own, or skips the test.
func postgres(t *testing.T) string {
	t.Helper()
	server := os.Getenv("RONGJUN_TEST_POSTGRES")
	if server == "" {
		t.Skip("RONGJUN_TEST_POSTGRES names no server")
	}
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, server)
	require.NoError(t, err)
	name := fmt.Sprintf("cmd_%d_%d", os.Getpid(), time.Now().UnixNano())
	_, err = admin.Exec(ctx, "CREATE DATABASE "+name)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
		require.NoError(t, err)
		require.NoError(t, admin.Close(ctx))
	})
	c, err := pgx.ParseConfig(server)
	require.NoError(t, err)
	return fmt.Sprintf("postgres://%s:%s@%s:%d/%s?sslmode=disable",
		c.User, c.Password, c.Host, c.Port, name)
}
