package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

// joinTwo is a join that takes at most two messages.
func joinTwo(messages []bot.Message) (string, int) {
	n := min(2, len(messages))
	var words []string
	for _, m := range messages[:n] {
		words = append(words, m.Text)
	}
	return strings.Join(words, "+"), n
}

func TestAMessageFetchesWhatWaitsAndTheSameWhenAskedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		got := receive(t, s, text("li", "a"))
		fetch := func(message int64) bot.Fetched {
			f, err := s.Fetch(t.Context(), message, joinTwo)
			require.NoError(t, err)
			return f
		}
		require.Equal(t, bot.Fetched{State: bot.StateBot, Unanswered: true}, fetch(got[0].Message))
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "1", "2", "3")))
		first := fetch(got[0].Message)
		require.Equal(t, bot.Fetched{Text: "1+2", State: bot.StateBot}, first)
		require.Equal(t, first, fetch(got[0].Message), "the platform lost the answer")

		more := text("li", "1")
		more.Fetches = true
		next := receive(t, s, more)
		require.Equal(t, "3", fetch(next[0].Message).Text)
		require.Equal(t, first, fetch(got[0].Message))
		noTurn(t, s)
		all := transcript(t, s, got[0].Conversation)
		require.Equal(t, bot.MessageHandled, all[len(all)-1].State, "it only fetched")
		for _, m := range all[1:4] {
			require.Equal(t, bot.MessageSent, m.State)
			require.NotZero(t, m.Shown)
		}
		_, err := s.Fetch(t.Context(), 999, joinTwo)
		require.ErrorIs(t, err, bot.ErrNotFound)
	})
}

func TestWordsThatFetchAreAQuestionWhereNothingWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		one := text("li", "1")
		one.Fetches = true
		receive(t, s, one)
		require.Equal(t, "1", claimTurn(t, s).Text())
	})
}

func TestWhatIsBeingSentAndWhatTheBotMayNotSayIsNotFetched(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		got := receive(t, s, text("li", "a"))
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "1", "2")))
		held := claimSend(t, s)
		f, err := s.Fetch(t.Context(), got[0].Message, joinTwo)
		require.NoError(t, err)
		require.Empty(t, f.Text, "it is being sent")
		finishSend(t, s, held, bot.MessagePending)
		fence, err := s.RaiseFence(t.Context(), got[0].Conversation, "wang")
		require.NoError(t, err)
		_, err = s.CommitTakeover(t.Context(), fence)
		require.NoError(t, err)
		_, err = s.Say(t.Context(), said(got[0].Conversation, "wang", "1", "我来答"))
		require.NoError(t, err)
		f, err = s.Fetch(t.Context(), got[0].Message, joinTwo)
		require.NoError(t, err)
		require.Equal(t, "我来答", f.Text, "a person's words are fetched, the bot's were withdrawn")
		require.Equal(t, bot.StateStaff, f.State)
	})
}
