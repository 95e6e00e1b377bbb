package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wechat/wechattest"
	"rongjun/config"
	"rongjun/handlers"
)

const (
	customSend    = "/cgi-bin/message/custom/send"
	askedQuestion = "优待证怎么办理？"
)

func TestOfficialUnclearSendIsNotRepeatedButOfferedAndSeenByStaff(t *testing.T) {
	t.Parallel()
	srv, p := onOfficial(t, wechattest.Config{}, nil)
	srv.Fault(customSend, wechattest.Fault{Drop: wechattest.DropBefore, Times: 1})
	li := &follower{Follower: srv.Follower("oLi"), t: t}
	li.Say(askedQuestion)
	var lost bot.Message
	require.Eventually(t, func() bool {
		for _, m := range officialMessages(t, p, srv) {
			if m.State == bot.MessageUnclear {
				lost = m
			}
		}
		return lost.ID != 0
	}, patience, 20*time.Millisecond)
	assert.Contains(t, lost.Note, "可能已送达", "staff see it")
	li.Say("谢谢")
	var offer *wechattest.MenuItem
	for offer == nil {
		offer = itemNamed(li.hear(""), "重看上一条")
	}
	for _, m := range li.Received() {
		assert.NotEqual(t, lost.Text, m.Text, "it is not sent again by itself")
	}
	li.Tap(*offer)
	assert.Contains(t, li.hear(lost.Text[:30]).Text, lost.Text)
}

func itemNamed(m wechattest.Received, name string) *wechattest.MenuItem {
	for i := range m.Items {
		if m.Items[i].Content == name {
			return &m.Items[i]
		}
	}
	return nil
}

func officialMessages(t *testing.T, p *Program, srv *wechattest.Server) []bot.Message {
	t.Helper()
	address := bot.Address{Channel: "wechat", Account: srv.Config().AppID, ExternalID: "oLi"}
	c, err := p.store.ConversationOf(t.Context(), address)
	if err != nil {
		return nil // not received yet
	}
	all, err := p.store.Messages(t.Context(), c.ID, 0, 100)
	require.NoError(t, err)
	return all
}

func TestOfficialTapsAreBelievedOnlyIfTheyWereOffered(t *testing.T) {
	t.Parallel()
	srv, p := onOfficial(t, wechattest.Config{}, nil)
	li := &follower{Follower: srv.Follower("oLi"), t: t}
	li.Say("转人工")
	offer := li.hear("")
	for itemNamed(offer, "取消排队，继续问") == nil {
		offer = li.hear("")
	}
	wang := &follower{Follower: srv.Follower("oWang"), t: t}
	wang.Tap(offer.Items[0])
	wang.hear("")
	assert.Equal(t, bot.StateQueued, conversationOf(t, p, srv, "oLi").State, "another's tap does nothing")
	li.Tap(*itemNamed(offer, "取消排队，继续问"))
	li.hear("")
	assert.Equal(t, bot.StateBot, conversationOf(t, p, srv, "oLi").State)
}

func TestOfficialRefusalForTheBudgetParksAndTheNextMessageBringsIt(t *testing.T) {
	t.Parallel()
	srv, p := onOfficial(t, wechattest.Config{}, nil)
	srv.Fault(customSend, wechattest.Fault{Code: 45047, Times: 1})
	li := &follower{Follower: srv.Follower("oLi"), t: t}
	li.Say(askedQuestion)
	require.Eventually(t, func() bool {
		all := officialMessages(t, p, srv)
		return len(all) > 0 && all[len(all)-1].State == bot.MessageParked
	}, patience, 20*time.Millisecond)
	assert.Equal(t, 1, srv.Calls(customSend), "a refusal is not tried again")
	li.Say("谢谢")
	assert.Contains(t, li.hear("优待证").Text, "没能送出的回复")
	li.hear("不客气")
}

func TestOfficialFollowersAreGreetedByTheSceneOfTheirCode(t *testing.T) {
	t.Parallel()
	srv, p := onOfficial(t, wechattest.Config{}, nil)
	v := newVisitor(t, p.URL())
	v.say(askedQuestion)
	v.watch("").next("bot") // there is knowledge to offer
	li := &follower{Follower: srv.Follower("oLi"), t: t}
	li.Follow("poster-1")
	li.hear("")
	assert.Equal(t, "poster-1", conversationOf(t, p, srv, "oLi").Contact.Scene)
	li.ReportLocation(30.25, 120.16)
	li.View("https://example.org/")
	li.Click(askedQuestion)
	li.hear("优待证")
	li.Unfollow()
	require.NoError(t, srv.WaitCallbacks(t.Context()))
	for _, m := range officialMessages(t, p, srv) {
		assert.Nil(t, m.Location, "where a phone is, is not kept")
		assert.NotContains(t, m.Text, "30.25")
	}
	for _, c := range srv.Callbacks() {
		assert.Equal(t, "success", c.Answer)
	}
}

func TestOfficialFaultIsNamedByReadyAndTheStoreFaultClosesTheConnection(t *testing.T) {
	t.Parallel()
	srv, p := onOfficial(t, wechattest.Config{}, nil)
	srv.Fault(customSend, wechattest.Fault{Code: 40164})
	li := &follower{Follower: srv.Follower("oLi"), t: t}
	li.Say(askedQuestion)
	v := newVisitor(t, p.URL())
	state := func() handlers.Status {
		got := v.get("/readyz")
		return readiness(t, got.status, []byte(got.body)).Channels["wechat"]
	}
	require.Eventually(t, func() bool { return state().State == handlers.Faulty },
		patience, 50*time.Millisecond)
	assert.Contains(t, state().Reason, "IP 白名单")
	assert.Equal(t, http.StatusOK, v.get("/readyz").status, "one channel's fault stops no other")
	srv.ClearFaults()

	require.NoError(t, srv.WaitCallbacks(t.Context()))
	told := len(srv.Callbacks())
	mend := held(t, p.settings.Data)
	li.Say("在吗")
	require.Eventually(t, func() bool { return len(srv.Callbacks()) > told },
		patience, 10*time.Millisecond)
	assert.Zero(t, srv.Callbacks()[told].Status, "no answer, so that the platform tells it again")
	mend()
}

func TestOfficialLogHoldsNobodysWordsIDsOrSecrets(t *testing.T) {
	t.Parallel()
	const follows = "oZhaoTiezhu001"
	for name, change := range map[string]func(*config.Config){
		"sending": func(*config.Config) {}, "passive": passively,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &lines{come: make(chan struct{})}
			srv := wechattest.New(wechattest.Config{})
			srv.Start()
			t.Cleanup(srv.Close)
			s := settings(t, onAccount(srv))
			change(&s)
			p, stop := runningAs(t, Options{
				Settings: s,
				Log:      slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			})
			srv.SetCallback(p.URL() + "/callback/wechat")
			srv.Fault(customSend, wechattest.Fault{Code: 40001, Times: 1})
			li := &follower{Follower: srv.Follower(follows), t: t}
			li.Follow("赵铁柱")
			li.Say(saidWords)
			li.SendVoice([]byte("#!AMR\n"), "赵铁柱的语音")
			li.SendLocation(30.254321, 120.161234, "赵铁柱家")
			li.SendOther("hologram", "Words", "赵铁柱")
			li.Scan("赵铁柱")
			li.ReportLocation(30.254321, 120.161234)
			require.NoError(t, srv.WaitCallbacks(t.Context()))
			postCallback(t, p, url.Values{"signature": {saidPhone}, "echostr": {saidCard}}, saidWords)
			query := url.Values{"msg_signature": {saidPhone}, "encrypt_type": {"aes"}}
			postCallback(t, p, query, "<xml><Encrypt>"+saidWords+"</Encrypt></xml>")
			li.hear("")
			srv.Fault(customSend, wechattest.Fault{Drop: wechattest.DropAfter, Times: 1})
			srv.Fault(customSend, wechattest.Fault{Code: 45015, Times: 1})
			li.Say("谢谢，赵铁柱")
			li.hear("")
			li.Say("赵铁柱，再见")
			require.NoError(t, srv.WaitCallbacks(t.Context()))
			if name == "sending" {
				log.await(t, "class=parked")
			}
			stop()
			text := log.String()
			require.Greater(t, strings.Count(text, "\n"), 10, "there was noise")
			cfg := srv.Config()
			for _, secret := range []string{
				saidPhone, saidCard, "赵铁柱", "优待证", follows, cfg.Secret, cfg.Token, cfg.AESKey,
				"access_token", "30.254321", "hologram",
			} {
				assert.False(t, bytes.Contains([]byte(text), []byte(secret)), secret)
			}
		})
	}
}
