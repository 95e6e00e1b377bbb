package bot_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rongjun/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAQuestionIsAnsweredOnceAndInParts(t *testing.T) {
	w := newTown(t)
	w.answerer.set(func(_ context.Context, t bot.Turn) (bot.Answer, error) {
		return bot.Answer{Decision: bot.DecideAnswer, Reply: bot.Reply{
			Text: "一\n二\n三", Choices: []bot.Choice{{Text: "再问", Act: "entry:x"}},
		}}, nil
	})
	conversation := w.say("li", "怎么办？")
	w.await(3)
	assert.Equal(t, []string{"一", "二", "三"}, w.phone.texts())
	ids := map[string]bool{}
	for _, o := range w.phone.sent {
		ids[o.ID] = true
	}
	assert.Len(t, ids, 3, "each part has its own id")
	assert.Len(t, w.phone.sent[2].Choices, 1)
	assert.NotEmpty(t, w.phone.sent[2].Choices[0].ID)
	turns, err := w.store.TurnsOf(t.Context(), conversation)
	require.NoError(t, err)
	assert.Len(t, turns, 1)
}

func TestFragmentsAreReadTogether(t *testing.T) {
	w := newTown(t)
	w.inbox.Pacing.Quiet, w.inbox.Pacing.Longest = time.Minute, time.Minute
	for _, s := range []string{"我想问一下", "我爸的优待证", "怎么办？"} {
		w.say("li", s)
	}
	w.await(1)
	assert.Equal(t, []string{"答：我想问一下/我爸的优待证/怎么办？"}, w.phone.texts())
}

func TestWhatArrivesWhileComposingIsAnsweredWithTheRest(t *testing.T) {
	w := newTown(t)
	first := make(chan struct{})
	goOn := make(chan struct{})
	var once sync.Once
	w.answerer.set(func(_ context.Context, t bot.Turn) (bot.Answer, error) {
		once.Do(func() { close(first); <-goOn })
		return echo(t), nil
	})
	w.say("li", "退役金？")
	<-first
	w.say("li", "还有医保？")
	close(goOn)
	w.await(1)
	assert.Equal(t, []string{"答：退役金？/还有医保？"}, w.phone.texts())
}

func TestAFailingOrPanickingAnswererAsksForAPerson(t *testing.T) {
	for name, script := range map[string]func(context.Context, bot.Turn) (bot.Answer, error){
		"error": func(context.Context, bot.Turn) (bot.Answer, error) { return bot.Answer{}, errors.New("x") },
		"panic": func(context.Context, bot.Turn) (bot.Answer, error) { panic("x") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			w.answerer.set(script)
			conversation := w.say("li", "在吗？")
			w.await(1)
			assert.Contains(t, w.phone.texts()[0], "工作人员")
			c, err := w.store.Conversation(t.Context(), conversation)
			require.NoError(t, err)
			assert.Equal(t, bot.StateQueued, c.State)
		})
	}
}

func TestAfterATakeoverTheBotIsSilentUntilTheRelease(t *testing.T) {
	w := newTown(t)
	conversation := w.say("li", "在吗？")
	w.await(1)
	_, err := w.desk.Takeover(t.Context(), conversation, "wang")
	require.NoError(t, err)
	_, err = w.desk.Takeover(t.Context(), conversation, "zhao")
	taken, ok := errors.AsType[*bot.TakenError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "wang", taken.By)

	w.say("li", "有人吗？")
	_, err = w.desk.Say(t.Context(), conversation, "wang", bot.Said{Text: "我在", ClientID: "1"})
	require.NoError(t, err)
	_, err = w.desk.Say(t.Context(), conversation, "wang", bot.Said{Text: "我在", ClientID: "1"})
	require.NoError(t, err, "a repeat is a no-op")
	w.await(1)
	_, err = w.desk.Say(t.Context(), conversation, "zhao", bot.Said{Text: "我也在", ClientID: "2"})
	require.ErrorIs(t, err, bot.ErrConflict)
	_, err = w.desk.Say(t.Context(), conversation, "wang", bot.Said{Text: " \x00 ", ClientID: "3"})
	require.ErrorIs(t, err, bot.ErrInvalid)

	_, err = w.desk.Release(t.Context(), conversation, "wang")
	require.NoError(t, err)
	w.say("li", "谢谢？")
	w.await(1)
	assert.Equal(t, []string{"答：在吗？", "我在", "答：谢谢？"}, w.phone.texts(),
		"what was said to the person is not answered by the bot afterwards")
}

func TestATakeoverWaitsForASendUnderWayAndStopsTheRest(t *testing.T) {
	w := newTown(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	w.phone.set(true, func(bot.Outgoing) error {
		close(begun)
		<-goOn
		return nil
	})
	w.answerer.set(func(context.Context, bot.Turn) (bot.Answer, error) {
		return bot.Answer{Decision: bot.DecideAnswer, Reply: bot.Reply{Text: "一\n二"}}, nil
	})
	conversation := w.say("li", "在吗？")
	<-begun
	done := make(chan error, 1)
	go func() {
		_, err := w.desk.Takeover(context.Background(), conversation, "wang")
		done <- err
	}()
	select {
	case err := <-done:
		t.Fatalf("the takeover did not wait: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(goOn)
	require.NoError(t, <-done)
	assert.Equal(t, []string{"一"}, w.phone.texts(), "the second part is never begun")
}

func TestSendsFollowTheirClass(t *testing.T) {
	for name, row := range map[string]struct {
		keyed bool
		err   error
		want  bot.MessageState
	}{
		"refused for good":         {true, bot.Permanent(errors.New("x")), bot.MessageFailed},
		"window closed":            {true, bot.Parked(errors.New("x")), bot.MessageParked},
		"unclear without a key":    {false, bot.Unclear(errors.New("x")), bot.MessageUnclear},
		"no class counts the same": {false, errors.New("x"), bot.MessageUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			tried := make(chan struct{}, 10)
			w.phone.set(row.keyed, func(bot.Outgoing) error { tried <- struct{}{}; return row.err })
			conversation := w.say("li", "在吗？")
			<-tried
			require.Eventually(t, func() bool {
				all, err := w.store.Messages(t.Context(), conversation, 0, 10)
				return err == nil && len(all) == 2 && all[1].State == row.want
			}, 10*time.Second, 5*time.Millisecond)
		})
	}
}

func TestAnUnclearSendIsRepeatedUnderTheSameId(t *testing.T) {
	w := newTown(t)
	var mu sync.Mutex
	var tries []bot.Outgoing
	w.phone.set(true, func(o bot.Outgoing) error {
		mu.Lock()
		defer mu.Unlock()
		tries = append(tries, o)
		if len(tries) == 1 {
			return &bot.SendError{Class: bot.ClassUnclear, After: time.Millisecond, Err: errors.New("x")}
		}
		return nil
	})
	w.say("li", "在吗？")
	w.await(1)
	require.Len(t, tries, 2)
	assert.Equal(t, tries[0].ID, tries[1].ID)
	assert.False(t, tries[0].Repeat)
	assert.True(t, tries[1].Repeat)
}

func TestAThousandMessagesOfOneContactSlowNobodyElse(t *testing.T) {
	w := newTown(t)
	w.inbox.Pacing.PerMinute = 6
	var flood []bot.Incoming
	for i := range 1000 {
		flood = append(flood, bot.Incoming{
			Address: address("noisy"), PlatformID: fmt.Sprintf("n%d", i), Kind: bot.KindText,
			Text: "啊", At: time.Now(),
		})
	}
	for i := 0; i < len(flood); i += 50 {
		accepted, err := w.inbox.Receive(t.Context(), flood[i:i+50])
		require.NoError(t, err)
		require.Len(t, accepted, 50)
	}
	w.say("li", "在吗？")
	require.Eventually(t, func() bool {
		for _, o := range w.phone.texts() {
			if o == "答：在吗？" {
				return true
			}
		}
		return false
	}, 10*time.Second, 5*time.Millisecond)
	c, err := w.store.ConversationOf(t.Context(), address("noisy"))
	require.NoError(t, err)
	all, err := w.store.Messages(t.Context(), c.ID, 0, 5000)
	require.NoError(t, err)
	received := 0
	for _, m := range all {
		if m.From == bot.FromContact {
			received++
		}
	}
	assert.Equal(t, 1000, received, "all are stored")
	turns, err := w.store.TurnsOf(t.Context(), c.ID)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(turns), 7)
}

func TestWhoWaitsIsToldHowThingsStandUntilAPersonComes(t *testing.T) {
	w := newTown(t)
	w.answerer.set(func(_ context.Context, turn bot.Turn) (bot.Answer, error) {
		return bot.Answer{
			Decision: bot.DecideHandover, Reply: bot.Reply{Text: "马上转人工"},
			Event: bot.Event{Kind: bot.EventHandover, Reason: "要求人工", At: turn.Now},
		}, nil
	})
	first, second := w.say("li", "转人工"), int64(0)
	w.await(1)
	second = w.say("zhou", "转人工")
	w.await(1)
	due, next, err := w.store.ClaimDue(t.Context())
	require.NoError(t, err)
	assert.Nil(t, due, "nothing is said so soon after the receipt")
	assert.WithinDuration(t, time.Now().Add(10*time.Minute), next, time.Minute)

	waiting := &bot.Waiting{Store: w.store, Transcript: w.store, Rand: rand.Reader, Now: time.Now}
	subject := bot.Due{Kind: bot.DueWaiting, Subject: fmt.Sprint(second)}
	next, err = waiting.Update(t.Context(), subject)
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(30*time.Minute), next, time.Minute)
	w.await(1)
	last := w.phone.sent[len(w.phone.sent)-1]
	assert.Contains(t, last.Text, "前面还有1位")
	assert.Contains(t, last.Text, "没有工作人员在岗")
	assert.Equal(t, bot.ActCancel, last.Choices[0].Act)

	_, err = w.desk.Takeover(t.Context(), first, "wang")
	require.NoError(t, err)
	next, err = waiting.Update(t.Context(), bot.Due{Kind: bot.DueWaiting, Subject: fmt.Sprint(first)})
	require.NoError(t, err)
	assert.True(t, next.IsZero(), "who has a person is told nothing more")
	assert.Len(t, w.phone.texts(), 3)
	_, err = waiting.Update(t.Context(), bot.Due{Kind: bot.DueWaiting, Subject: "nobody"})
	require.ErrorIs(t, err, bot.ErrInvalid)
}
