package main

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wechat/wechattest"
	"rongjun/config"
)

// passively has an account without the customer-service API answer in its callbacks.
func passively(s *config.Config) { s.WeChat.Passive = config.Yes }

func TestOfficialPassiveAnswersInTheCallbackAndTheSameHoweverOftenItIsAsked(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]wechattest.Config{
		"sealed": {NoCustomerService: true}, "plain": {NoCustomerService: true, Plain: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, p := onOfficial(t, cfg, passively)
			srv.SetDelivery(wechattest.Delivery{Deaf: 2})
			li := &follower{Follower: srv.Follower("oLi"), t: t}
			id := li.Say("优待证怎么办理？")
			m := li.hear("优待证")
			assert.True(t, m.Passive)
			assert.Equal(t, id, m.Answers)
			require.NoError(t, srv.WaitCallbacks(t.Context()))
			told := srv.Callbacks()
			require.Len(t, told, 3, "two answers were lost on their way")
			assert.Equal(t, told[0].Answer, told[1].Answer)
			assert.Equal(t, told[0].Answer, told[2].Answer)
			srv.SetDelivery(wechattest.Delivery{Copies: 2})
			li.Say("谢谢")
			li.hear("不客气")
			require.NoError(t, srv.WaitCallbacks(t.Context()))
			assert.Len(t, li.Received(), 2, "each was answered once")
			assert.Zero(t, srv.Calls("/cgi-bin/message/custom/send"))
			turns, err := p.store.TurnsOf(t.Context(), conversationOf(t, p, srv, "oLi").ID)
			require.NoError(t, err)
			assert.Len(t, turns, 2)
		})
	}
}

func TestOfficialPassiveFetchesWithATapWhatTheModelIsSlowWith(t *testing.T) {
	t.Parallel()
	model := newModel(t, hanging)
	srv, _ := onOfficial(t, wechattest.Config{NoCustomerService: true}, func(s *config.Config) {
		passively(s)
		s.LLM = config.Endpoint{BaseURL: model.url, Model: "m", Timeout: patience}
	})
	li := &follower{Follower: srv.Follower("oLi"), t: t}
	li.Say("优待证怎么办理？")
	li.hear("回复“1”")
	told := srv.Callbacks()
	require.Len(t, told, 1, "the platform had an answer before it asked again")
	assert.Less(t, told[0].Took, 5*time.Second)
	model.behave(status(http.StatusInternalServerError))
	li.Say("1")
	m := li.hear("优待证")
	assert.True(t, m.Passive)
}

func TestOfficialPassiveFetchesWhatStaffWrote(t *testing.T) {
	t.Parallel()
	srv, p := onOfficial(t, wechattest.Config{NoCustomerService: true}, passively)
	require.NoError(t, p.accounts.Add(t.Context(), wang))
	li := &follower{Follower: srv.Follower("oLi"), t: t}
	li.Say("优待证怎么办理？")
	li.hear("优待证")
	v := newVisitor(t, p.URL())
	v.signIn(wang.Name, wang.Password)
	v.submit("/desk/conversations/1/takeover", nil)
	li.Say("有人吗？")
	li.hear("工作人员")
	v.submit("/desk/conversations/1/messages", url.Values{"text": {"我是小王，请讲"}, "client_id": {"s1"}})
	li.Say("1")
	li.hear("我是小王")
}
