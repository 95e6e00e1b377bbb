package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

// passive is a town whose phone is told nothing: what is said waits to be fetched.
func newPassive(t *testing.T, patience time.Duration) (*town, *bot.Passive) {
	t.Helper()
	w := newTown(t)
	w.phone.set(true, func(bot.Outgoing) error { return bot.Held() })
	return w, &bot.Passive{Store: w.store, Hub: w.hub, Patience: patience}
}

// ask sends a text as a callback brings it, and returns what it is answered with.
func (w *town) ask(p *bot.Passive, words string) string {
	w.t.Helper()
	w.n++
	in := bot.Incoming{
		Address: address("li"), PlatformID: words + time.Now().String(), Kind: bot.KindText,
		Text: words, At: time.Now(), Fetches: words == "1",
	}
	accepted, err := w.inbox.Receive(w.t.Context(), []bot.Incoming{in})
	require.NoError(w.t, err)
	text, err := p.Await(w.t.Context(), in, accepted[0], bot.Limits{Text: 2048, Choice: 128})
	require.NoError(w.t, err)
	again, err := p.Await(w.t.Context(), in, accepted[0], bot.Limits{Text: 2048, Choice: 128})
	require.NoError(w.t, err)
	if !strings.Contains(text, "回复“1”") {
		assert.Equal(w.t, text, again, "told again, the same is said")
	}
	return text
}

func TestWhatIsReadyInTimeAnswersItsMessage(t *testing.T) {
	w, p := newPassive(t, 20*time.Second)
	assert.Equal(t, "答：退役金？", w.ask(p, "退役金？"))
	assert.Equal(t, "答：医保？", w.ask(p, "医保？"))
}

func TestWhatIsLateIsFetchedByTheNextMessage(t *testing.T) {
	w, p := newPassive(t, 20*time.Millisecond)
	goOn := make(chan struct{})
	w.answerer.set(func(_ context.Context, t bot.Turn) (bot.Answer, error) {
		<-goOn
		return echo(t), nil
	})
	assert.Contains(t, w.ask(p, "退役金？"), "回复“1”")
	assert.Contains(t, w.ask(p, "1"), "回复“1”", "still at it")
	close(goOn)
	p.Patience = 20 * time.Second
	assert.Equal(t, "答：退役金？", w.ask(p, "1"))
	assert.Equal(t, "答：1", w.ask(p, "1"), "nothing waits, so it is said to us")
}

func TestALongReplyIsFetchedInPieces(t *testing.T) {
	w, p := newPassive(t, 20*time.Second)
	long := strings.Repeat("长", 500)
	w.answerer.set(func(context.Context, bot.Turn) (bot.Answer, error) {
		return bot.Answer{Decision: bot.DecideAnswer, Reply: bot.Reply{
			Text: long + "\n" + long, Choices: []bot.Choice{{Text: "要带什么", Act: "entry:x"}},
		}}, nil
	})
	first := w.ask(p, "退役金？")
	assert.True(t, strings.HasPrefix(first, long))
	assert.Contains(t, first, "还有内容，回复“1”")
	assert.LessOrEqual(t, len(first), 2048)
	assert.Equal(t, long+"\n·要带什么", w.ask(p, "1"), "the menu is in words")
}

func TestAPersonInChargeIsNamedAndTheirWordsAreFetched(t *testing.T) {
	w, p := newPassive(t, 20*time.Second)
	conversation := w.say("li", "在吗？")
	_, err := w.desk.Takeover(t.Context(), conversation, "王")
	require.NoError(t, err)
	assert.Contains(t, w.ask(p, "有人吗"), "工作人员")
	_, err = w.desk.Say(t.Context(), conversation, "王", bot.Said{Text: "我在", ClientID: "1"})
	require.NoError(t, err)
	assert.Equal(t, "我在", w.ask(p, "1"))
}

func TestAnEventSaysWhatThereIsAndWaitsForNothing(t *testing.T) {
	w, p := newPassive(t, time.Hour)
	in := bot.Incoming{
		Address: address("li"), PlatformID: "e1", Kind: bot.KindEvent, Text: "〔关注〕", At: time.Now(),
	}
	accepted, err := w.inbox.Receive(t.Context(), []bot.Incoming{in})
	require.NoError(t, err)
	text, err := p.Await(t.Context(), in, accepted[0], bot.Limits{Text: 2048})
	require.NoError(t, err)
	assert.Empty(t, text)
}

func TestAPlatformThatHungUpIsWaitedForNoLonger(t *testing.T) {
	w, p := newPassive(t, time.Hour)
	goOn := make(chan struct{})
	defer close(goOn)
	w.answerer.set(func(ctx context.Context, t bot.Turn) (bot.Answer, error) {
		select {
		case <-goOn:
		case <-ctx.Done():
		}
		return echo(t), nil
	})
	in := bot.Incoming{
		Address: address("li"), PlatformID: "x", Kind: bot.KindText, Text: "在吗？", At: time.Now(),
	}
	accepted, err := w.inbox.Receive(t.Context(), []bot.Incoming{in})
	require.NoError(t, err)
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	_, err = p.Await(ctx, in, accepted[0], bot.Limits{Text: 2048})
	require.ErrorIs(t, err, context.Canceled)
}
