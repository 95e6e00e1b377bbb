package main

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/staff"
	"rongjun/config"
)

// soon bounds a wait for something that must come.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func TestAMemberAsksTheAppAndReadsTheAnswerWithItsSource(t *testing.T) {
	t.Parallel()
	srv := platform(t, wecomtest.Config{})
	p, _ := running(t, settings(t, onPlatform(srv)))
	srv.SetCallback(p.URL() + "/callback/wecom")
	srv.SetBells(wecomtest.Bells{Copies: 2}) // each callback comes three times at once
	wang := srv.Member("wang")
	question := fortyQuestions(t)[0]
	wang.Say(question.question)
	texts, err := wang.WaitTexts(soon(t), 1)
	require.NoError(t, err)
	assert.Contains(t, texts[0], "依据：《")
	require.NoError(t, srv.WaitCallbacks(soon(t)))
	wang.Say("转人工")
	texts, err = wang.WaitTexts(soon(t), 2)
	require.NoError(t, err)
	assert.Len(t, texts, 2, "the copies of the first question were no questions")
}

func TestWhoMayUseTheAppFromNowOnIsWelcomedOnce(t *testing.T) {
	t.Parallel()
	srv := platform(t, wecomtest.Config{})
	p, _ := running(t, settings(t, onPlatform(srv)))
	srv.SetCallback(p.URL() + "/callback/wecom")
	srv.SetBells(wecomtest.Bells{Copies: 1})
	li, wang := srv.Member("li"), srv.Member("wang")
	li.Say(fortyQuestions(t)[0].question) // is answered once the guide is loaded
	_, err := li.WaitTexts(soon(t), 1)
	require.NoError(t, err)
	wang.Do("subscribe", "")
	seen := func() int { return len(wang.Texts()) + len(wang.Cards()) }
	require.Eventually(t, func() bool { return seen() > 0 }, patience, 10*time.Millisecond)
	require.NoError(t, srv.WaitCallbacks(soon(t)))
	assert.Equal(t, 1, seen())
}

// A member's message that cannot be stored is not acknowledged: the platform sends it again.
func TestWhatAMemberWritesWhileTheDatabaseIsLockedIsSentAgainByThePlatform(t *testing.T) {
	t.Parallel()
	srv := platform(t, wecomtest.Config{CallbackTimeout: 30 * time.Second})
	p, _ := running(t, settings(t, onPlatform(srv)))
	srv.SetCallback(p.URL() + "/callback/wecom")
	wang := srv.Member("wang")
	letGo := sync.OnceFunc(held(t, p.settings.Data))
	wang.Say("三等功的退役金多发多少？")
	closed := func() (n int) {
		for _, c := range srv.Callbacks() {
			if c.Status == 0 && c.Err != "" {
				n++
			}
		}
		return n
	}
	require.Eventually(t, func() bool { return closed() > 0 }, patience, 10*time.Millisecond,
		"the connection is closed without an answer")
	letGo()
	texts, err := wang.WaitTexts(soon(t), 1)
	require.NoError(t, err)
	assert.Contains(t, texts[0], "第二十二条")
	require.NoError(t, srv.WaitCallbacks(soon(t)))
	last := srv.Callbacks()[len(srv.Callbacks())-1]
	assert.Equal(t, http.StatusOK, last.Status)
	assert.Greater(t, last.Try, 1)
}

// The log of cards, taps and sign-ins tells nothing of who was there, and no code that opens a door.
func TestTheLogOfStaffInWeComHoldsNoIDsAndNoCodes(t *testing.T) {
	t.Parallel()
	log := &noise{}
	srv := platform(t, wecomtest.Config{})
	p, stop := runningAs(t, Options{
		Settings: settings(t, func(s *config.Config) {
			onPlatform(srv)(s)
			s.WeCom.NoticeQuiet = config.Hours{}
		}),
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	srv.SetCallback(p.URL() + "/callback/wecom")
	require.NoError(t, p.accounts.Add(t.Context(), staff.NewMember{
		Name: "wang", Role: staff.Staff, Password: deskPassword, WeComID: "UserIdOfWang",
	}))
	wang, stranger := srv.Member("UserIdOfWang"), srv.Member("UserIdOfStranger")
	srv.Fault("/cgi-bin/message/send", wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1})
	srv.Customer(outsider).Say(testAccount, "转人工，"+saidWords)
	card, err := wang.WaitCard(soon(t), 1, anyCard)
	require.NoError(t, err)
	stranger.Say(saidWords)
	_, err = stranger.WaitTexts(soon(t), 1)
	require.NoError(t, err)
	r, err := srv.CallbackRequest(t.Context(), srv.AppXML("UserIdOfStranger", "event", "Event",
		"template_card_event", "EventKey", "takeover", "TaskId", card.Task, "ResponseCode", "response-code-77"))
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.NoError(t, wang.Press(card.Task, "我来接手"))
	_, err = wang.WaitCard(soon(t), 1, changed)
	require.NoError(t, err)
	code := srv.LoginCode(wecomtest.Visitor{Member: "UserIdOfStranger"})
	_, err = p.wecom.App().Member(t.Context(), code)
	require.NoError(t, err)
	resp, err = http.Get(p.URL() + "/desk/wecom/return?state=state-77&code=" + code)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	http.DefaultClient.CloseIdleConnections()
	stop()
	text := log.String()
	require.Contains(t, text, "card not shown")
	require.Contains(t, text, "taken over from a card")
	for _, secret := range []string{
		"UserIdOf", outsider, saidPhone, saidCard, "赵铁柱", "response-code-77", "state-77", code,
		srv.Config().Secret, "access_token",
	} {
		assert.NotContains(t, text, secret)
	}
}
