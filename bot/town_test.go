package bot_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

// scripted answers with what the test says; without a script it repeats the question.
type scripted struct {
	mu     sync.Mutex
	script func(context.Context, bot.Turn) (bot.Answer, error)
	turns  []bot.Turn
}

func (s *scripted) Answer(ctx context.Context, t bot.Turn) (bot.Answer, error) {
	s.mu.Lock()
	s.turns = append(s.turns, t)
	script := s.script
	s.mu.Unlock()
	if script != nil {
		return script(ctx, t)
	}
	return echo(t), nil
}

func (s *scripted) set(f func(context.Context, bot.Turn) (bot.Answer, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = f
}

func echo(t bot.Turn) bot.Answer {
	return bot.Answer{
		Decision: bot.DecideAnswer,
		Reply:    bot.Reply{Text: "答：" + strings.ReplaceAll(t.Text(), "\n", "/")},
	}
}

// phone is a channel that keeps what it was given, and fails as the test says.
type phone struct {
	mu    sync.Mutex
	sent  []bot.Outgoing
	fault func(bot.Outgoing) error
	keyed bool
	told  chan struct{}
}

func (p *phone) Name() string { return "phone" }
func (p *phone) Keyed() bool  { p.mu.Lock(); defer p.mu.Unlock(); return p.keyed }

func (p *phone) set(keyed bool, fault func(bot.Outgoing) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keyed, p.fault = keyed, fault
}

// Parts makes one message of every line.
func (p *phone) Parts(r bot.Reply) []bot.Reply {
	var parts []bot.Reply
	for line := range strings.SplitSeq(r.Text, "\n") {
		parts = append(parts, bot.Reply{Text: line})
	}
	parts[len(parts)-1].Choices = r.Choices
	return parts
}

func (p *phone) Send(_ context.Context, o bot.Outgoing) (bot.Receipt, error) {
	p.mu.Lock()
	fault := p.fault
	p.mu.Unlock()
	if fault != nil {
		if err := fault(o); err != nil {
			return bot.Receipt{}, err
		}
	}
	p.mu.Lock()
	p.sent = append(p.sent, o)
	p.mu.Unlock()
	p.told <- struct{}{}
	return bot.Receipt{}, nil
}

func (p *phone) texts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, o := range p.sent {
		out = append(out, o.Text)
	}
	return out
}

type silent struct{}

func (silent) TurnFinished(bot.Decision, time.Duration, time.Duration) {}
func (silent) TurnDropped(string)                                      {}
func (silent) SendFinished(string, bot.MessageState, time.Duration)    {}

// town is the whole of package bot on a real database.
type town struct {
	t        *testing.T
	store    *store.Store
	inbox    *bot.Inbox
	desk     *bot.Desk
	phone    *phone
	answerer *scripted
	hub      *bot.Hub
	n        int
}

func newTown(t *testing.T) *town {
	t.Helper()
	hub := bot.NewHub()
	log := slog.New(slog.DiscardHandler)
	db, err := store.Open(t.Context(), store.Options{
		Dir: t.TempDir(), Exclusive: true, Now: time.Now, Changed: hub.Changed, Log: log,
	})
	require.NoError(t, err)
	pacing := bot.Pacing{Quiet: 5 * time.Millisecond, Longest: 50 * time.Millisecond, PerMinute: 1000}
	town := &town{
		t: t, store: db, phone: &phone{keyed: true, told: make(chan struct{}, 1000)},
		answerer: &scripted{}, hub: hub,
		inbox: &bot.Inbox{Store: db, Pacing: pacing, Urgent: func(s string) bool { return s == "转人工" }},
	}
	channels := map[string]bot.Channel{"phone": town.phone}
	town.desk = &bot.Desk{
		Channels:  channels,
		Takeovers: db, Store: db, Due: db, Hub: hub, Rand: rand.Reader, Now: time.Now, Log: log,
		IdleAfter: 24 * time.Hour,
	}
	worker := &bot.Worker{
		Store: db, Answerer: town.answerer, Channels: channels, Hub: hub, Pacing: pacing,
		Rand: rand.Reader, Now: time.Now, Log: log, Observer: silent{}, Parallel: 4, Sweep: time.Second,
	}
	sender := &bot.Sender{
		Store: db, Channels: channels, Hub: hub, Now: time.Now, Log: log, Observer: silent{},
		Parallel: 4, Sweep: time.Second,
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { worker.Run(ctx) })
	running.Go(func() { sender.Run(ctx) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		require.NoError(t, db.Close())
	})
	return town
}

func address(contact string) bot.Address {
	return bot.Address{Channel: "phone", Account: "main", ExternalID: contact}
}

// say sends a text of a contact and returns its conversation.
func (w *town) say(contact, text string) int64 {
	w.t.Helper()
	w.n++
	accepted, err := w.inbox.Receive(w.t.Context(), []bot.Incoming{{
		Address: address(contact), PlatformID: fmt.Sprintf("in%d", w.n), Kind: bot.KindText,
		Text: text, At: time.Now(),
	}})
	require.NoError(w.t, err)
	return accepted[0].Conversation
}

func (w *town) await(n int) {
	w.t.Helper()
	for range n {
		select {
		case <-w.phone.told:
		case <-time.After(time.Minute):
			w.t.Fatalf("nothing more was sent; so far %q", w.phone.texts())
		}
	}
}
