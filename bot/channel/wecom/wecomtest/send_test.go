package wecomtest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

func TestFiveMessagesAnswerOneCustomerMessage(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	assert.Equal(t, 95001, c.text("wmLi", "m0", "您好").code(), "the customer has not written")
	for round := range 2 {
		li.Say(kf, "在吗")
		for i := range 5 {
			id := fmt.Sprintf("m%d_%d", round, i)
			out := c.text("wmLi", id, "在的")
			assert.Zero(t, out.code())
			assert.Equal(t, id, out["msgid"])
		}
		assert.Equal(t, 95001, c.text("wmLi", "more", "还在").code())
	}
	assert.Len(t, li.Received(), 10)
}

func TestTheWindowClosesAfter48Hours(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now, TokenLife: 1000 * time.Hour})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "在吗")
	now.forward(48 * time.Hour)
	assert.Zero(t, c.text("wmLi", "a", "在的").code())
	now.forward(time.Second)
	assert.Equal(t, 95002, c.text("wmLi", "b", "在的").code())
	li.Say(kf, "在吗")
	assert.Zero(t, c.text("wmLi", "b", "在的").code(), "a refused msgid is not used up")
}

func TestAMsgidIsTakenOnce(t *testing.T) {
	for _, tt := range []struct {
		name string
		cfg  wecomtest.Config
		want int
	}{
		{"by default", wecomtest.Config{}, 95032},
		{"with another code", wecomtest.Config{DuplicateCode: 81}, 81},
		{"told after the budget", wecomtest.Config{DuplicateLast: true}, 95001},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := platform(t, tt.cfg)
			c := newCaller(t, srv)
			li := srv.Customer("wmLi")
			li.Say(kf, "在吗")
			for i := range 5 {
				assert.Zero(t, c.text("wmLi", fmt.Sprint(i), "在的").code())
			}
			assert.Equal(t, tt.want, c.text("wmLi", "4", "在的").code())
			assert.Len(t, li.Received(), 5)
		})
	}
}

func TestALongTextIsCutInSilence(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "在吗")
	whole := strings.Repeat("军", 682) + "ab"
	require.Len(t, whole, 2048)
	assert.Zero(t, c.text("wmLi", "a", whole).code())
	assert.Zero(t, c.text("wmLi", "b", whole[:2046]+"军人").code())
	got := li.Received()
	assert.Equal(t, whole, got[0].Text)
	assert.False(t, got[0].Cut)
	assert.Equal(t, whole[:2046], got[1].Text)
	assert.True(t, got[1].Cut)
}

func TestAMessageIsHeldToTheLimitsOfItsKind(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	type m = map[string]any
	photo, paper := c.upload("image", "站.png", png), c.upload("file", "须知.txt", "准备材料")
	long := strings.Repeat("a", 2049)
	for i, tt := range []struct {
		kind    string
		content any
		want    int
	}{
		{"text", m{"content": ""}, 44004},
		{"text", nil, 44004},
		{"poem", m{"content": "a"}, 40008},
		{"image", m{"media_id": photo}, 0},
		{"image", m{"media_id": paper}, 40007},
		{"image", m{"media_id": "nothing"}, 40007},
		{"image", m{}, 40007},
		{"voice", nil, 40007},
		{"video", m{"media_id": ""}, 40007},
		{"file", m{"media_id": paper}, 0},
		{"link", m{"title": "T", "url": "https://a.cn", "thumb_media_id": photo}, 0},
		{"link", m{"title": "T", "url": long, "thumb_media_id": photo}, 40058},
		{"link", m{"title": "T", "url": "https://a.cn"}, 40058},
		{"link", m{"title": "T", "url": "https://a.cn", "thumb_media_id": "nothing"}, 40007},
		{"link", m{"title": strings.Repeat("军", 43), "url": "https://a.cn", "thumb_media_id": photo}, 40058},
		{"link", nil, 40058},
		{"location", m{"name": "站", "latitude": 30.2, "longitude": 120.1}, 0},
		{"location", m{"name": "站", "latitude": 30.2}, 40058},
		{"location", m{"latitude": 99, "longitude": 120.1}, 40058},
		{"miniprogram", m{"appid": "wx1", "pagepath": "a.html", "thumb_media_id": photo}, 0},
		{"miniprogram", m{"appid": "wx1", "pagepath": "a", "thumb_media_id": photo}, 40058},
		{"miniprogram", nil, 40058},
		{"ca_link", m{"link_url": "https://work.weixin.qq.com/ca/1"}, 0},
		{"ca_link", nil, 40058},
	} {
		li.Say(kf, "在吗")
		body := m{"touser": "wmLi", "open_kfid": kf, "msgid": fmt.Sprint(i), "msgtype": tt.kind}
		if tt.content != nil {
			body[tt.kind] = tt.content
		}
		assert.Equal(t, tt.want, c.post("/cgi-bin/kf/send_msg", body).code(), "%v", body)
	}
	for msgid, want := range map[string]int{
		"0123456789abcdef0123456789_-ABCD":  0,
		"0123456789abcdef0123456789_-ABCDE": 40058,
		"with space":                        40058,
		"编号":                                40058,
		"":                                  0,
	} {
		li.Say(kf, "在吗")
		out := c.text("wmLi", msgid, "在的")
		assert.Equal(t, want, out.code(), msgid)
		if want == 0 {
			assert.NotEmpty(t, out["msgid"])
		}
	}
}

func TestAMenuIsHeldToItsLimits(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	click := func(id, content string) wecomtest.MenuItem {
		return wecomtest.MenuItem{Type: "click", Click: &wecomtest.MenuClick{ID: id, Content: content}}
	}
	words := func(content string) wecomtest.MenuItem {
		return wecomtest.MenuItem{Type: "text", Text: &wecomtest.MenuText{Content: content}}
	}
	view := func(url, content string) wecomtest.MenuItem {
		return wecomtest.MenuItem{Type: "view", View: &wecomtest.MenuView{URL: url, Content: content}}
	}
	times := func(n int, it wecomtest.MenuItem) (list []wecomtest.MenuItem) {
		for range n {
			list = append(list, it)
		}
		return list
	}
	of := func(n int) string { return strings.Repeat("a", n) }
	type menu = wecomtest.Menu
	for i, tt := range []struct {
		menu menu
		ok   bool
	}{
		{menu{Head: "问", Items: times(10, click("a_1", "甲")), Tail: "尾"}, true},
		{menu{Items: times(11, click("a_1", "甲"))}, false},
		{menu{Items: append(times(10, view("https://a.cn", "甲")), times(40, words("一"))...)}, true},
		{menu{Items: times(51, words("一"))}, false},
		{menu{Items: times(1, click(of(128), of(128)))}, true},
		{menu{Items: times(1, click(of(129), "甲"))}, false},
		{menu{Items: times(1, click("a", of(129)))}, false},
		{menu{Items: times(1, click("a", ""))}, false},
		{menu{Items: times(1, click("a#1", "甲"))}, false},
		{menu{Items: times(1, click("a-1", "甲"))}, false},
		{menu{Items: times(1, view(of(2048), of(1024)))}, true},
		{menu{Items: times(1, view(of(2049), "甲"))}, false},
		{menu{Items: times(1, view("https://a.cn", of(1025)))}, false},
		{menu{Items: times(1, words(of(257)))}, false},
		{menu{Head: of(1025), Items: times(1, words("一"))}, false},
		{menu{Tail: of(1025), Items: times(1, words("一"))}, false},
		{menu{Items: []wecomtest.MenuItem{{Type: "click"}}}, false},
		{menu{Items: []wecomtest.MenuItem{{Type: "dance"}}}, false},
		{menu{}, false},
	} {
		li.Say(kf, "在吗")
		out := c.post("/cgi-bin/kf/send_msg", map[string]any{
			"touser": "wmLi", "open_kfid": kf, "msgid": fmt.Sprint(i),
			"msgtype": "msgmenu", "msgmenu": tt.menu,
		})
		want := 40058
		if tt.ok {
			want = 0
		}
		data, _ := json.Marshal(tt.menu)
		assert.Equal(t, want, out.code(), "%d %.200s", i, data)
	}
	got := li.Received()
	require.Len(t, got, 4)
	assert.Equal(t, "msgmenu", got[0].Type)
	assert.Equal(t, "问", got[0].Text)
	assert.Equal(t, "甲", got[0].Menu.Items[9].Click.Content)
}

func TestWhatCannotBeSentIsRefused(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	srv.Customer("wmLi").Say(kf, "在吗")
	assert.Equal(t, 40096, c.text("wmNobody", "a", "在的").code())
	assert.Equal(t, 47001, c.post("/cgi-bin/kf/send_msg", "{").code())
	assert.Equal(t, 95000, c.post("/cgi-bin/kf/send_msg", map[string]any{
		"touser": "wmLi", "open_kfid": "x", "msgtype": "text", "text": map[string]any{"content": "a"},
	}).code())
	srv.SetManaged(kf, false)
	assert.Equal(t, 95018, c.text("wmLi", "a", "在的").code())
	srv.SetManaged(kf, true)
	assert.Zero(t, c.text("wmLi", "a", "在的").code())
}

func TestAFailureIsToldLater(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "在吗")
	_, cursor := c.pull("")
	li.RefuseSends(10)
	assert.Zero(t, c.text("wmLi", "a", "在的").code())
	assert.Empty(t, li.Received())
	got, _ := c.pull(cursor)
	require.Len(t, got, 1)
	assert.Equal(t, "event", got[0]["msgtype"])
	assert.NotContains(t, got[0], "open_kfid")
	assert.Equal(t, map[string]any{
		"event_type": "msg_send_fail", "open_kfid": kf, "external_userid": "wmLi",
		"fail_msgid": "a", "fail_type": 10.0,
	}, got[0]["event"])
	li.AcceptSends()
	assert.Zero(t, c.text("wmLi", "b", "在的").code())
	assert.Len(t, li.Received(), 1)
}

func TestTheHookSeesEachStageAndHoldsTheRequest(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "在吗")
	seen, go1 := make(chan wecomtest.SendCall), make(chan struct{})
	srv.OnSend(func(call wecomtest.SendCall) {
		seen <- call
		<-go1
	})
	done := make(chan int)
	go func() { done <- c.text("wmLi", "a", "在的").code() }()
	call := <-seen
	assert.Equal(t, wecomtest.SendBegun, call.Stage)
	assert.Equal(t, 1, call.N)
	assert.Empty(t, li.Received())
	assert.Equal(t, []time.Time{call.At}, srv.SendsBegun())
	go1 <- struct{}{}
	call = <-seen
	assert.Equal(t, wecomtest.SendTaken, call.Stage)
	assert.Equal(t, []any{1, kf, "wmLi", "a"}, []any{call.N, call.Account, call.To, call.MsgID})
	assert.Len(t, li.Received(), 1)
	close(go1)
	assert.Zero(t, <-done)
	go func() { done <- c.text("wmLi", "a", "在的").code() }()
	assert.Equal(t, 2, (<-seen).N)
	call = <-seen
	assert.Equal(t, wecomtest.SendRefused, call.Stage)
	assert.Equal(t, 95032, call.Code)
	<-done
}

func TestWaitReturnsWhenEnoughHasArrived(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "在吗")
	got := make(chan int)
	go func() {
		messages, err := li.Wait(soon(t), 2)
		assert.NoError(t, err)
		got <- len(messages)
	}()
	c.text("wmLi", "a", "在的")
	c.text("wmLi", "b", "请讲")
	assert.Equal(t, 2, <-got)
}
