package wechattest_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/platform/platformtest"
	"rongjun/bot/channel/wechat/wechattest"
)

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

func platform(t *testing.T, cfg wechattest.Config) *wechattest.Server {
	t.Helper()
	srv := wechattest.New(cfg)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv
}

func TestACallbackIsSignedAndSealedInSafeModeAndPlainInTheOther(t *testing.T) {
	for _, plain := range []bool{false, true} {
		srv := platform(t, wechattest.Config{Plain: plain})
		bodies := make(chan string, 1)
		srv.SetCallback(serve(t, func(w http.ResponseWriter, r *http.Request) {
			q, body := r.URL.Query(), new(struct{ Encrypt, Content string })
			data, err := io.ReadAll(r.Body)
			assert.NoError(t, err)
			assert.NoError(t, xml.Unmarshal(data, body))
			assert.Equal(t, platformtest.Sign(srv.Config().Token, q.Get("timestamp"), q.Get("nonce")),
				q.Get("signature"))
			assert.Equal(t, "li", q.Get("openid"))
			if plain {
				assert.Empty(t, q.Get("encrypt_type"))
				bodies <- body.Content
				return
			}
			assert.Equal(t, "aes", q.Get("encrypt_type"))
			assert.Equal(t, platformtest.Sign(srv.Config().Token, q.Get("timestamp"), q.Get("nonce"),
				body.Encrypt), q.Get("msg_signature"))
			data, receiver, err := srv.Crypt().Decrypt(body.Encrypt)
			assert.NoError(t, err)
			assert.Equal(t, srv.Config().AppID, receiver)
			assert.NoError(t, xml.Unmarshal(data, body))
			bodies <- body.Content
		}))
		srv.Follower("li").Say("退役金 <怎么> 算？")
		assert.Equal(t, "退役金 <怎么> 算？", <-bodies)
	}
}

func TestAMessageIsToldThreeTimesAndThenTheFollowerReadsThatNobodyIsThere(t *testing.T) {
	srv := platform(t, wechattest.Config{CallbackTimeout: 20 * time.Millisecond})
	var told atomic.Int32
	srv.SetCallback(serve(t, func(w http.ResponseWriter, r *http.Request) {
		told.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	li := srv.Follower("li")
	li.Say("在吗")
	require.NoError(t, srv.WaitCallbacks(t.Context()))
	assert.EqualValues(t, 3, told.Load())
	require.Len(t, li.Received(), 1)
	assert.Equal(t, "notice", li.Received()[0].Type)
	li.View("https://example.org/")
	require.NoError(t, srv.WaitCallbacks(t.Context()))
	assert.Len(t, li.Received(), 1, "an event that nobody takes is not shown")
}

func TestWhatAnAnswerShows(t *testing.T) {
	srv := platform(t, wechattest.Config{Plain: true})
	reply := func(to, from, kind string) string {
		return fmt.Sprintf("<xml><ToUserName>%s</ToUserName><FromUserName>%s</FromUserName>"+
			"<CreateTime>1</CreateTime><MsgType>%s</MsgType><Content>好</Content></xml>", to, from, kind)
	}
	ours := srv.Config().Account
	for name, c := range map[string]struct {
		status int
		answer string
		want   string
	}{
		"nothing":           {200, "", ""},
		"success":           {200, "success", ""},
		"a text":            {200, reply("li", ours, "text"), "好"},
		"to somebody else":  {200, reply("wang", ours, "text"), "该公众号暂时无法提供服务，请稍后再试"},
		"an unknown kind":   {200, reply("li", ours, "smoke"), "该公众号暂时无法提供服务，请稍后再试"},
		"words of its own":  {200, "ok", "该公众号暂时无法提供服务，请稍后再试"},
		"a refusal":         {403, "", "该公众号暂时无法提供服务，请稍后再试"},
		"a fault of a page": {500, "success", "该公众号暂时无法提供服务，请稍后再试"},
	} {
		t.Run(name, func(t *testing.T) {
			srv.SetCallback(serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.answer)
			}))
			li := srv.Follower("li")
			before := len(li.Received())
			li.Say("在吗")
			require.NoError(t, srv.WaitCallbacks(t.Context()))
			var got string
			for _, m := range li.Received()[before:] {
				got += m.Text
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestASealedAnswerIsShownIfItIsSignedAndForThisAccount(t *testing.T) {
	srv := platform(t, wechattest.Config{})
	cfg := srv.Config()
	for name, c := range map[string]struct{ receiver, token, want string }{
		"as it should be":         {cfg.AppID, cfg.Token, "好"},
		"signed by another token": {cfg.AppID, "other", "该公众号暂时无法提供服务，请稍后再试"},
		"for another account":     {"wx-somebody-else", cfg.Token, "该公众号暂时无法提供服务，请稍后再试"},
	} {
		t.Run(name, func(t *testing.T) {
			srv.SetCallback(serve(t, func(w http.ResponseWriter, _ *http.Request) {
				sealed := srv.Crypt().Encrypt([16]byte{}, platformtest.XML("ToUserName", "li",
					"FromUserName", cfg.Account, "CreateTime", "1", "MsgType", "text", "Content", "好"), c.receiver)
				_, _ = w.Write(platformtest.XML("Encrypt", sealed, "TimeStamp", "1", "Nonce", "2",
					"MsgSignature", platformtest.Sign(c.token, "1", "2", sealed)))
			}))
			li := srv.Follower("li")
			before := len(li.Received())
			li.Say("在吗")
			require.NoError(t, srv.WaitCallbacks(t.Context()))
			require.Len(t, li.Received(), before+1)
			assert.Equal(t, c.want, li.Received()[before].Text)
		})
	}
}

func TestAnAnswerLostOnItsWayIsAskedForAgainAndShownOnce(t *testing.T) {
	srv := platform(t, wechattest.Config{Plain: true})
	var told atomic.Int32
	srv.SetCallback(serve(t, func(w http.ResponseWriter, r *http.Request) {
		n := told.Add(1)
		fmt.Fprintf(w, "<xml><ToUserName>li</ToUserName><FromUserName>%s</FromUserName>"+
			"<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>%d</Content></xml>",
			srv.Config().Account, n)
	}))
	srv.SetDelivery(wechattest.Delivery{Deaf: 2})
	li := srv.Follower("li")
	li.Say("在吗")
	require.NoError(t, srv.WaitCallbacks(t.Context()))
	require.Len(t, li.Received(), 1)
	assert.Equal(t, "3", li.Received()[0].Text)
	srv.SetDelivery(wechattest.Delivery{Copies: 2})
	li.Say("还在吗")
	require.NoError(t, srv.WaitCallbacks(t.Context()))
	assert.Len(t, li.Received(), 2)
	assert.EqualValues(t, 6, told.Load())
}

func TestTheCheckOfTheAddressWantsItsEcho(t *testing.T) {
	srv := platform(t, wechattest.Config{})
	require.Error(t, srv.VerifyURL(t.Context()), "no address is set")
	srv.SetCallback(serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.Query().Get("echostr"))
	}))
	require.NoError(t, srv.VerifyURL(t.Context()))
	srv.SetCallback(serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `"`+r.URL.Query().Get("echostr")+`"`)
	}))
	require.Error(t, srv.VerifyURL(t.Context()))
}
