package store_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/bot"
	"rongjun/bot/store"
)

// TestWhateverHappensEachMessageIsAnsweredAndSentAtMostOnce lets random things happen in random
// order, with late results, lapsed claims, takeovers and recalls among them.
func TestWhateverHappensEachMessageIsAnsweredAndSentAtMostOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		var s *store.Store
		if d.raw != nil {
			s = d.open()
		}
		rapid.Check(t, func(rt *rapid.T) {
			if d.raw == nil {
				dir, err := os.MkdirTemp(t.TempDir(), "")
				require.NoError(rt, err)
				d.dir = dir
				s, err = store.Open(t.Context(), d.options())
				require.NoError(rt, err)
				defer func() { require.NoError(rt, s.Close()) }()
			} else {
				_, err := d.raw.ExecContext(t.Context(), "TRUNCATE accounts, due CASCADE")
				require.NoError(rt, err)
				require.NoError(rt, s.Beat(t.Context()))
			}
			w := &world{T: rt, d: d, s: s, known: make(map[int64]*fate)}
			rt.Repeat(w.actions())
			w.comeToRest()
			w.check()
		})
	})
}

func (w *world) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"": func(*rapid.T) {},
		"receive": func(t *rapid.T) {
			w.receive(rapid.IntRange(1, 3).Draw(t, "messages"))
		},
		"recall": func(t *rapid.T) {
			w.count++
			w.take(bot.Arrival{Incoming: bot.Incoming{
				Address: address(w.contact()), PlatformID: fmt.Sprint("recall", w.count),
				Recalls: fmt.Sprint("m", rapid.IntRange(1, w.count).Draw(t, "recalled")),
			}})
		},
		"claim turn":  func(*rapid.T) { w.claimTurn() },
		"finish turn": func(*rapid.T) { w.finishTurn() },
		"release turn": func(*rapid.T) {
			if turn, ok := pick(w, w.turns); ok {
				w.expect(w.s.ReleaseTurn(w.d.ctx, turn.Conversation.ID, turn.Claim), bot.ErrStale)
			}
		},
		"renew turn": func(*rapid.T) {
			if turn, ok := pick(w, w.turns); ok {
				w.expect(w.s.RenewTurn(w.d.ctx, turn.Conversation.ID, turn.Claim), bot.ErrStale)
			}
		},
		"claim send":  func(*rapid.T) { w.claimSend() },
		"finish send": func(*rapid.T) { w.finishSend() },
		"rescue": func(t *rapid.T) {
			keyed := rapid.SampledFrom([][]string{nil, {"wecom"}}).Draw(t, "keyed")
			w.expect(w.s.RescueSends(w.d.ctx, keyed))
		},
		"pass":  func(*rapid.T) { w.d.pass(6 * time.Second) },
		"raise": func(*rapid.T) { w.raise() },
		"commit": func(*rapid.T) {
			if f, ok := pick(w, w.fences); ok {
				_, err := w.s.CommitTakeover(w.d.ctx, f)
				w.expect(err, bot.ErrStale, bot.ErrConflict)
			}
		},
		"lower": func(*rapid.T) {
			if f, ok := pick(w, w.fences); ok {
				w.expect(w.s.LowerFence(w.d.ctx, f), bot.ErrStale)
			}
		},
		"act": func(*rapid.T) { w.act() },
		"say": func(*rapid.T) {
			if c, ok := pick(w, w.conversations); ok {
				w.count++
				name, _ := pick(w, staffNames)
				_, err := w.s.Say(w.d.ctx, said(c, name, fmt.Sprint(w.count), "words"))
				w.expect(err, bot.ErrConflict)
			}
		},
	}
}

// comeToRest does all work that is left, as the program would.
func (w *world) comeToRest() {
	for _, c := range w.conversations {
		for _, name := range staffNames {
			_, err := w.s.Act(w.d.ctx, c, bot.Event{Kind: bot.EventRelease, By: name})
			w.expect(err, bot.ErrConflict)
		}
	}
	w.d.pass(time.Minute)
	for range 10 * w.count {
		w.expect(w.s.RescueSends(w.d.ctx, []string{"wecom"}))
		turn := w.claimTurn()
		if turn != nil {
			w.expect(w.s.FinishTurn(w.d.ctx, result(turn, "last")))
		}
		m := w.claimSend()
		if m != nil {
			w.expect(w.s.FinishSend(w.d.ctx, *m, bot.SendOutcome{State: bot.MessageSent}))
			w.known[m.Message].sent++
		}
		if turn == nil && m == nil {
			return
		}
	}
}

// check reads everything and holds it against what may be.
func (w *world) check() {
	for _, c := range w.conversations {
		messages, err := w.s.Messages(w.d.ctx, c, 0, 100_000)
		w.expect(err)
		turns, err := w.s.TurnsOf(w.d.ctx, c)
		w.expect(err)
		readBy := make(map[int64]int64)
		for _, turn := range turns {
			if turn.Outcome != bot.TurnFinished {
				require.Empty(w, turn.Parts)
				continue
			}
			for _, id := range turn.Messages {
				require.Zero(w, readBy[id], "message %d in two finished turns", id)
				readBy[id] = turn.ID
			}
		}
		w.checkMessages(messages, readBy)
	}
}

func (w *world) checkMessages(messages []bot.Message, readBy map[int64]int64) {
	var shown []int64
	parked := false
	for _, m := range messages {
		if m.Shown > 0 {
			shown = append(shown, m.Shown)
		}
		if m.From == bot.FromContact {
			require.Contains(w, []bot.MessageState{bot.MessageHandled, bot.MessageRecalled}, m.State)
			require.Equal(w, readBy[m.ID], m.Turn)
			require.NotZero(w, m.Shown)
			continue
		}
		f := w.known[m.ID]
		parked = parked || m.State == bot.MessageParked
		require.Equal(w, m.State == bot.MessageSent, m.Shown > 0)
		require.Equal(w, m.State == bot.MessageSent, f != nil && f.sent == 1)
		require.NotEqual(w, bot.MessageSending, m.State)
		require.True(w, m.State != bot.MessagePending || parked, "left unsent")
	}
	slices.Sort(shown)
	require.Len(w, slices.Compact(shown), len(shown), "a repeat in what is shown")
}
