package store_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

// queued is a conversation whose contact was told that they wait for a person.
func queued(t *testing.T, s *store.Store, contact string) int64 {
	t.Helper()
	receive(t, s, text(contact, "q"))
	turn := claimTurn(t, s)
	r := result(turn, "wait")
	r.Event = bot.Event{Kind: bot.EventHandover, Reason: "asked"}
	require.NoError(t, s.FinishTurn(t.Context(), r))
	finishSend(t, s, claimSend(t, s), bot.MessageSent)
	return turn.Conversation.ID
}

func TestWhoWaitsIsNotToldTwiceThoughTheProcessDiesInBetween(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := queued(t, s, "li")
		require.NoError(t, s.Schedule(t.Context(), bot.Due{
			Kind: bot.DueWaiting, Subject: strconv.FormatInt(c, 10), At: d.now().Add(-time.Hour),
		}))
		update := func(due *bot.Due, id string) (bool, error) {
			return s.SayWaiting(t.Context(), bot.WaitingUpdate{
				Conversation: c, Due: *due, Next: d.now().Add(time.Hour),
				Say: func(bot.Queue) bot.OutgoingPart {
					return bot.OutgoingPart{ID: id, Reply: bot.Reply{Text: "still waiting"}}
				},
			})
		}
		due := claimDue(t, s)
		told, err := update(due, "1")
		require.NoError(t, err)
		require.True(t, told)

		// It dies before it can finish the work; the claim lapses.
		d.pass(bot.ClaimFor + time.Second)
		require.WithinDuration(t, d.now().Add(time.Hour), nothingDue(t, s), time.Minute)

		// One that was frozen while somebody else did the work says nothing.
		d.pass(2 * time.Hour)
		claimDue(t, s)
		_, err = update(due, "2")
		require.ErrorIs(t, err, bot.ErrStale)
		require.Equal(t, []string{"q=handled", "wait=sent", "still waiting=pending"}, states(t, s, c))
	})
}

func TestWhoWaitsBecauseAMessageFailedIsKeptInformedToo(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one")
		finishSend(t, s, claimSend(t, s), bot.MessageFailed)
		d.pass(bot.FirstUpdate - time.Minute)
		nothingDue(t, s)
		d.pass(2 * time.Minute)
		due := claimDue(t, s)
		require.Equal(t, bot.DueWaiting, due.Kind)
		require.Equal(t, strconv.FormatInt(c, 10), due.Subject)
	})
}
