package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

// answered is a conversation whose first message was answered with the given parts.
func answered(t *testing.T, s *store.Store, contact string, parts ...string) int64 {
	t.Helper()
	receive(t, s, text(contact, "q"))
	turn := claimTurn(t, s)
	require.NoError(t, s.FinishTurn(t.Context(), result(turn, parts...)))
	return turn.Conversation.ID
}

func TestPartsAreSentInOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one", "two")
		one := claimSend(t, s)
		require.Equal(t, address("li"), one.Outgoing.Address)
		require.Equal(t, bot.FromBot, one.Outgoing.From)
		require.Equal(t, "one", one.Outgoing.Text)
		require.Equal(t, 1, one.Attempts)
		require.False(t, one.Outgoing.Repeat)
		require.Equal(t, c, one.Conversation)
		noSend(t, s)
		finishSend(t, s, one, bot.MessageSent)
		two := claimSend(t, s)
		require.Equal(t, "two", two.Outgoing.Text)
		require.NotEqual(t, one.Outgoing.ID, two.Outgoing.ID)
		finishSend(t, s, two, bot.MessageSent)
		require.True(t, noSend(t, s).IsZero())
		require.Equal(t, []string{"q=handled", "one=sent", "two=sent"}, states(t, s, c))
	})
}

func TestConversationsAreSentSideBySide(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		answered(t, s, "li", "one", "two")
		answered(t, s, "wang", "three")
		require.Equal(t, "one", claimSend(t, s).Outgoing.Text)
		require.Equal(t, "three", claimSend(t, s).Outgoing.Text)
		noSend(t, s)
	})
}

func TestASentMessageBecomesVisible(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one")
		receive(t, s, text("li", "later"))
		finishSend(t, s, claimSend(t, s), bot.MessageSent)
		visible, err := s.Visible(t.Context(), c, 0, 10)
		require.NoError(t, err)
		var words []string
		for i, m := range visible {
			words = append(words, m.Text)
			require.Equal(t, int64(i+1), m.Shown)
		}
		require.Equal(t, []string{"q", "later", "one"}, words)
	})
}

func TestAMessageIsTriedAgainAfterItsPause(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		answered(t, s, "li", "one")
		first := claimSend(t, s)
		require.NoError(t, s.FinishSend(t.Context(), *first, bot.SendOutcome{
			State: bot.MessagePending, After: time.Minute, MayHaveArrived: true, Note: "later",
		}))
		require.WithinDuration(t, d.now().Add(time.Minute), noSend(t, s), 10*time.Second)
		d.pass(time.Minute)
		second := claimSend(t, s)
		require.Equal(t, first.Outgoing.ID, second.Outgoing.ID)
		require.Equal(t, 2, second.Attempts)
		require.True(t, second.Outgoing.Repeat)
		require.WithinDuration(t, d.now().Add(-time.Minute), second.FirstTried, 10*time.Second)

		// What may have arrived once stays a repeat, whatever the next attempt says.
		require.NoError(t, s.FinishSend(t.Context(), *second, bot.SendOutcome{
			State: bot.MessagePending,
		}))
		require.True(t, claimSend(t, s).Outgoing.Repeat)
	})
}

func TestWhenAPartFailsTheRestIsWithdrawn(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one", "two", "three")
		finishSend(t, s, claimSend(t, s), bot.MessageSent)
		require.NoError(t, s.FinishSend(t.Context(), *claimSend(t, s), bot.SendOutcome{
			State: bot.MessageFailed, Note: "没有送到",
		}))
		require.Equal(t, []string{"q=handled", "one=sent", "two=failed", "three=withdrawn"},
			states(t, s, c))
		require.Equal(t, "没有送到", transcript(t, s, c)[2].Note)
		receive(t, s, text("li", "next"))
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "four")))
		require.Equal(t, "four", claimSend(t, s).Outgoing.Text)
	})
}

func TestAnUnclearMessageDoesNotStopTheNext(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one", "two")
		finishSend(t, s, claimSend(t, s), bot.MessageUnclear)
		require.Equal(t, "two", claimSend(t, s).Outgoing.Text)
		require.Equal(t, []string{"q=handled", "one=unclear", "two=sending"}, states(t, s, c))
	})
}

func TestAnOutcomeCountsOnlyUnderTheClaim(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		answered(t, s, "li", "one")
		m := claimSend(t, s)
		other := *m
		other.Claim++
		sent := bot.SendOutcome{State: bot.MessageSent}
		require.ErrorIs(t, s.FinishSend(t.Context(), other, sent), bot.ErrStale)
		require.ErrorIs(t, s.FinishSend(t.Context(), *m,
			bot.SendOutcome{State: bot.MessageReceived}), bot.ErrInvalid)
		require.NoError(t, s.FinishSend(t.Context(), *m, sent))
		require.ErrorIs(t, s.FinishSend(t.Context(), *m, sent), bot.ErrStale)
	})
}

func TestWhatADeadSenderLeftIsRescued(t *testing.T) {
	for _, test := range []struct {
		name  string
		keyed []string
		want  bot.MessageState
	}{
		{"keyed", []string{"other", "wecom"}, bot.MessagePending},
		{"unkeyed", []string{"other"}, bot.MessageUnclear},
		{"none", nil, bot.MessageUnclear},
	} {
		t.Run(test.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, d *database) {
				s := d.open()
				c := answered(t, s, "li", "one")
				m := claimSend(t, s)
				require.NoError(t, s.RescueSends(t.Context(), test.keyed))
				require.Equal(t, bot.MessageSending, transcript(t, s, c)[1].State)

				d.pass(bot.ClaimFor + time.Second)
				noSend(t, s)
				require.NoError(t, s.RescueSends(t.Context(), test.keyed))
				require.Equal(t, test.want, transcript(t, s, c)[1].State)
				require.ErrorIs(t, s.FinishSend(t.Context(), *m,
					bot.SendOutcome{State: bot.MessageSent}), bot.ErrStale)
				if test.want == bot.MessagePending {
					again := claimSend(t, s)
					require.Equal(t, m.Outgoing.ID, again.Outgoing.ID)
					require.True(t, again.Outgoing.Repeat)
				}
			})
		})
	}
}
