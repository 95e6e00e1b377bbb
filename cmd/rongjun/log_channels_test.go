package main

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wechat/wechattest"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

// What the people of the channels are called, beginning alike so that one look finds any of them.
const (
	customerIDs = "wmQianXiaosan"
	followerIDs = "oQianXiaosan"
	memberIDs   = "UserIdOfQian"
)

func TestTheLogOfEveryKindAndFaultOfTheChannelsHoldsNothingOfAPerson(t *testing.T) {
	t.Parallel()
	log := &noise{}
	kf, account := platform(t, wecomtest.Config{}), wechattest.New(wechattest.Config{})
	account.Start()
	t.Cleanup(account.Close)
	deaf := newModel(t, status(http.StatusInternalServerError)) // repeats what it was sent
	s := settings(t, func(s *config.Config) {
		onAccount(account)(s)
		onPlatform(kf)(s)
		s.Speech = config.Endpoint{
			BaseURL: deaf.url, Model: "m", Key: config.NewSecret(modelKey), Timeout: time.Second,
		}
	})
	p, stop := runningAs(t, Options{
		Settings: s,
		Log:      slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	kf.SetCallback(p.URL() + "/callback/wecom")
	account.SetCallback(p.URL() + "/callback/wechat")
	kindsNoise(t, kf)
	deskNoise(t, kf)
	tokenNoise(t, kf)
	officialNoise(t, account)
	stop()

	text := log.String()
	require.Greater(t, strings.Count(text, "\n"), 30, "there was noise")
	for _, level := range []string{"level=DEBUG", "level=INFO", "level=WARN"} {
		require.Contains(t, text, level)
	}
	one, other := kf.Config(), account.Config()
	for _, secret := range []string{
		saidPhone, saidCard, "赵铁柱", "优待证", "退役金", "暗号是榕树", customerIDs, followerIDs, memberIDs, modelKey,
		one.Secret, one.Token, one.AESKey, other.Secret, other.Token, other.AESKey, "access_token=", "corpsecret",
		"msg_signature", "scene-of-zhao", "#!AMR",
	} {
		for line := range strings.SplitSeq(text, "\n") {
			assert.NotContains(t, line, secret)
		}
	}
}

// kindsNoise sends every kind of message and what happens to messages.
func kindsNoise(t *testing.T, srv *wecomtest.Server) {
	t.Helper()
	c := &customer{Customer: srv.Customer(customerIDs + "1"), t: t}
	c.SetName("赵铁柱")
	c.Enter(testAccount, wecomtest.Scene{Scene: "scene-of-zhao", Param: saidPhone})
	srv.Fault("/cgi-bin/media/get", wecomtest.Fault{Code: 40007, Times: 1})
	srv.Fault("/cgi-bin/media/get", wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1})
	c.SendVoice(testAccount, append([]byte("#!AMR\n"), make([]byte, 320)...))
	c.SendImage(testAccount, []byte("\xff\xd8\xff\xe0"+saidWords))
	c.SendFile(testAccount, "赵铁柱的退役证.pdf", []byte(saidWords))
	c.SendLocation(testAccount, wecomtest.Place{Latitude: 30.2, Longitude: 120.1, Name: "赵铁柱家", Address: saidPhone})
	c.SendLink(testAccount, saidWords, "https://example.invalid/"+saidPhone)
	c.SendRaw(testAccount, map[string]any{"msgtype": "merged_msg", "merged_msg": map[string]any{"title": saidWords}})
	c.SendRaw(testAccount, map[string]any{"msgtype": "text", "text": saidWords})
	c.SendRaw(testAccount, map[string]any{"msgtype": saidWords, "origin": saidWords})
	c.Tap(testAccount, "赵铁柱", saidWords)
	c.Event(testAccount, map[string]any{"event_type": "user_recall_msg", "recall_msgid": saidWords})
	c.Event(testAccount, map[string]any{"event_type": "赵铁柱", "x": saidWords})
	c.Recall(testAccount, c.Say(testAccount, saidWords))
	_, err := c.Wait(soon(t), 1)
	require.NoError(t, err)
}

// deskNoise lets receptionists, refusals and late failures happen.
func deskNoise(t *testing.T, srv *wecomtest.Server) {
	t.Helper()
	c := &customer{Customer: srv.Customer(customerIDs + "2"), t: t}
	staff := srv.AddReceptionist(testAccount, memberIDs)
	for _, f := range []wecomtest.Fault{
		{Code: 95018, Times: 1}, {Code: 40201, Times: 1}, {Code: 40058, Times: 1},
	} {
		srv.Fault("/cgi-bin/kf/send_msg", f)
	}
	begun := len(srv.SendsBegun())
	for _, who := range []string{"4", "5", "6"} {
		srv.Customer(customerIDs+who).Say(testAccount, saidWords+"？")
	}
	require.Eventually(t, func() bool { return len(srv.SendsBegun()) >= begun+3 }, patience, 10*time.Millisecond)
	c.Say(testAccount, saidWords+"？")
	c.hear("优待证")
	c.RefuseSends(10)
	c.Say(testAccount, "转人工，暗号是榕树")
	c.AcceptSends()
	staff.PickUp(testAccount, c.Customer)
	staff.Say(testAccount, c.Customer, "暗号是榕树")
	staff.Receive(testAccount, false)
	staff.End(testAccount, c.Customer)
	c.Say(testAccount, saidWords)
}

// tokenNoise revokes what the program holds while it works.
func tokenNoise(t *testing.T, srv *wecomtest.Server) {
	t.Helper()
	c := &customer{Customer: srv.Customer(customerIDs + "3"), t: t}
	srv.RevokeTokens()
	srv.Post([]byte("<xml><MsgType>" + saidWords + "</MsgType><Event>赵铁柱</Event></xml>"))
	srv.Post([]byte(saidWords))
	c.Say(testAccount, saidWords)
	c.hear("优待证")
}

// officialNoise does the same on the official account.
func officialNoise(t *testing.T, srv *wechattest.Server) {
	t.Helper()
	f := &follower{Follower: srv.Follower(followerIDs + "000000000001"), t: t}
	srv.Fault("/cgi-bin/message/custom/send", wechattest.Fault{Code: 40001, Times: 1})
	f.Follow("scene-of-zhao")
	f.Scan("scene-of-zhao")
	f.Click(saidWords)
	f.SendImage([]byte("\xff\xd8\xff\xe0" + saidWords))
	f.SendVoice(append([]byte("#!AMR\n"), make([]byte, 320)...), saidWords)
	f.SendLocation(30.2, 120.1, "赵铁柱家"+saidPhone)
	f.SendLink(saidWords, saidWords, "https://example.invalid/"+saidPhone)
	f.SendOther("赵铁柱", "X", saidWords)
	f.Say(saidWords)
	f.hear("优待证")
}
