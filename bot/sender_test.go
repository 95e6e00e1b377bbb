package bot_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"rongjun/bot"
)

// frozen is an outbox with one message, and a process that stands still for a while after it has
// claimed the message. It is its own channel and clock.
type frozen struct {
	bot.OutboxStore
	bot.Channel

	now     time.Time
	still   time.Duration
	claimed bool
	sent    int
	outcome chan bot.SendOutcome
}

func (f *frozen) ClaimSend(context.Context) (*bot.Sending, time.Time, error) {
	if f.claimed {
		return nil, time.Time{}, nil
	}
	f.claimed = true
	f.now = f.now.Add(f.still)
	return &bot.Sending{Message: 1, Attempts: 1, Outgoing: bot.Outgoing{
		Address: bot.Address{Channel: "c"}, Text: "a",
	}}, time.Time{}, nil
}

func (f *frozen) FinishSend(_ context.Context, _ bot.Sending, o bot.SendOutcome) error {
	f.outcome <- o
	return nil
}

func (*frozen) RescueSends(context.Context, []string) error { return nil }

func (*frozen) Keyed() bool { return true }

func (f *frozen) Send(context.Context, bot.Outgoing) (bot.Receipt, error) {
	f.sent++
	return bot.Receipt{}, nil
}

func (*frozen) SendFinished(string, bot.MessageState, time.Duration) {}

func TestAProcessThatStoodStillAfterItsClaimSendsNothing(t *testing.T) {
	for still, want := range map[time.Duration]bot.MessageState{
		time.Second: bot.MessageSent, 4 * time.Second: bot.MessagePending,
	} {
		f := &frozen{now: time.Now(), still: still, outcome: make(chan bot.SendOutcome, 1)}
		s := &bot.Sender{
			Store: f, Channels: map[string]bot.Channel{"c": f}, Hub: bot.NewHub(),
			Now: func() time.Time { return f.now }, Log: slog.New(slog.DiscardHandler), Observer: f,
			Parallel: 1, Sweep: time.Hour,
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); s.Run(ctx) }()
		assert.Equal(t, want, (<-f.outcome).State)
		stop()
		<-ended
		assert.Equal(t, want == bot.MessageSent, f.sent == 1)
	}
}
