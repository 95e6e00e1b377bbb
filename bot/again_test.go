package bot_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

// tap taps a choice of a message that was sent.
func (w *town) tap(contact string, c bot.Choice) {
	w.t.Helper()
	w.n++
	_, err := w.inbox.Receive(w.t.Context(), []bot.Incoming{{
		Address: address(contact), PlatformID: fmt.Sprintf("in%d", w.n), Kind: bot.KindTap,
		Text: c.Text, ChoiceID: c.ID, At: time.Now(),
	}})
	require.NoError(w.t, err)
}

func TestWhatMayNotHaveArrivedIsOfferedOnceAndSeenAgainByATap(t *testing.T) {
	w := newTown(t)
	lost := make(chan struct{})
	w.phone.set(false, func(bot.Outgoing) error {
		close(lost)
		return bot.Unclear(errors.New("the connection broke"))
	})
	conversation := w.say("li", "退役金？")
	<-lost
	require.Eventually(t, func() bool {
		all, err := w.store.Messages(t.Context(), conversation, 0, 10)
		require.NoError(t, err)
		return all[len(all)-1].State == bot.MessageUnclear
	}, 20*time.Second, 5*time.Millisecond)
	w.phone.set(false, nil)
	w.say("li", "在吗？")
	w.await(1)
	require.Equal(t, []string{"答：在吗？"}, w.phone.texts(), "it is not sent again by itself")
	offer := w.phone.sent[0].Choices
	require.Len(t, offer, 1)
	assert.Equal(t, "重看上一条", offer[0].Text)
	w.tap("li", offer[0])
	w.await(1)
	assert.Equal(t, "答：退役金？", w.phone.texts()[1])
	assert.Empty(t, w.phone.sent[1].Choices, "it was offered once")
	w.say("li", "谢谢？")
	w.await(1)
	assert.Empty(t, w.phone.sent[2].Choices)
}

func TestOnlyTheChoiceItselfAsksToSeeAgain(t *testing.T) {
	assert.Zero(t, bot.AskedAgain("entry:x"))
	assert.Zero(t, bot.AskedAgain("again:x"))
	assert.EqualValues(t, 7, bot.AskedAgain(bot.AgainAct(7)))
}
