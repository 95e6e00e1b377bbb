package wecomtest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
)

func TestAPullGivesWhatCustomersWroteInOrder(t *testing.T) {
	srv := platform(t, wecomtest.Config{Now: newClock().Now})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	first := li.Say(kf, "优待证怎么办？")
	second := li.Tap(kf, "m1_2", "要带什么")
	c.text("wmLi", "reply1", "本人身份证")
	got, next := c.pull("")
	require.Len(t, got, 2, "what send_msg sent is not returned")
	assert.Equal(t, map[string]any{
		"msgid": first, "open_kfid": kf, "external_userid": "wmLi", "origin": 3.0,
		"send_time": 1795510800.0, "msgtype": "text",
		"text": map[string]any{"content": "优待证怎么办？"},
	}, got[0])
	assert.Equal(t, second, got[1]["msgid"])
	assert.Equal(t, map[string]any{"content": "要带什么", "menu_id": "m1_2"}, got[1]["text"])

	got, again := c.pull(next)
	assert.Empty(t, got)
	assert.Equal(t, next, again)
	li.SendRaw(kf, map[string]any{"msgtype": "note"})
	got, _ = c.pull(next)
	require.Len(t, got, 1)
	assert.Equal(t, "note", got[0]["msgtype"])
}

func TestPagesHoldAllMessagesOnce(t *testing.T) {
	for _, tt := range []struct {
		pages wecomtest.Pages
		calls int
	}{
		{wecomtest.Pages{}, 2},
		{wecomtest.Pages{Empty: true}, 4},
		{wecomtest.Pages{Size: 200}, 6},
	} {
		t.Run(fmt.Sprintf("%+v", tt.pages), func(t *testing.T) {
			srv := platform(t, wecomtest.Config{})
			srv.SetPages(kf, tt.pages)
			li := srv.Customer("wmLi")
			var want []string
			for i := range 1003 {
				want = append(want, li.Say(kf, fmt.Sprint(i)))
			}
			messages, _ := newCaller(t, srv).pull("")
			var got []string
			for _, m := range messages {
				got = append(got, m["msgid"].(string))
			}
			assert.Equal(t, want, got)
			assert.Equal(t, tt.calls, srv.Calls("/cgi-bin/kf/sync_msg"))
		})
	}
}

func TestOnlyThreeDaysAreKept(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now})
	c := newCaller(t, srv)
	li := srv.Customer("wmLi")
	li.Say(kf, "old")
	_, cursor := c.pull("")
	li.Say(kf, "old too")
	now.forward(72 * time.Hour)
	li.Say(kf, "new")
	c.login()
	for _, from := range []string{"", cursor} {
		got, _ := c.pull(from)
		require.Len(t, got, 1)
		assert.Equal(t, map[string]any{"content": "new"}, got[0]["text"])
	}
}

func TestAnEventsTokenLastsTenMinutes(t *testing.T) {
	now := newClock()
	srv := platform(t, wecomtest.Config{Now: now.Now})
	c := newCaller(t, srv)
	_, rest, _ := strings.Cut(string(srv.KFEvent(kf)), "<Token><![CDATA[")
	token, _, _ := strings.Cut(rest, "]]>")
	pull := func() int {
		return c.post("/cgi-bin/kf/sync_msg", map[string]any{
			"open_kfid": kf, "token": token, "limit": 1000,
		}).code()
	}
	now.forward(10 * time.Minute)
	assert.Zero(t, pull())
	now.forward(time.Second)
	assert.Equal(t, 95007, pull())
	token = ""
	assert.Zero(t, pull())
}

func TestAPullThatIsWrongIsRefused(t *testing.T) {
	srv := platform(t, wecomtest.Config{PullsPerMinute: 2})
	srv.AddAccount("wkAccount2", "另一个")
	c := newCaller(t, srv)
	srv.Customer("wmLi").Say(kf, "在吗")
	_, cursor := c.pull("")
	for body, want := range map[string]int{
		`{"open_kfid":"wkAccount2","cursor":"` + cursor + `"}`: 40058,
		`{"open_kfid":"` + kf + `","cursor":"nonsense"}`:       40058,
		`{"open_kfid":"` + kf + `","limit":1001}`:              40058,
		`{"open_kfid":"nobody"}`:                               95000,
		`{}`:                                                   95000,
		`{"open_kfid":`:                                        47001,
		"{\"open_kfid\":\"\xff\"}":                             47001,
	} {
		assert.Equal(t, want, c.post("/cgi-bin/kf/sync_msg", body).code(), body)
	}
	assert.Equal(t, 45009,
		c.post("/cgi-bin/kf/sync_msg", map[string]any{"open_kfid": kf}).code())
}

func TestARepeatComesUnderTheSameMsgid(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	msgid := srv.Customer("wmLi").Say(kf, "在吗")
	srv.Repeat(kf, msgid)
	got, _ := newCaller(t, srv).pull("")
	require.Len(t, got, 2)
	assert.Equal(t, got[0], got[1])
}

func TestManyCustomersAtOnceKeepTheirOrders(t *testing.T) {
	srv := platform(t, wecomtest.Config{})
	c := newCaller(t, srv)
	p := newProgram(t)
	srv.SetCallback(p.URL)
	var group sync.WaitGroup
	for i := range 20 {
		li := srv.Customer(fmt.Sprintf("wm%d", i))
		group.Go(func() {
			for n := range 10 {
				li.Say(kf, fmt.Sprint(n))
			}
		})
	}
	group.Wait()
	require.NoError(t, srv.WaitCallbacks(soon(t)))
	assert.Len(t, p.received(), 200)
	got, _ := c.pull("")
	require.Len(t, got, 200)
	said := map[any]int{}
	for _, m := range got {
		from := m["external_userid"]
		assert.Equal(t, map[string]any{"content": fmt.Sprint(said[from])}, m["text"])
		said[from]++
	}
	assert.Len(t, said, 20)
}
