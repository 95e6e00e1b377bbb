package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestATakeoverSilencesTheBot(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one", "two")
		one := claimSend(t, s)
		f, err := s.RaiseFence(t.Context(), c, "zhang")
		require.NoError(t, err)
		require.Equal(t, []string{"q=handled", "one=sending", "two=withdrawn"}, states(t, s, c))
		n, err := s.BotSending(t.Context(), c)
		require.NoError(t, err)
		require.Equal(t, 1, n)

		finishSend(t, s, one, bot.MessageSent)
		n, err = s.BotSending(t.Context(), c)
		require.NoError(t, err)
		require.Zero(t, n)
		taken, err := s.CommitTakeover(t.Context(), f)
		require.NoError(t, err)
		require.Equal(t, bot.StateStaff, taken.State)
		require.Equal(t, "zhang", taken.Staff)
		stored, err := s.Conversation(t.Context(), c)
		require.NoError(t, err)
		require.Equal(t, stored, taken)
		noSend(t, s)
		_, err = s.CommitTakeover(t.Context(), f)
		require.ErrorIs(t, err, bot.ErrStale)
	})
}

func TestWhatIsStillBeingSentAtTheCommitBecomesUnclear(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one")
		one := claimSend(t, s)
		takeOver(t, s, c, "zhang")
		require.Equal(t, []string{"q=handled", "one=unclear"}, states(t, s, c))
		require.NotEmpty(t, transcript(t, s, c)[1].Note)
		require.ErrorIs(t, s.FinishSend(t.Context(), *one,
			bot.SendOutcome{State: bot.MessageSent}), bot.ErrStale)
		require.NoError(t, s.RescueSends(t.Context(), []string{"wecom"}))
		noSend(t, s)
	})
}

func TestParkedMessagesOfTheBotAreWithdrawn(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one")
		finishSend(t, s, claimSend(t, s), bot.MessageParked)
		_, err := s.RaiseFence(t.Context(), c, "zhang")
		require.NoError(t, err)
		require.Equal(t, []string{"q=handled", "one=withdrawn"}, states(t, s, c))
	})
}

func TestARepeatThatIsTakenBackIsUnclear(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one")
		require.NoError(t, s.FinishSend(t.Context(), *claimSend(t, s), bot.SendOutcome{
			State: bot.MessagePending, MayHaveArrived: true,
		}))
		_, err := s.RaiseFence(t.Context(), c, "zhang")
		require.NoError(t, err)
		require.Equal(t, []string{"q=handled", "one=unclear"}, states(t, s, c))
	})
}

func TestBehindAFenceTheBotBeginsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one")
		one := claimSend(t, s)
		receive(t, s, text("li", "a"))
		turn := claimTurn(t, s)
		f, err := s.RaiseFence(t.Context(), c, "zhang")
		require.NoError(t, err)

		require.ErrorIs(t, s.FinishTurn(t.Context(), result(turn, "two")), bot.ErrStale)
		require.WithinDuration(t, d.now().Add(bot.FenceFor), noTurn(t, s), 10*time.Second)
		finishSend(t, s, one, bot.MessagePending)
		require.WithinDuration(t, d.now().Add(bot.FenceFor), noSend(t, s), 10*time.Second)

		require.NoError(t, s.LowerFence(t.Context(), f))
		require.Equal(t, "one", claimSend(t, s).Outgoing.Text)
		require.Equal(t, "a", claimTurn(t, s).Text())
		require.ErrorIs(t, s.LowerFence(t.Context(), f), bot.ErrStale)
		_, err = s.CommitTakeover(t.Context(), f)
		require.ErrorIs(t, err, bot.ErrStale)
	})
}

func TestALapsedFenceStopsNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		f, err := s.RaiseFence(t.Context(), c, "zhang")
		require.NoError(t, err)
		_, err = s.RaiseFence(t.Context(), c, "chen")
		var taken *bot.TakenError
		require.ErrorAs(t, err, &taken)
		require.Equal(t, "zhang", taken.By)

		d.pass(bot.FenceFor + time.Second)
		_, err = s.CommitTakeover(t.Context(), f)
		require.ErrorIs(t, err, bot.ErrStale)
		require.Equal(t, "a", claimTurn(t, s).Text())
		require.Equal(t, "chen", takeOver(t, s, c, "chen").Staff)
		require.ErrorIs(t, s.LowerFence(t.Context(), f), bot.ErrStale)
	})
}

func TestWhoIsInChargeStaysInCharge(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		takeOver(t, s, c, "zhang")
		_, err := s.RaiseFence(t.Context(), c, "chen")
		var taken *bot.TakenError
		require.ErrorAs(t, err, &taken)
		require.Equal(t, "zhang", taken.By)
		require.Equal(t, "zhang", takeOver(t, s, c, "zhang").Staff)
		_, err = s.RaiseFence(t.Context(), c+1, "zhang")
		require.ErrorIs(t, err, bot.ErrNotFound)
	})
}

func TestASecondFenceOfTheSamePersonReplacesTheFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		first, err := s.RaiseFence(t.Context(), c, "zhang")
		require.NoError(t, err)
		second, err := s.RaiseFence(t.Context(), c, "zhang")
		require.NoError(t, err)
		require.ErrorIs(t, s.LowerFence(t.Context(), first), bot.ErrStale)
		_, err = s.CommitTakeover(t.Context(), first)
		require.ErrorIs(t, err, bot.ErrStale)
		_, err = s.CommitTakeover(t.Context(), second)
		require.NoError(t, err)
	})
}
