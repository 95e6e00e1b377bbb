package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestATurnCarriesWhatTheAnswererNeeds(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"))
		first := claimTurn(t, s)
		r := result(first, "answer a")
		r.Region, r.Introduced = "浙江省/杭州市", true
		r.Parts[0].Sources = []bot.Source{{Title: "《条例》", Article: "第一条", InForce: "2024年9月1日"}}
		require.NoError(t, s.FinishTurn(t.Context(), r))
		finishSend(t, s, claimSend(t, s), bot.MessageSent)

		got := receive(t, s, text("li", "b"), text("li", "c"))
		turn := claimTurn(t, s)
		require.Equal(t, first.Claim+1, turn.Claim)
		require.Equal(t, "b\nc", turn.Text())
		require.Equal(t, got[0].Message, turn.Messages[0].ID)
		require.Len(t, turn.History, 2)
		require.Equal(t, "a", turn.History[0].Text)
		require.Equal(t, "answer a", turn.History[1].Text)
		require.Equal(t, r.Parts[0].Sources, turn.History[1].Sources)
		require.Equal(t, 1, turn.History[1].Part)
		require.NotZero(t, turn.History[1].Turn)
		require.Equal(t, turn.History[0].Turn, turn.History[1].Turn)
		require.True(t, turn.Conversation.Introduced)
		require.EqualValues(t, "浙江省/杭州市", turn.Conversation.Contact.Region)
		require.False(t, turn.Redone)
		require.WithinDuration(t, time.Now(), turn.Now, 10*time.Second)
	})
}

func TestHistoryHasALimit(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		for i := range bot.HistoryLimit + 3 {
			receive(t, s, text("li", fmt.Sprintf("%02d", i)))
			require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s))))
		}
		receive(t, s, text("li", "now"))
		turn := claimTurn(t, s)
		require.Len(t, turn.History, bot.HistoryLimit)
		require.Equal(t, "03", turn.History[0].Text)
		require.Equal(t, "14", turn.History[bot.HistoryLimit-1].Text)
	})
}

func TestATurnComesWhenPacingSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		p := bot.Pacing{Quiet: time.Minute, Longest: 5 * time.Minute}
		got, err := s.Receive(t.Context(), []bot.Arrival{text("li", "a")}, p)
		require.NoError(t, err)
		require.WithinDuration(t, d.now().Add(time.Minute), noTurn(t, s), 10*time.Second)
		d.pass(45 * time.Second)
		_, err = s.Receive(t.Context(), []bot.Arrival{text("li", "b")}, p)
		require.NoError(t, err)
		d.pass(45 * time.Second)
		require.WithinDuration(t, d.now().Add(15*time.Second), noTurn(t, s), 10*time.Second)
		d.pass(16 * time.Second)
		turn := claimTurn(t, s)
		require.Equal(t, "a\nb", turn.Text())
		require.Equal(t, got[0].Conversation, turn.Conversation.ID)
	})
}

func TestAPromptMessageEndsTheWait(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		p := bot.Pacing{Quiet: time.Minute, Longest: 5 * time.Minute}
		question := text("li", "b?")
		question.Prompt = true
		_, err := s.Receive(t.Context(), []bot.Arrival{text("li", "a"), question}, p)
		require.NoError(t, err)
		require.Len(t, claimTurn(t, s).Messages, 2)
	})
}

func TestTurnsOfAConversationAreLimitedUnlessUrgent(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		p := bot.Pacing{PerMinute: 2}
		for i := range 2 {
			_, err := s.Receive(t.Context(), []bot.Arrival{text("li", fmt.Sprint(i))}, p)
			require.NoError(t, err)
			r := result(claimTurn(t, s))
			r.Pacing = p
			require.NoError(t, s.FinishTurn(t.Context(), r))
		}
		_, err := s.Receive(t.Context(), []bot.Arrival{text("li", "over")}, p)
		require.NoError(t, err)
		require.WithinDuration(t, d.now().Add(time.Minute), noTurn(t, s), 10*time.Second)
		_, err = s.Receive(t.Context(), []bot.Arrival{text("wang", "another")}, p)
		require.NoError(t, err)
		require.Equal(t, "another", claimTurn(t, s).Text())

		urgent := text("li", "转人工")
		urgent.Urgent = true
		_, err = s.Receive(t.Context(), []bot.Arrival{urgent}, p)
		require.NoError(t, err)
		require.Equal(t, "over\n转人工", claimTurn(t, s).Text())
	})
}

func TestTheLimitHoldsForMessagesLeftOverByATurn(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		p := bot.Pacing{PerMinute: 1}
		receive(t, s, text("li", "a"))
		r := result(claimTurn(t, s))
		receive(t, s, text("li", "b"))
		r.Redone, r.Pacing = true, p
		require.NoError(t, s.FinishTurn(t.Context(), r))
		require.WithinDuration(t, d.now().Add(time.Minute), noTurn(t, s), 10*time.Second)
		d.pass(time.Minute)
		require.Equal(t, "b", claimTurn(t, s).Text())
	})
}

func TestTheLongestWaitingIsClaimedFirstAndOnlyOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		for _, contact := range []string{"a", "b", "c"} {
			receive(t, s, text(contact, contact))
			d.pass(time.Second)
		}
		for _, contact := range []string{"a", "b", "c"} {
			require.Equal(t, contact, claimTurn(t, s).Text())
		}
		require.WithinDuration(t, d.now().Add(bot.ClaimFor), noTurn(t, s), 10*time.Second)
	})
}

func TestAClaimLapsesUnlessRenewed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"))
		turn := claimTurn(t, s)
		c := turn.Conversation.ID
		d.pass(10 * time.Second)
		require.NoError(t, s.RenewTurn(t.Context(), c, turn.Claim))
		d.pass(10 * time.Second)
		noTurn(t, s)
		d.pass(6 * time.Second)
		again := claimTurn(t, s)
		require.NotEqual(t, turn.Claim, again.Claim)

		require.ErrorIs(t, s.RenewTurn(t.Context(), c, turn.Claim), bot.ErrStale)
		require.ErrorIs(t, s.ReleaseTurn(t.Context(), c, turn.Claim), bot.ErrStale)
		require.ErrorIs(t, s.FinishTurn(t.Context(), result(turn, "late")), bot.ErrStale)
		require.Equal(t, []string{"a=received"}, states(t, s, c))
		require.NoError(t, s.FinishTurn(t.Context(), result(again, "in time")))
		require.ErrorIs(t, s.FinishTurn(t.Context(), result(again, "twice")), bot.ErrStale)
		require.Equal(t, []string{"a=handled", "in time=pending"}, states(t, s, c))
	})
}

func TestAReleasedTurnIsHandedOutAgainAfterAMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"))
		turn := claimTurn(t, s)
		require.NoError(t, s.ReleaseTurn(t.Context(), turn.Conversation.ID, turn.Claim))
		require.False(t, noTurn(t, s).IsZero())
		d.pass(2 * time.Second)
		require.Equal(t, "a", claimTurn(t, s).Text())
	})
}

func TestAConversationThatWaitsWithoutAMessageDoesNotHoldUpTheOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		got := receive(t, s, text("li", "a"))
		receive(t, s, text("wang", "b"))
		require.NoError(t, s.Execute(t.Context(),
			"UPDATE messages SET state = 'handled' WHERE id = ?", got[0].Message))
		none, next, err := s.ClaimTurn(t.Context())
		require.NoError(t, err)
		require.Nil(t, none)
		require.WithinDuration(t, time.Now(), next, 5*time.Second, "there is more to claim at once")
		require.Equal(t, "b", claimTurn(t, s).Text())
		none, next, err = s.ClaimTurn(t.Context())
		require.NoError(t, err)
		require.Nil(t, none)
		require.False(t, next.IsZero(), "wang's turn is claimed")
	})
}
