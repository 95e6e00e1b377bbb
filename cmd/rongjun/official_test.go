package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wechat/wechattest"
	"rongjun/config"
)

// onAccount connects settings to a stand-in for the platform of official accounts.
func onAccount(srv *wechattest.Server) func(*config.Config) {
	return func(s *config.Config) {
		cfg := srv.Config()
		s.WeChat = config.WeChat{
			AppID: cfg.AppID, Secret: config.NewSecret(cfg.Secret), Token: config.NewSecret(cfg.Token),
			AESKey: config.NewSecret(cfg.AESKey), Mode: config.Encrypted, APIBase: srv.URL(),
		}
		if cfg.Plain {
			s.WeChat.Mode = config.Plain
		}
		s.Sample = config.Yes
	}
}

// since is a clock that was set once and goes on: what the foreign implementation made stays young.
func since(set time.Time) func() time.Time {
	began := time.Now()
	return func() time.Time { return set.Add(time.Since(began)) }
}

// onOfficial is a running program with an official account on a stand-in, at the time at which the
// foreign callbacks were written.
func onOfficial(
	t *testing.T, cfg wechattest.Config, change func(*config.Config),
) (*wechattest.Server, *Program) {
	t.Helper()
	now := since(time.Unix(1795510800, 0))
	cfg.Now = now
	srv := wechattest.New(cfg)
	srv.Start()
	t.Cleanup(srv.Close)
	s := settings(t, onAccount(srv))
	if change != nil {
		change(&s)
	}
	p, _ := runningAs(t, Options{Settings: s, Log: slog.New(slog.DiscardHandler), Now: now})
	srv.SetCallback(p.URL() + "/callback/wechat")
	return srv, p
}

// follower is a follower of the account that a test waits for.
type follower struct {
	*wechattest.Follower
	t    *testing.T
	read int
}

// hear waits for a message that holds the words, and returns it.
func (f *follower) hear(words string) wechattest.Received {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), patience)
	defer cancel()
	for {
		all, err := f.Wait(ctx, f.read+1)
		require.NoError(f.t, err, "%q was never heard", words)
		m := all[f.read]
		f.read++
		if strings.Contains(m.Text, words) {
			return m
		}
	}
}

// sealed is a callback of the account made by another implementation than ours.
type sealed struct {
	Timestamp    string `json:"timestamp"`
	Nonce        string `json:"nonce"`
	Encrypted    string `json:"encrypted"`
	Signature    string `json:"signature"`
	MsgSignature string `json:"msg_signature"`
	Plain        string `json:"plain"`
}

// foreignFollower is who they come from.
const foreignFollower = "oForeignFollower0000000000001"

// withSealed runs a test with the committed callbacks, and with fresh ones where Node is.
func withSealed(t *testing.T, test func(*testing.T, map[string]sealed)) {
	t.Helper()
	run := func(name string, read func(*testing.T) []byte) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all map[string]sealed
			require.NoError(t, json.Unmarshal(read(t), &all))
			test(t, all)
		})
	}
	run("committed", func(t *testing.T) []byte {
		data, err := os.ReadFile("testdata/official.json")
		require.NoError(t, err)
		return data
	})
	run("made anew", func(t *testing.T) []byte { return freshForeign(t, "testdata/official.mjs") })
}

// post posts the callback as the platform does in safe mode.
func (f sealed) post(t *testing.T, p *Program) (status int, answer string, took time.Duration) {
	t.Helper()
	return postCallback(t, p, url.Values{
		"signature": {f.Signature}, "timestamp": {f.Timestamp}, "nonce": {f.Nonce},
		"openid": {foreignFollower}, "encrypt_type": {"aes"}, "msg_signature": {f.MsgSignature},
	}, "<xml><ToUserName><![CDATA[gh_0fa0ce5e57c0]]></ToUserName><Encrypt><![CDATA["+
		f.Encrypted+"]]></Encrypt></xml>")
}

func postCallback(
	t *testing.T, p *Program, query url.Values, body string,
) (status int, answer string, took time.Duration) {
	t.Helper()
	began := time.Now()
	resp, err := http.Post(p.URL()+"/callback/wechat?"+query.Encode(), "text/xml", strings.NewReader(body))
	require.NoError(t, err)
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode, string(data), time.Since(began)
}

// writer is the foreign follower, whose window is open.
func writer(t *testing.T, srv *wechattest.Server) *follower {
	t.Helper()
	srv.SetDelivery(wechattest.Delivery{Muted: true})
	f := &follower{Follower: srv.Follower(foreignFollower), t: t}
	f.Say("这条没有送到我们这里，只打开了平台的窗口")
	return f
}

func conversationOf(t *testing.T, p *Program, srv *wechattest.Server, openID string) bot.Conversation {
	t.Helper()
	c, err := p.store.ConversationOf(t.Context(), bot.Address{
		Channel: wechat.Name, Account: srv.Config().AppID, ExternalID: openID,
	})
	require.NoError(t, err)
	return c
}

func TestOfficialCase1_APlainMessageInEncryptedModeIsForbidden(t *testing.T) {
	t.Parallel()
	withSealed(t, func(t *testing.T, callbacks map[string]sealed) {
		srv, p := onOfficial(t, wechattest.Config{}, nil)
		li := writer(t, srv)
		q := callbacks["question"]
		seen := url.Values{
			"signature": {q.Signature}, "timestamp": {q.Timestamp}, "nonce": {q.Nonce},
			"openid": {foreignFollower},
		}
		for _, way := range []string{"", "raw", "AES"} {
			for _, body := range []string{q.Plain, "<xml><Encrypt>" + q.Encrypted + "</Encrypt></xml>"} {
				query := url.Values{"msg_signature": {q.MsgSignature}}
				for k, v := range seen {
					query[k] = v
				}
				if way != "" {
					query.Set("encrypt_type", way)
				}
				status, answer, _ := postCallback(t, p, query, body)
				assert.Equal(t, http.StatusForbidden, status, "encrypt_type %q", way)
				assert.Empty(t, answer)
			}
		}
		_, err := p.store.ConversationOf(t.Context(), bot.Address{
			Channel: wechat.Name, Account: srv.Config().AppID, ExternalID: foreignFollower,
		})
		require.ErrorIs(t, err, bot.ErrNotFound, "nothing of it was kept")
		status, answer, _ := callbacks["question"].post(t, p)
		assert.Equal(t, http.StatusOK, status, "the same, sealed")
		assert.Equal(t, "success", answer)
		li.hear("优待证")
	})
}

func TestOfficialCase2_ASlowModelDelaysTheReplyAndNotTheAnswerToTheCallback(t *testing.T) {
	t.Parallel()
	withSealed(t, func(t *testing.T, callbacks map[string]sealed) {
		model := newModel(t, hanging)
		srv, p := onOfficial(t, wechattest.Config{}, func(s *config.Config) {
			s.LLM = config.Endpoint{BaseURL: model.url, Model: "m", Timeout: time.Hour}
		})
		li := writer(t, srv)
		code, answer, took := callbacks["question"].post(t, p) // although the model hangs for an hour
		assert.Equal(t, http.StatusOK, code)
		assert.Equal(t, "success", answer)
		assert.Less(t, took, patience)
		model.awaitCall(t)
		assert.Empty(t, li.Received(), "the model is still at it")
		model.behave(status(http.StatusInternalServerError))
		m := li.hear("优待证")
		assert.False(t, m.Passive, "it came by the customer-service API")
	})
}

func TestOfficialCase3_AMessageToldThreeTimesIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	withSealed(t, func(t *testing.T, callbacks map[string]sealed) {
		srv, p := onOfficial(t, wechattest.Config{}, nil)
		li := writer(t, srv)
		told := []string{"question", "question again", "question a third time"}
		for _, name := range told {
			status, answer, _ := callbacks[name].post(t, p)
			assert.Equal(t, http.StatusOK, status)
			assert.Equal(t, "success", answer)
		}
		li.hear("优待证")
		for _, name := range told {
			callbacks[name].post(t, p)
		}
		callbacks["thanks"].post(t, p)
		li.hear("不客气")
		turns, err := p.store.TurnsOf(t.Context(), conversationOf(t, p, srv, foreignFollower).ID)
		require.NoError(t, err)
		assert.Len(t, turns, 2, "the question and the thanks")
	})
}

func TestOfficialCase4_ATimeBeyond32BitsIsTaken(t *testing.T) {
	t.Parallel()
	withSealed(t, func(t *testing.T, callbacks map[string]sealed) {
		srv, p := onOfficial(t, wechattest.Config{}, nil)
		li := writer(t, srv)
		status, answer, _ := callbacks["late question"].post(t, p)
		assert.Equal(t, http.StatusOK, status)
		assert.Equal(t, "success", answer)
		li.hear("优待证")
		c := conversationOf(t, p, srv, foreignFollower)
		messages, err := p.store.Messages(t.Context(), c.ID, 0, 10)
		require.NoError(t, err)
		assert.EqualValues(t, 2209086245, messages[0].At.Unix())
	})
}
