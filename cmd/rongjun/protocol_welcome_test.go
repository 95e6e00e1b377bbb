package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/knowledge"
)

// stored waits until a conversation's transcript is as wanted, and returns it.
func stored(
	t *testing.T, p *Program, contact string, wanted func([]bot.Message) bool,
) (bot.Conversation, []bot.Message) {
	t.Helper()
	address := bot.Address{Channel: wecom.Name, Account: testAccount, ExternalID: contact}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	changed, end := p.hub.Subscribe(bot.EveryConversation)
	defer end()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		c, err := p.store.ConversationOf(ctx, address)
		var messages []bot.Message
		if err == nil {
			messages, err = p.store.Messages(ctx, c.ID, 0, 5000)
			require.NoError(t, err)
			if wanted(messages) {
				return c, messages
			}
		}
		select {
		case <-changed:
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("the transcript is never as wanted, only %+v", messages)
		}
	}
}

// last reports whether the last message is in a state.
func last(state bot.MessageState) func([]bot.Message) bool {
	return func(messages []bot.Message) bool {
		return len(messages) > 0 && messages[len(messages)-1].State == state
	}
}

func TestCase19_AWelcomeGoesOutOnceAndKnowsThePoster(t *testing.T) {
	t.Parallel()
	srv, p := onKF(t)
	li := &customer{Customer: srv.Customer("li"), t: t}
	li.Say(testAccount, "在吗") // when this is answered, the program is ready
	li.hear("您好")
	wang := &customer{Customer: srv.Customer("wang"), t: t}
	code := wang.Enter(testAccount, wecomtest.Scene{Scene: "poster7", Param: "示范区"})
	require.NotEmpty(t, code)
	wang.hear("您是从样例省样例市示范区来的")
	welcome := wang.Received()[0]
	assert.True(t, welcome.Event, "it went by the code")
	require.NotNil(t, welcome.Menu)
	c, messages := stored(t, p, "wang", last(bot.MessageSent))
	require.Len(t, messages, 2)
	assert.Equal(t, bot.KindEvent, messages[0].Kind)
	assert.Equal(t, knowledge.Region("样例省/样例市/示范区"), c.Contact.Region)
	assert.Equal(t, "poster7 示范区", c.Contact.Scene)

	wang.Tap(testAccount, welcome.Menu.Items[0].Click.ID, welcome.Menu.Items[0].Click.Content)
	wang.hear("依据")
	assert.NotContains(t, wang.Received()[1].Text, "不是真人", "the welcome has said so")
	assert.Equal(t, 1, srv.Calls("/cgi-bin/kf/send_msg_on_event"))
}

func TestCase19_AWelcomeGoesOutOrIsSkippedByTheTimeOfThePull(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		delay time.Duration
		want  bot.MessageState
		calls int
	}{
		"3 s":  {3 * time.Second, bot.MessageSent, 1},
		"25 s": {25 * time.Second, bot.MessageExpired, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newProtocolRig(t)
			r.settled()
			r.silence()
			wang := &customer{Customer: r.srv.Customer("wang"), t: t}
			wang.Enter(testAccount, wecomtest.Scene{Scene: "poster7"})
			r.pass(tt.delay)
			r.ring()
			_, messages := stored(t, r.p, "wang", last(tt.want))
			require.Len(t, messages, 2)
			assert.Equal(t, tt.calls, r.srv.Calls("/cgi-bin/kf/send_msg_on_event"))

			wang.Say(testAccount, "优待证怎么办理？")
			r.ring()
			wang.hear("优待证")
			assert.Equal(t, tt.calls, r.srv.Calls("/cgi-bin/kf/send_msg_on_event"), "no error loop")
		})
	}
}

func TestCase19_AWelcomeThatIsRefusedIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	srv, p := onKF(t)
	li := &customer{Customer: srv.Customer("li"), t: t}
	li.Say(testAccount, "在吗")
	li.hear("您好")
	srv.Fault("/cgi-bin/kf/send_msg_on_event", wecomtest.Fault{Code: 45009, Times: 1})
	wang := &customer{Customer: srv.Customer("wang"), t: t}
	wang.Enter(testAccount, wecomtest.Scene{})
	_, messages := stored(t, p, "wang", last(bot.MessageExpired))
	assert.NotEmpty(t, messages[1].Note)
	wang.Say(testAccount, "优待证怎么办理？")
	wang.hear("不是真人") // the first reply says it instead
	assert.Equal(t, 1, srv.Calls("/cgi-bin/kf/send_msg_on_event"))
}
