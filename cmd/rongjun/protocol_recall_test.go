package main

import (
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/config"
)

// atDesk signs a member of staff in at the program's pages.
func (r *protocolRig) atDesk(t *testing.T) *visitor {
	t.Helper()
	require.NoError(t, r.p.accounts.Add(t.Context(), staff.NewMember{
		Name: "zhao", Role: staff.Staff, Password: deskPassword,
	}))
	v := newVisitor(t, r.p.URL())
	require.Equal(t, http.StatusSeeOther, v.signIn("zhao", deskPassword).status)
	return v
}

// page is a conversation as staff see it.
func (v *visitor) page(conversation int64) string {
	return v.get("/desk/conversations/" + strconv.FormatInt(conversation, 10)).body
}

func TestCase15_TheSameRecallInALaterPullHasNoSecondEffect(t *testing.T) {
	r, li := quiet(t)
	said := li.Say(testAccount, "这句话我说错了")
	recall := li.Event(testAccount, map[string]any{
		"event_type": "user_recall_msg", "recall_msgid": said,
	})
	r.ring()
	_, before := stored(t, r.p, "li", func(m []bot.Message) bool {
		return last(bot.MessageRecalled)(m) && !slices.ContainsFunc(m, func(m bot.Message) bool {
			return m.State == bot.MessageSending // the answer before it, of which the receipt is under way
		})
	})
	r.srv.Repeat(testAccount, recall)
	r.heardFrom(li, "谢谢", "不客气")
	_, after := stored(t, r.p, "li", last(bot.MessageSent))
	assert.Len(t, after, len(before)+2, "the thanks and their answer")
	assert.Equal(t, before, after[:len(before)])
}

func TestCase16_WhatIsRecalledBeforeItsAnswerIsNotAnsweredAndHidden(t *testing.T) {
	r, li := quiet(t)
	heard := len(li.Received())
	li.Recall(testAccount, li.Say(testAccount, "退役金我藏在床底下怎么办？"))
	r.ring()
	c, messages := stored(t, r.p, "li", last(bot.MessageRecalled))
	assert.Empty(t, messages[len(messages)-1].Text)
	page := r.atDesk(t).page(c.ID)
	assert.Contains(t, page, "对方撤回了这条消息")
	assert.NotContains(t, page, "床底下")
	assert.NotContains(t, r.log.String(), "床底下")
	r.heardFrom(li, "谢谢", "不客气")
	assert.Len(t, li.Received(), heard+1, "only the thanks were answered")
}

func TestCase17_ARecallWhileTheModelWritesCancelsItAndNothingIsSent(t *testing.T) {
	t.Parallel()
	cancelled := make(chan struct{}, 10)
	m := newModel(t, func(m *fakeModel, w http.ResponseWriter, r *http.Request) {
		hanging(m, w, r)
		if r.Context().Err() != nil {
			cancelled <- struct{}{}
		}
	})
	r := newProtocolRig(t, func(s *config.Config) {
		s.LLM = config.Endpoint{
			BaseURL: m.url, Model: "fake-1", Key: config.NewSecret("sk-test"), Timeout: time.Minute,
		}
	})
	li := &customer{Customer: r.srv.Customer("li"), t: t}
	r.silence()
	said := li.Say(testAccount, modelQuestion)
	r.ring()
	m.awaitCall(t)
	li.Recall(testAccount, said)
	r.ring()
	select {
	case <-cancelled:
	case <-time.After(patience):
		t.Fatal("the model went on writing")
	}
	_, messages := stored(t, r.p, "li", last(bot.MessageRecalled))
	assert.Len(t, messages, 1, "no answer was made")
	r.heardFrom(li, "谢谢", "不客气")
	assert.Len(t, li.Received(), 1)
}

func TestCase18_FragmentsAreOneQuestionWithOneAnswer(t *testing.T) {
	t.Parallel()
	const quiet = 20 * time.Second // longer than it may take to say it all; then the clock moves on
	r := newProtocolRig(t, func(s *config.Config) { s.Turn.Quiet = quiet })
	li := &customer{Customer: r.srv.Customer("li"), t: t}
	r.silence()
	said := []string{"我想问一下", "我爸是伤残军人", "六级", "他的优待证怎么办"}
	for _, words := range said {
		li.Say(testAccount, words)
		r.ring()
	}
	stored(t, r.p, "li", func(m []bot.Message) bool { return len(m) == len(said) })
	r.pass(quiet)
	li.hear("优待证")
	c, messages := stored(t, r.p, "li", last(bot.MessageSent))
	turns, err := r.p.store.TurnsOf(t.Context(), c.ID)
	require.NoError(t, err)
	require.Len(t, turns, 1)
	assert.Len(t, turns[0].Messages, 4)
	li.Say(testAccount, "谢谢")
	r.ring()
	stored(t, r.p, "li", func(m []bot.Message) bool { return len(m) == len(messages)+1 })
	r.pass(quiet)
	li.hear("不客气")
	_, after := stored(t, r.p, "li", last(bot.MessageSent))
	assert.Len(t, after, len(messages)+2)
}

func TestCase20_ATapOnWhatWasNotOfferedHereOnlyAsks(t *testing.T) {
	r, li := quiet(t)
	li.Say(testAccount, "军人坐火车有什么优待？")
	r.ring()
	li.hear("依据")
	menu := li.Received()[len(li.Received())-1].Menu
	require.NotNil(t, menu)
	person := menu.Items[len(menu.Items)-1].Click
	require.Equal(t, "转人工", person.Content)

	wang := &customer{Customer: r.srv.Customer("wang"), t: t}
	for _, id := range []string{person.ID, "123456789012345678", "handover", "'; DROP TABLE choices"} {
		wang.Tap(testAccount, id, "点一下")
		r.ring()
		wang.hear("已经过时")
	}
	c, _ := stored(t, r.p, "wang", func([]bot.Message) bool { return true })
	assert.Equal(t, bot.StateBot, c.State, "what another contact was offered moves nothing here")

	li.Tap(testAccount, person.ID, person.Content)
	r.ring()
	li.hear("转人工")
	c, _ = stored(t, r.p, "li", func([]bot.Message) bool { return true })
	assert.Equal(t, bot.StateQueued, c.State, "the same tap by who was offered it counts")
}
