package main

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

// leaping is the machine's clock with a lead that a test can lengthen.
type leaping struct{ lead atomic.Int64 }

func (l *leaping) now() time.Time {
	return time.Now().Add(time.Duration(l.lead.Load()))
}

func (l *leaping) leap(d time.Duration) { l.lead.Add(int64(d)) }

// finishedTurns counts the turns of a customer that were answered.
func finishedTurns(t *testing.T, p *Program, conversation int64) int {
	t.Helper()
	turns, err := p.store.TurnsOf(t.Context(), conversation)
	require.NoError(t, err)
	n := 0
	for _, turn := range turns {
		if turn.Outcome == bot.TurnFinished {
			n++
		}
	}
	return n
}

// states counts the messages of a contact by their state.
func states(t *testing.T, p *Program, conversation int64) map[bot.MessageState]int {
	t.Helper()
	all, err := p.store.Messages(t.Context(), conversation, 0, 10_000)
	require.NoError(t, err)
	count := map[bot.MessageState]int{}
	for _, m := range all {
		if m.From == bot.FromContact {
			count[m.State]++
		}
	}
	return count
}

func TestAThousandMessagesOfOneContactAreStoredReadTogetherAndSlowNobody(t *testing.T) {
	t.Parallel()
	const flood, most = 1000, 6
	began := time.Now()
	var lead atomic.Int64
	// The minute, in which so many turns are allowed, lasts ten: enough for any machine.
	now := func() time.Time {
		return began.Add(time.Since(began)/10 + time.Duration(lead.Load()))
	}
	srv := platform(t, wecomtest.Config{Now: now})
	s := settings(t, func(s *config.Config) {
		onPlatform(srv)(s)
		s.Turn = config.Turn{Quiet: 50 * time.Millisecond, PerMinute: most} // as many as by default
	})
	p, _ := runningAs(t, Options{
		Settings: s, Log: slog.New(slog.DiscardHandler), Now: now,
	})
	srv.SetCallback(p.URL() + "/callback/wecom")

	eager := srv.Customer("eager")
	eager.Say(testAccount, "优待证怎么办理？")
	id := p.awaitConversation(t, "eager")
	for round := range 10 {
		// The first rounds each wait for a turn of their own, so that the limit is reached.
		require.Eventually(t, func() bool {
			return finishedTurns(t, p, id) >= min(round+1, most)
		}, patience, 10*time.Millisecond)
		for range flood / 10 {
			eager.Say(testAccount, "优待证怎么办理？")
		}
	}
	other := &customer{Customer: srv.Customer("other"), t: t}
	question := fortyQuestions(t)[0]
	other.Say(testAccount, question.question)
	other.hear(question.citation)

	require.Eventually(t, func() bool {
		count := states(t, p, id)
		return count[bot.MessageReceived]+count[bot.MessageHandled] == flood+1
	}, patience, 20*time.Millisecond, "all are stored")
	assert.Equal(t, most, finishedTurns(t, p, id), "the other contact was answered before the rest")
	assert.Positive(t, states(t, p, id)[bot.MessageReceived])

	lead.Store(int64(61 * time.Second))
	require.Eventually(t, func() bool {
		return states(t, p, id)[bot.MessageHandled] == flood+1
	}, patience, 50*time.Millisecond)
	assert.Equal(t, most+1, finishedTurns(t, p, id), "the rest is read together")
}
