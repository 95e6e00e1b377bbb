package wecom_test

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	_ bot.Channel = (*wecom.Channel)(nil)
	_ bot.Puller  = (*wecom.Channel)(nil)
)

const account = "kf1"

// clock is moved by hand and read by both sides.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) Add(d time.Duration) { c.mu.Lock(); c.t = c.t.Add(d); c.mu.Unlock() }

// world is a platform with one account and our channel on it.
type world struct {
	*wecomtest.Server
	channel *wecom.Channel
	clock   *clock
	log     *strings.Builder
}

func newWorld(t *testing.T, change func(*wecom.Options)) world {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	srv := wecomtest.New(wecomtest.Config{Now: c.Now})
	srv.Start()
	t.Cleanup(srv.Close)
	srv.AddAccount(account, "样例市退役军人服务中心")
	cfg := srv.Config()
	var log strings.Builder
	o := wecom.Options{
		CorpID: cfg.CorpID, AgentID: 1000002, Secret: cfg.Secret, Token: cfg.Token,
		AESKey: cfg.AESKey, APIBase: srv.URL(), Now: c.Now, Rand: rand.Reader,
		Log: slog.New(slog.NewTextHandler(&lockedWriter{w: &log}, nil)),
	}
	if change != nil {
		change(&o)
	}
	channel, err := wecom.New(o)
	require.NoError(t, err)
	return world{Server: srv, channel: channel, clock: c, log: &log}
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func outgoing(to, id, text string) bot.Outgoing {
	return bot.Outgoing{
		Address: bot.Address{Channel: wecom.Name, Account: account, ExternalID: to},
		ID:      id, From: bot.FromBot, Text: text,
	}
}

// callback is a request of the platform as our handler sees it.
func (w world) callback(t *testing.T, plain []byte) (url.Values, []byte) {
	t.Helper()
	w.SetCallback("http://127.0.0.1/callback/wecom")
	r, err := w.CallbackRequest(t.Context(), plain)
	require.NoError(t, err)
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return r.URL.Query(), body
}
