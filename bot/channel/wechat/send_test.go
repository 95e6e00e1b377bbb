package wechat_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wechat"
	"rongjun/bot/channel/wechat/wechattest"
)

const (
	sendPath  = "/cgi-bin/message/custom/send"
	tokenPath = "/cgi-bin/stable_token"
)

func classOf(t *testing.T, err error) bot.SendClass {
	t.Helper()
	e, ok := errors.AsType[*bot.SendError](err)
	require.True(t, ok, "no class in %v", err)
	return e.Class
}

func (w world) send(t *testing.T, o bot.Outgoing) error {
	t.Helper()
	_, err := w.channel.Send(t.Context(), o)
	return err
}

func TestATextAndAMenuArriveAsTheFollowerReadsThem(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	li := w.Follower("li")
	li.Say("退役金怎么算？")
	o := outgoing("按服役年限算 <见下>。")
	o.Sources = []bot.Source{{Title: "《退役军人安置条例》", Article: "第二十二条"}}
	require.NoError(t, w.send(t, o))
	o = outgoing("还想问什么？")
	o.Choices = []bot.Choice{{ID: "100000000000000001", Text: "要带什么"}, {ID: "100000000000000002", Text: "转人工"}}
	require.NoError(t, w.send(t, o))
	got := li.Received()
	require.Len(t, got, 2)
	assert.Equal(t, "按服役年限算 <见下>。\n\n依据：《退役军人安置条例》第二十二条", got[0].Text)
	assert.Equal(t, "还想问什么？", got[1].Text)
	assert.Equal(t, wechattest.MenuItem{ID: "100000000000000002", Content: "转人工"}, got[1].Items[1])
}

func TestAMenuThatTheAccountMayNotSendIsSentAsWords(t *testing.T) {
	w := newWorld(t, wechattest.Config{NoMenus: true}, nil)
	li := w.Follower("li")
	li.Say("在吗")
	o := outgoing("还想问什么？")
	o.Choices = []bot.Choice{{ID: "1", Text: "转人工"}}
	require.NoError(t, w.send(t, o))
	assert.Equal(t, "还想问什么？\n·转人工", li.Received()[0].Text)
}

func TestEachCodeHasItsClass(t *testing.T) {
	for code, want := range map[int]bot.SendClass{
		45015: bot.ClassParked, 45047: bot.ClassParked,
		45009: bot.ClassRetry, 45011: bot.ClassRetry, 40001: bot.ClassRetry, 42001: bot.ClassRetry,
		-1:    bot.ClassUnclear,
		40164: bot.ClassSetUp, 48001: bot.ClassSetUp, 48004: bot.ClassSetUp, 50002: bot.ClassSetUp,
		40003: bot.ClassPermanent, 45002: bot.ClassPermanent, 48002: bot.ClassPermanent,
		99999: bot.ClassPermanent,
	} {
		w := newWorld(t, wechattest.Config{}, nil)
		w.Follower("li").Say("在吗")
		w.Fault(sendPath, wechattest.Fault{Code: code})
		err := w.send(t, outgoing("在"))
		require.Error(t, err)
		assert.Equal(t, want, classOf(t, err), "code %d: %v", code, err)
		state, _ := w.channel.Status()
		assert.Equal(t, want == bot.ClassSetUp, state == "fault", code)
	}
}

func TestTheWindowAndTheBudgetOfThePlatformPark(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	li := w.Follower("li")
	assert.Equal(t, bot.ClassParked, classOf(t, w.send(t, outgoing("没来过"))))
	li.Say("在吗")
	for range 5 {
		require.NoError(t, w.send(t, outgoing("在")))
	}
	assert.Equal(t, bot.ClassParked, classOf(t, w.send(t, outgoing("第六条"))))
	li.Say("再问")
	w.clock.Add(48*time.Hour + time.Second)
	assert.Equal(t, bot.ClassParked, classOf(t, w.send(t, outgoing("太晚"))))
}

func TestATokenThatEndedEarlyIsReplacedOnceAndAskedForByOne(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	li := w.Follower("li")
	li.Say("在吗")
	require.NoError(t, w.send(t, outgoing("一")))
	w.RevokeTokens()
	require.NoError(t, w.send(t, outgoing("二")), "40001 here is the token, not the secret")
	assert.Equal(t, 2, w.Calls(tokenPath))
	w.RevokeTokens()
	li.Say("在吗")
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { _ = w.send(t, outgoing("三")) })
	}
	all.Wait()
	assert.Len(t, li.Received(), 5)
	assert.LessOrEqual(t, w.Calls(tokenPath), 5)
	w.clock.Add(110 * time.Minute)
	before := w.Calls(tokenPath)
	li.Say("在吗")
	require.NoError(t, w.send(t, outgoing("四")))
	assert.Equal(t, before+1, w.Calls(tokenPath), "renewed before its end")
}

func TestAWrongSecretIsNamedAndNotTriedAgainForAWhile(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, func(o *wechat.Options) {
		o.Secret = "11111111111111111111111111111111"
	})
	w.Follower("li").Say("在吗")
	for range 3 {
		err := w.send(t, outgoing("在"))
		assert.Equal(t, bot.ClassSetUp, classOf(t, err))
		assert.NotContains(t, err.Error(), "1111")
	}
	assert.Equal(t, 1, w.Calls(tokenPath))
	_, reason := w.channel.Status()
	assert.Contains(t, reason, "AppSecret 不正确")
	w.clock.Add(11 * time.Minute)
	require.Error(t, w.send(t, outgoing("在")))
	assert.Equal(t, 2, w.Calls(tokenPath))
}

func TestNetworkFaultsAreClassedByWhetherTheRequestLeft(t *testing.T) {
	w := newWorld(t, wechattest.Config{}, nil)
	li := w.Follower("li")
	li.Say("在吗")
	require.NoError(t, w.send(t, outgoing("在")))
	for _, fault := range []wechattest.Fault{
		{Status: http.StatusBadGateway, Times: 1},
		{Drop: wechattest.DropBefore, Times: 1},
		{Drop: wechattest.DropAfter, Times: 1},
	} {
		w.Fault(sendPath, fault)
		err := w.send(t, outgoing("在"))
		assert.Equal(t, bot.ClassUnclear, classOf(t, err))
		assert.NotContains(t, err.Error(), "access_token")
	}
	assert.Len(t, li.Received(), 2, "one of the three took effect")
	assert.False(t, w.channel.Keyed(), "so none may be repeated")
	away := newWorld(t, wechattest.Config{}, func(o *wechat.Options) { o.APIBase = "http://127.0.0.1:1" })
	err := away.send(t, outgoing("在"))
	assert.Equal(t, bot.ClassRetry, classOf(t, err), "nobody listens: %v", err)
	assert.NotContains(t, err.Error(), away.Config().Secret)
}
