package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

// noise keeps a log.
type noise struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes a line of the log.
func (n *noise) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(p)
}

func (n *noise) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.String()
}

// What must not be found in a log.
const (
	saidPhone = "13812345678"
	saidCard  = "11010519491231002X"
	saidWords = "我叫赵铁柱，电话" + saidPhone + "，号码" + saidCard + "，优待证怎么办理？"
	modelKey  = "sk-very-secret"
	outsider  = "wmZhaoTiezhu001"
)

func TestTheLogHoldsNobodysWordsNumbersIDsOrSecrets(t *testing.T) {
	t.Parallel()
	log := &noise{}
	srv := platform(t, wecomtest.Config{})
	model := newModel(t, status(http.StatusInternalServerError)) // repeats what it was sent
	s := settings(t, func(s *config.Config) {
		onPlatform(srv)(s)
		s.Data = t.TempDir() // where no start has made the first account yet
		s.LLM = config.Endpoint{
			BaseURL: model.url, Model: "m", Key: config.NewSecret(modelKey), Timeout: time.Second,
		}
		s.Embeddings = s.LLM
	})
	p, stop := runningAs(t, Options{
		Settings: s,
		Log:      slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	srv.SetCallback(p.URL() + "/callback/wecom")
	require.NoError(t, p.accounts.Add(t.Context(), wang))
	token, err := p.accounts.IssueToken(t.Context(), wang.Name)
	require.NoError(t, err)

	v := newVisitor(t, p.URL())
	makeNoise(t, p, srv, v, token)
	stop()

	text := log.String()
	require.Greater(t, strings.Count(text, "\n"), 30, "there was noise")
	for _, level := range []string{"level=DEBUG", "level=INFO", "level=WARN"} {
		require.Contains(t, text, level)
	}
	address, err := url.Parse(p.URL())
	require.NoError(t, err)
	cfg := srv.Config()
	forbidden := []string{
		saidPhone, saidCard, "赵铁柱", "优待证", "暗号是榕树", outsider, modelKey, token, deskPassword,
		p.firstPassword, cfg.Secret, cfg.Token, cfg.AESKey, "access_token", "wrong-password-77",
		"msg_signature", "rongjun_wrong_token",
	}
	for _, cookie := range v.http.Jar.Cookies(address) {
		forbidden = append(forbidden, cookie.Value)
	}
	for _, secret := range forbidden {
		require.NotEmpty(t, secret)
		for line := range strings.SplitSeq(text, "\n") {
			assert.NotContains(t, line, secret)
		}
	}
}

// makeNoise lets everything happen that is worth a line in the log, with words that must not be there.
func makeNoise(t *testing.T, p *Program, srv *wecomtest.Server, v *visitor, token string) {
	t.Helper()
	li := &customer{Customer: srv.Customer(outsider), t: t}
	srv.Fault("/cgi-bin/kf/sync_msg", wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1})
	srv.Fault("/cgi-bin/kf/send_msg", wecomtest.Fault{Code: 40014, Times: 1})
	srv.Fault("/cgi-bin/kf/send_msg", wecomtest.Fault{Drop: wecomtest.DropBefore, Times: 1})
	srv.Fault("/cgi-bin/kf/send_msg", wecomtest.Fault{Status: http.StatusBadGateway, Times: 1})
	li.Say(testAccount, saidWords)
	li.hear("人工")
	li.SendRaw(testAccount, map[string]any{"msgtype": "text", "text": saidWords})
	li.RefuseSends(10)
	li.Say(testAccount, "转人工，暗号是榕树")

	page := v.watch("")
	v.say(saidWords)
	page.next("bot")
	v.post("", "e")
	v.post(strings.Repeat("赵铁柱", 40_000), "long")
	v.submit("/chat/messages", url.Values{"text": {saidWords}, "client_id": {"bad id 赵铁柱"}})
	v.get("/chat/" + saidPhone + "?q=" + outsider)
	v.get("/callback/wecom?echostr=x&msg_signature=" + saidPhone)
	aCallback(t, srv).spoiltPost(t)

	v.signIn(wang.Name, "wrong-password-77")
	v.signIn("赵铁柱", "wrong-password-77")
	require.Equal(t, "/desk", v.signIn(wang.Name, wang.Password).header.Get("Location"))
	v.get("/desk/conversations/1")
	v.submit("/desk/conversations/1/takeover", nil)
	v.submit("/desk/conversations/1/messages", url.Values{"text": {"暗号是榕树"}, "client_id": {"s1"}})
	v.submit("/desk/conversations/1/release", nil)
	v.call(http.MethodGet, "/api/v1/conversations", token)
	v.call(http.MethodGet, "/api/v1/conversations", "rongjun_wrong_token")
	v.call(http.MethodPost, "/api/v1/conversations/2/takeover", token)

	mend := held(t, p.settings.Data)
	v.post(saidWords, "held")
	mend()
}

// spoiltPost posts the callback with a body that does not belong to its signature.
func (c callback) spoiltPost(t *testing.T) {
	t.Helper()
	c.body = bytes.Replace(c.body, []byte("<Encrypt><![CDATA["), []byte("<Encrypt><![CDATA["+saidPhone), 1)
	assert.Equal(t, http.StatusForbidden, c.post(t, true))
}
