package bot_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"rongjun/bot"
)

// oneTurn hands out one turn. Its claim is lost as soon as the turn is finished, and that is heard of
// before the commit has returned.
type oneTurn struct {
	bot.TurnStore

	hub      *bot.Hub
	claimed  bool
	finished chan error
}

func (s *oneTurn) ClaimTurn(context.Context) (*bot.Turn, time.Time, error) {
	if s.claimed {
		return nil, time.Time{}, nil
	}
	s.claimed = true
	return &bot.Turn{
		Conversation: bot.Conversation{ID: 1, Contact: bot.Contact{Address: address("li")}},
		Messages:     []bot.Message{{ID: 1, Text: "a"}}, Now: time.Now(),
	}, time.Time{}, nil
}

func (s *oneTurn) RenewTurn(context.Context, int64, int64) error { return bot.ErrStale }

func (s *oneTurn) FinishTurn(ctx context.Context, _ bot.TurnResult) error {
	s.hub.Changed(1)
	synctest.Wait() // for the worker to learn that the claim is gone
	s.finished <- ctx.Err()
	return nil
}

func TestTheCommitOfATurnIsNotCutOffWhenItGivesUpTheClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := bot.NewHub()
		s := &oneTurn{hub: hub, finished: make(chan error, 1)}
		w := &bot.Worker{
			Store: s, Answerer: &scripted{}, Channels: map[string]bot.Channel{"phone": &phone{}}, Hub: hub,
			Rand: rand.Reader, Now: time.Now, Log: slog.New(slog.DiscardHandler), Observer: silent{},
			Parallel: 1, Sweep: time.Second,
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); w.Run(ctx) }()
		assert.NoError(t, <-s.finished)
		stop()
		<-ended
	})
}

// manyTurns hands out turns of different conversations, whose commits wait until all are answered.
type manyTurns struct {
	bot.TurnStore

	left, answered atomic.Int64
	all            chan struct{}
	finished       sync.WaitGroup
}

func (s *manyTurns) ClaimTurn(context.Context) (*bot.Turn, time.Time, error) {
	n := s.left.Add(-1)
	if n < 0 {
		return nil, time.Time{}, nil
	}
	return &bot.Turn{
		Conversation: bot.Conversation{ID: n + 1, Contact: bot.Contact{Address: address("li")}},
		Messages:     []bot.Message{{ID: n + 1, Text: "a"}}, Now: time.Now(),
	}, time.Time{}, nil
}

func (s *manyTurns) RenewTurn(context.Context, int64, int64) error { return nil }

func (s *manyTurns) FinishTurn(context.Context, bot.TurnResult) error {
	<-s.all
	s.finished.Done()
	return nil
}

// thinker counts how many answers are made at a time.
type thinker struct {
	turns     *manyTurns
	wanted    int64
	now, most atomic.Int64
}

func (a *thinker) Answer(context.Context, bot.Turn) (bot.Answer, error) {
	a.most.Store(max(a.most.Load(), a.now.Add(1)))
	synctest.Wait() // for all others to come as far as they can
	a.now.Add(-1)
	if a.turns.answered.Add(1) == a.wanted {
		close(a.turns.all)
	}
	return bot.Answer{Decision: bot.DecideAnswer}, nil
}

func (a *thinker) Urgent(string) bool { return false }

func TestWhoWaitsForACommitKeepsNobodyFromThinkingAndOneThinksAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const turns = 5
		s := &manyTurns{all: make(chan struct{})}
		s.left.Store(turns)
		s.finished.Add(turns)
		a := &thinker{turns: s, wanted: turns}
		w := &bot.Worker{
			Store: s, Answerer: a, Channels: map[string]bot.Channel{"phone": &phone{}}, Hub: bot.NewHub(),
			Rand: rand.Reader, Now: time.Now, Log: slog.New(slog.DiscardHandler), Observer: silent{},
			Parallel: turns, Composing: 1, Sweep: time.Second,
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); w.Run(ctx) }()
		s.finished.Wait() // which no commit would end before the last answer is made
		assert.EqualValues(t, 1, a.most.Load())
		stop()
		<-ended
	})
}
