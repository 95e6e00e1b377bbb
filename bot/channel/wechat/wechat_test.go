package wechat_test

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
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wechat/wechattest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ bot.Channel = (*wechat.Channel)(nil)

// clock is moved by hand and read by both sides.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) Add(d time.Duration) { c.mu.Lock(); c.t = c.t.Add(d); c.mu.Unlock() }

// world is a platform with one account and our channel on it.
type world struct {
	*wechattest.Server
	channel *wechat.Channel
	clock   *clock
	log     *lockedLog
}

func newWorld(t *testing.T, cfg wechattest.Config, change func(*wechat.Options)) world {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	cfg.Now = c.Now
	srv := wechattest.New(cfg)
	srv.Start()
	t.Cleanup(srv.Close)
	cfg = srv.Config()
	log := new(lockedLog)
	o := wechat.Options{
		AppID: cfg.AppID, Secret: cfg.Secret, Token: cfg.Token, AESKey: cfg.AESKey,
		Plain: cfg.Plain, APIBase: srv.URL(), Now: c.Now, Rand: rand.Reader,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	channel, err := wechat.New(o)
	require.NoError(t, err)
	srv.SetCallback("http://127.0.0.1/callback/wechat")
	srv.SetDelivery(wechattest.Delivery{Muted: true})
	return world{Server: srv, channel: channel, clock: c, log: log}
}

type lockedLog struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedLog) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

// request is a callback of the platform as our handler sees it.
func (w world) request(t *testing.T, plain []byte) (url.Values, []byte) {
	t.Helper()
	r, err := w.CallbackRequest(t.Context(), "li", plain)
	require.NoError(t, err)
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return r.URL.Query(), body
}

// decode lets our channel read a message or event of li.
func (w world) decode(t *testing.T, kind string, fields ...string) bot.Delivery {
	t.Helper()
	query, body := w.request(t, w.XML("li", kind, fields...))
	d, err := w.channel.Decode(query, body)
	require.NoError(t, err)
	return d
}

func outgoing(text string) bot.Outgoing {
	return bot.Outgoing{
		Address: bot.Address{Channel: wechat.Name, Account: "wx", ExternalID: "li"},
		ID:      "m1", From: bot.FromBot, Text: text,
	}
}
