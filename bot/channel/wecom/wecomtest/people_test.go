package wecomtest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

// onEvent sends a text with an event's code.
func (c *caller) onEvent(code, msgid, text string) int {
	c.t.Helper()
	return c.post("/cgi-bin/kf/send_msg_on_event", map[string]any{
		"code": code, "msgid": msgid, "msgtype": "text", "text": map[string]any{"content": text},
	}).code()
}

// state reads the service state, or changes it first when to is not negative.
func (c *caller) state(customer string, to int, servicer string) reply {
	c.t.Helper()
	in := map[string]any{"open_kfid": kf, "external_userid": customer}
	if to < 0 {
		return c.post("/cgi-bin/kf/service_state/get", in)
	}
	in["service_state"], in["servicer_userid"] = to, servicer
	return c.post("/cgi-bin/kf/service_state/trans", in)
}

func (c *caller) events(cursor string) (events []map[string]any) {
	c.t.Helper()
	all, _ := c.pull(cursor)
	for _, m := range all {
		if e, ok := m["event"].(map[string]any); ok {
			events = append(events, e)
		}
	}
	return events
}

func TestAWelcomeCodeIsGoodOnceAndFor20Seconds(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	scene := wecomtest.Scene{Scene: "poster", Param: "county%3D1"}
	code := li.Enter(kf, scene)
	require.NotEmpty(t, code)
	assert.Equal(t, map[string]any{
		"event_type": "enter_session", "open_kfid": kf, "external_userid": "wmLi",
		"scene": "poster", "scene_param": "county%3D1", "welcome_code": code,
	}, c.events("")[0])
	now.forward(21 * time.Second)
	assert.Equal(t, 40029, c.onEvent(code, "w1", "您好"))
	code = li.Enter(kf, scene)
	require.NotEmpty(t, code, "no welcome has arrived yet")
	now.forward(20 * time.Second)
	assert.Zero(t, c.onEvent(code, "w1", "您好"))
	assert.Equal(t, 40029, c.onEvent(code, "w2", "您好"))
	assert.Empty(t, li.Enter(kf, scene), "the customer has been welcomed")
	got := li.Received()
	require.Len(t, got, 1)
	assert.True(t, got[0].Event)

	wang := srv.Customer("wmWang")
	wang.Say(kf, "在吗")
	assert.Empty(t, wang.Enter(kf, scene), "the customer has written")
}

func TestAWelcomeIsATextOrASmallMenu(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	code := srv.Customer("wmLi").Enter(kf, wecomtest.Scene{})
	menu := func(lines int) map[string]any {
		list := []any{}
		for range lines {
			list = append(list, map[string]any{
				"type": "text", "text": map[string]any{"content": "一"},
			})
		}
		return map[string]any{
			"code": code, "msgtype": "msgmenu", "msgmenu": map[string]any{"list": list},
		}
	}
	const path = "/cgi-bin/kf/send_msg_on_event"
	assert.Equal(t, 40008, c.post(path, map[string]any{
		"code": code, "msgtype": "image", "image": map[string]any{"media_id": "M"},
	}).code())
	assert.Equal(t, 40058, c.post(path, menu(11)).code())
	assert.Zero(t, c.post(path, menu(10)).code())
}

func TestAMessageOnAnEventLeavesTheBudgetAlone(t *testing.T) {
	for _, counts := range []bool{false, true} {
		srv := platform(t, wecomtest.Config{EventCounts: counts})
		c := newCaller(t, srv)
		li := srv.Customer("wmLi")
		code := li.Enter(kf, wecomtest.Scene{})
		li.Say(kf, "在吗")
		assert.Zero(t, c.onEvent(code, "w", "您好"))
		for _, id := range []string{"1", "2", "3", "4"} {
			assert.Zero(t, c.text("wmLi", id, "在的").code())
		}
		want := 0
		if counts {
			want = 95001
		}
		assert.Equal(t, want, c.text("wmLi", "5", "在的").code())
	}
}

func TestARecallIsAnEvent(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	li := srv.Customer("wmLi")
	msgid := li.Say(kf, "我的身份证号是……")
	li.Recall(kf, msgid)
	assert.Equal(t, []map[string]any{{
		"event_type": "user_recall_msg", "open_kfid": kf, "external_userid": "wmLi",
		"recall_msgid": msgid,
	}}, newCaller(t, srv).events(""))
	li.Event(kf, map[string]any{"event_type": "of_the_future"})
	assert.Len(t, newCaller(t, srv).events(""), 2)
}

func TestStatesChangeAsTheTableSays(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	srv.AddReceptionist(kf, "zhang")
	idle := srv.AddReceptionist(kf, "qian")
	idle.Receive(kf, false)
	srv.AddReceptionist(kf, "sun").Deactivate(kf)
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	state := func() any { return c.state("wmLi", -1, "")["service_state"] }
	assert.Equal(t, 4.0, state(), "not begun")
	assert.Equal(t, 95013, c.state("wmLi", 1, "").code())
	li.Say(kf, "在吗")
	assert.Equal(t, 0.0, state())
	assert.Zero(t, c.state("wmLi", 1, "").code())
	assert.Equal(t, 95016, c.state("wmLi", 4, "").code())
	assert.Zero(t, c.text("wmLi", "a", "在的").code())

	out := c.state("wmLi", 2, "")
	assert.Zero(t, out.code())
	pool := out["msg_code"].(string)
	assert.Equal(t, 95018, c.text("wmLi", "b", "在的").code())
	assert.Zero(t, c.onEvent(pool, "p", "正在为您转接"))

	assert.Equal(t, 95019, c.state("wmLi", 3, "nobody").code())
	assert.Equal(t, 95019, c.state("wmLi", 3, "qian").code())
	assert.Equal(t, 95014, c.state("wmLi", 3, "sun").code())
	out = c.state("wmLi", 3, "zhang")
	assert.Zero(t, out.code())
	human := out["msg_code"].(string)
	out = c.state("wmLi", -1, "")
	assert.Equal(t, []any{3.0, "zhang"}, []any{out["service_state"], out["servicer_userid"]})
	assert.NotContains(t, c.state("wmLi", 3, "zhang"), "msg_code", "given once in a session")

	end := c.state("wmLi", 4, "")["msg_code"].(string)
	assert.Equal(t, 95018, c.onEvent(human, "h", "您好"), "the state has gone on")
	assert.Zero(t, c.onEvent(end, "e", "再见"))
	assert.Equal(t, 95018, c.text("wmLi", "c", "在的").code())
	li.Say(kf, "还在吗")
	assert.Equal(t, 0.0, state())
	assert.Empty(t, c.events("")[1:], "the API's own changes make no event")
	assert.Equal(t, 40058, c.state("wmLi", 7, "").code())
	assert.Equal(t, 40096, c.state("nobody", -1, "").code())
	list := c.get("/cgi-bin/kf/servicer/list",
		map[string][]string{"access_token": {c.token}, "open_kfid": {kf}})["servicer_list"]
	assert.Equal(t, []any{
		map[string]any{"userid": "zhang", "status": 0.0},
		map[string]any{"userid": "qian", "status": 1.0},
		map[string]any{"userid": "sun", "status": 0.0},
	}, list)
}

func TestAReceptionistInTheClientIsSeenInTheLog(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	zhang, qian := srv.AddReceptionist(kf, "zhang"), srv.AddReceptionist(kf, "qian")
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "在吗")
	_, cursor := c.pull("")
	zhang.PickUp(kf, li)
	said := zhang.Say(kf, li, "我是小张")
	assert.Equal(t, 95018, c.text("wmLi", "a", "在的").code())
	qian.Take(kf, li)
	qian.End(kf, li)
	zhang.Say(kf, li, "还有一件事")
	got, _ := c.pull(cursor)
	require.Len(t, got, 6)
	assert.Equal(t, []any{5.0, "zhang", "wmLi", said},
		[]any{got[1]["origin"], got[1]["servicer_userid"], got[1]["external_userid"], got[1]["msgid"]})
	var changes [][]any
	for _, e := range c.events(cursor) {
		_, coded := e["msg_code"]
		changes = append(changes, []any{
			e["change_type"], e["old_servicer_userid"], e["new_servicer_userid"], coded,
		})
	}
	assert.Equal(t, [][]any{
		{1.0, "", "zhang", true},
		{2.0, "zhang", "qian", false},
		{3.0, "qian", "", true},
		{4.0, "", "zhang", false},
	}, changes)
	received := li.Received()
	require.Len(t, received, 2)
	assert.Equal(t, []string{"zhang", "我是小张"}, []string{received[0].Servicer, received[0].Text})
}

func TestOnlyActiveCustomersHaveDetails(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now, TokenLife: 1000 * time.Hour})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.SetName("老李")
	li.Enter(kf, wecomtest.Scene{Scene: "poster", Param: "p"})
	srv.Customer("wmIdle")
	ask := func() reply {
		return c.post("/cgi-bin/kf/customer/batchget", map[string]any{
			"external_userid_list":       []string{"wmLi", "wmIdle", "wmNobody"},
			"need_enter_session_context": 1,
		})
	}
	out := ask()
	assert.Equal(t, []any{map[string]any{
		"external_userid": "wmLi", "nickname": "老李", "avatar": "", "gender": 0.0,
		"enter_session_context": map[string]any{"scene": "poster", "scene_param": "p"},
	}}, out["customer_list"])
	assert.Equal(t, []any{"wmIdle", "wmNobody"}, out["invalid_external_userid"])
	now.forward(49 * time.Hour)
	li.Say(kf, "在吗")
	assert.Len(t, ask()["customer_list"], 1)
	now.forward(49 * time.Hour)
	assert.Empty(t, ask()["customer_list"])
}

func TestTheAppReachesMembersOnly(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	srv.AddMember("zhang")
	c := newCaller(t, srv)
	to := func(users, kind string, agent int) reply {
		return c.post("/cgi-bin/message/send", map[string]any{
			"touser": users, "msgtype": kind, "agentid": agent,
			"text": map[string]any{"content": "有人在等"},
		})
	}
	assert.Equal(t, 81013, to("nobody", "text", 1000002).code())
	assert.Equal(t, 40056, to("zhang", "text", 7).code())
	assert.Equal(t, 40008, to("zhang", "", 1000002).code())
	out := to("zhang|nobody", "text", 1000002)
	assert.Zero(t, out.code())
	assert.Equal(t, "nobody", out["invaliduser"])
	got, err := srv.WaitApp(soon(t), 1)
	require.NoError(t, err)
	assert.Equal(t, []string{"zhang"}, got[0].To)
}

func TestAccountsAreListed(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	srv.AddAccount("wkAccount2", "办证大厅")
	srv.SetManaged("wkAccount2", false)
	c := newCaller(t, srv)
	list := func(body string) any {
		return c.post("/cgi-bin/kf/account/list", body)["account_list"]
	}
	second := map[string]any{
		"open_kfid": "wkAccount2", "name": "办证大厅", "avatar": "", "manage_privilege": false,
	}
	assert.Len(t, list(""), 2)
	assert.Equal(t, []any{second}, list(`{"offset":1,"limit":1}`))
	assert.Empty(t, list(`{"offset":2}`))
	assert.Equal(t, 40058, c.post("/cgi-bin/kf/account/list", `{"limit":101}`).code())
}

func TestTheCodeOfASessionIsHeldToItsTimeItsStateAndOneMessage(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now, TokenLife: 1000 * time.Hour})
	zhang := srv.AddReceptionist(kf, "zhang")
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	ends := func() string {
		li.Say(kf, "在吗")
		zhang.PickUp(kf, li)
		_, cursor := c.pull("")
		zhang.End(kf, li)
		return c.events(cursor)[0]["msg_code"].(string)
	}
	code := ends()
	now.forward(19 * time.Second)
	assert.Zero(t, c.onEvent(code, "a", "再见"))
	assert.Equal(t, 40029, c.onEvent(code, "b", "再见"), "one message")
	code = ends()
	now.forward(21 * time.Second)
	assert.Equal(t, 40029, c.onEvent(code, "c", "再见"), "20 s")
	code = ends()
	li.Say(kf, "等一下")
	assert.Equal(t, 95018, c.onEvent(code, "d", "再见"), "a new session has begun")

	menu := func(code string) int {
		return c.post("/cgi-bin/kf/send_msg_on_event", map[string]any{
			"code": code, "msgtype": "msgmenu", "msgmenu": map[string]any{"list": []any{map[string]any{
				"type": "click", "click": map[string]any{"id": "1", "content": "请继续"},
			}}},
		}).code()
	}
	assert.Zero(t, menu(ends()), "at the end a menu too")
	li.Say(kf, "还有")
	pool := c.state("wmLi", 2, "")["msg_code"].(string)
	assert.Equal(t, 40008, menu(pool), "in the pool a text only")
	now.forward(47 * time.Hour)
	assert.Zero(t, c.onEvent(pool, "e", "还在排队"))
}
