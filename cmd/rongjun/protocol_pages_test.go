package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/store"
)

const syncPath = "/cgi-bin/kf/sync_msg"

// silence lets the stand-in ring no bell of its own; ring then does with a foreign one.
func (r *protocolRig) silence() { r.srv.SetCallback("") }

// ring posts the bell that @wecom/crypto made. Its token is none of the stand-in's, as after an
// outage.
func (r *protocolRig) ring() {
	r.t.Helper()
	bell := committed(r.t)["bell"]
	status, answer := r.post(bell.query(), bell.body())
	require.Equal(r.t, http.StatusOK, status)
	require.Empty(r.t, answer)
}

// quiet is a rig with one answered contact whose bells are rung by hand.
func quiet(t *testing.T) (*protocolRig, *customer) {
	t.Helper()
	t.Parallel()
	r := newProtocolRig(t)
	li := r.settled()
	r.silence()
	return r, li
}

// asked is what the platform was asked for in pulls, from now on.
func (r *protocolRig) asked() func() []map[string]any {
	var mu sync.Mutex
	var all []map[string]any
	r.srv.Fault(syncPath, wecomtest.Fault{Match: func(body []byte) bool {
		var in map[string]any
		if json.Unmarshal(body, &in) == nil && in["open_kfid"] == testAccount {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, in)
		}
		return false
	}})
	return func() []map[string]any { mu.Lock(); defer mu.Unlock(); return all }
}

func TestCase10_EventsThatAreNotForUsAreAcknowledgedAndNewAccountsArePulled(t *testing.T) {
	t.Parallel()
	withForeign(t, func(t *testing.T, all map[string]foreign) {
		r := newProtocolRig(t)
		r.settled()
		r.silence()
		before := r.pulls()
		for _, name := range []string{"future event", "app text", "account taken away"} {
			status, _ := r.post(all[name].query(), all[name].body())
			assert.Equal(t, http.StatusOK, status, name)
		}
		assert.LessOrEqual(t, r.pulls(), before+1, "only the timer looked")
		assert.NotContains(t, r.log.String(), "员工在应用里写的话")

		r.srv.AddAccount("wkSecond", "另一个窗口")
		wang := &customer{Customer: r.srv.Customer("wang"), t: t}
		wang.Say("wkSecond", "优待证怎么办理？")
		granted := all["account granted"]
		status, _ := r.post(granted.query(), granted.body())
		assert.Equal(t, http.StatusOK, status)
		wang.hear("优待证")
	})
}

func TestCase11_EveryPageIsReadOnceAndItsCursorKept(t *testing.T) {
	r, _ := quiet(t)
	r.srv.SetPages(testAccount, wecomtest.Pages{Empty: true})
	asked := r.asked()
	wang := &customer{Customer: r.srv.Customer("wang"), t: t}
	var said []string
	for i := range 1003 {
		said = append(said, wang.Say(testAccount, fmt.Sprintf("第%d句", i)))
	}
	r.ring()
	_, messages := stored(t, r.p, "wang", func(m []bot.Message) bool { return len(m) > len(said) })
	for i, id := range said {
		require.Equal(t, id, messages[i].PlatformID, "in their order, each once")
	}
	cursors := map[any]bool{}
	for _, in := range asked() {
		if _, token := in["token"]; !token {
			cursors[in["cursor"]] = true
		}
	}
	assert.GreaterOrEqual(t, len(cursors), 4, "an empty page, 1000, an empty page and 3")
	kept := r.cursor(t)
	r.ring()
	r.heardFrom(wang, "谢谢", "不客气")
	assert.NotEqual(t, kept, r.cursor(t))
	_, after := stored(t, r.p, "wang", func([]bot.Message) bool { return true })
	assert.Len(t, after, len(messages)+2, "nothing came twice")
}

// cursor is how far the test's account has been read.
func (r *protocolRig) cursor(t *testing.T) string {
	t.Helper()
	s, err := r.p.store.PullState(t.Context(), "wecom", testAccount)
	require.NoError(t, err)
	return s.Cursor
}

// heardFrom lets a contact say something and waits for the answer.
func (r *protocolRig) heardFrom(c *customer, words, answer string) {
	c.Say(testAccount, words)
	r.ring()
	c.hear(answer)
}

func TestCase12_AfterACrashBetweenPagesThePullGoesOnAndNobodyIsAnsweredTwice(t *testing.T) {
	t.Parallel()
	srv := platform(t, wecomtest.Config{})
	srv.SetPages(testAccount, wecomtest.Pages{Size: 2})
	var people []*customer
	for i := range 5 {
		c := &customer{Customer: srv.Customer(fmt.Sprint("li", i)), t: t}
		c.Say(testAccount, "优待证怎么办理？")
		people = append(people, c)
	}
	held := make(chan struct{}, 10)
	srv.Fault(syncPath, wecomtest.Fault{Delay: time.Hour, Match: func(body []byte) bool {
		second := strings.Contains(string(body), `"cursor":"`)
		if second {
			held <- struct{}{}
		}
		return second
	}})
	dir := t.TempDir()
	var url string
	start := func() *process {
		port := freePort(t)
		url = "http://127.0.0.1:" + port
		p := launch(t, environment(srv, "RONGJUN_DATA="+dir, "RONGJUN_LISTEN=127.0.0.1:"+port,
			"RONGJUN_TURN_QUIET=30ms"), "serve")
		p.out.await(t, "荣军已启动")
		return p
	}
	first := start()
	select {
	case <-held:
	case <-time.After(patience):
		t.Fatal("the second page was never asked for")
	}
	first.kill()
	srv.ClearFaults()
	start()
	for _, c := range people {
		c.hear("优待证")
	}
	srv.SetCallback(url + "/callback/wecom") // up to here no bell was needed
	for _, c := range people {
		c.Say(testAccount, "谢谢")
	}
	for _, c := range people {
		c.hear("不客气")
		answers := 0
		for _, m := range c.Received() {
			answers += strings.Count(m.Text, "依据：")
		}
		assert.Equal(t, 1, answers, "answered once")
	}
}

func TestCase13_AStaleTokenIsLeftOutAndThePullGoesOn(t *testing.T) {
	r, li := quiet(t)
	asked := r.asked()
	r.heardFrom(li, "退役金怎么算？", "依据")
	var with, without int
	for _, in := range asked() {
		if in["token"] != nil {
			with++
		} else {
			without++
		}
	}
	assert.Positive(t, with)
	assert.Positive(t, without, "the refused pull was made again without it")
	assert.NotContains(t, r.log.String(), "pull failed")
}

func TestCase14_ALostCursorReplaysThreeDaysInSilence(t *testing.T) {
	r, li := quiet(t)
	wang := &customer{Customer: r.srv.Customer("wang"), t: t}
	r.srv.Fault(syncPath, wecomtest.Fault{Code: -1}) // or the slow timer would still read it in time
	wang.Say(testAccount, "这句没有被拉到过？")
	r.pass(time.Hour)
	heard := len(li.Received())
	r.loseCursor(t)
	r.srv.ClearFaults()
	zhao := &customer{Customer: r.srv.Customer("zhao"), t: t}
	r.heardFrom(zhao, "优待证怎么办理？", "优待证")
	_, messages := stored(t, r.p, "wang", func(m []bot.Message) bool { return len(m) > 0 })
	assert.Equal(t, bot.MessageHistory, messages[0].State, "too old to be answered, kept for staff")
	assert.Empty(t, wang.Received())
	assert.Len(t, li.Received(), heard, "what was answered before is not answered again")
}

// loseCursor forgets how far the account was read, as an operator's mishap would.
func (r *protocolRig) loseCursor(t *testing.T) {
	t.Helper()
	_, err := r.database(t).ExecContext(t.Context(),
		"UPDATE accounts SET read_to = '', caught_up = FALSE")
	require.NoError(t, err)
}

// database is the program's own, opened beside it.
func (r *protocolRig) database(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(r.p.settings.Data, store.FileName)+
		"?_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestALateMessageIsAnsweredWithAnApologyAndAVeryLateOneByAPerson(t *testing.T) {
	r, li := quiet(t)
	wang := &customer{Customer: r.srv.Customer("wang"), t: t}
	wang.Say(testAccount, "优待证怎么办理？")
	r.pass(46 * time.Hour)
	li.Say(testAccount, "军人坐火车有什么优待？")
	r.pass(90 * time.Minute)
	r.ring()
	wang.hear("隔了很久才处理到")
	assert.NotContains(t, wang.Received()[0].Text, "依据")
	c, _ := stored(t, r.p, "wang", func(m []bot.Message) bool { return len(m) > 1 })
	assert.Equal(t, bot.StateQueued, c.State)
	late := li.hear("依据")
	assert.Contains(t, late, "让您久等了")
}
