package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestATurnNamesWhatMayNotHaveArrivedUntilItIsOffered(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"))
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "answer a")))
		lost := claimSend(t, s)
		finishSend(t, s, lost, bot.MessageUnclear)

		receive(t, s, text("wang", "x"))
		require.Zero(t, claimTurn(t, s).Unclear, "another conversation's")

		receive(t, s, text("li", "b"))
		turn := claimTurn(t, s)
		require.Equal(t, lost.Message, turn.Unclear)
		require.Nil(t, turn.Again)
		r := result(turn, "answer b")
		r.Parts[0].Choices = []bot.Choice{{ID: "c1", Text: "again", Act: bot.AgainAct(lost.Message)}}
		require.NoError(t, s.FinishTurn(t.Context(), r))
		finishSend(t, s, claimSend(t, s), bot.MessageSent)

		tap := text("li", "tap")
		tap.Kind, tap.ChoiceID = bot.KindTap, "c1"
		receive(t, s, tap)
		turn = claimTurn(t, s)
		require.Zero(t, turn.Unclear, "it has been offered")
		require.NotNil(t, turn.Again)
		require.Equal(t, "answer a", turn.Again.Text)
	})
}

func TestAMessageIsSeenAgainInItsOwnConversationOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "a"))
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "answer a")))
		lis := claimSend(t, s)
		receive(t, s, text("wang", "x"))
		r := result(claimTurn(t, s), "answer x")
		r.Parts[0].Choices = []bot.Choice{{ID: "c1", Text: "again", Act: bot.AgainAct(lis.Message)}}
		require.NoError(t, s.FinishTurn(t.Context(), r))
		tap := text("wang", "tap")
		tap.Kind, tap.ChoiceID = bot.KindTap, "c1"
		receive(t, s, tap)
		require.Nil(t, claimTurn(t, s).Again)
	})
}
