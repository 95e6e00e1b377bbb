package bot_test

import (
	"context"
	"crypto/rand"
	"log/slog"
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
