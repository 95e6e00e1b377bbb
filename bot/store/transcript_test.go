package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestConversationsAreListedByWaitingThenByChange(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		for _, contact := range []string{"quiet", "first", "second", "staffed", "late"} {
			c := receive(t, s, text(contact, contact))[0].Conversation
			r := result(claimTurn(t, s))
			if contact == "first" || contact == "second" {
				r.Event = bot.Event{Kind: bot.EventHandover, Reason: "wants a person"}
			}
			require.NoError(t, s.FinishTurn(t.Context(), r))
			if contact == "staffed" {
				takeOver(t, s, c, "zhang")
			}
			d.pass(time.Second)
		}
		list := func(state bot.State, limit int) []string {
			all, err := s.Conversations(t.Context(), state, limit)
			require.NoError(t, err)
			names := []string{}
			for _, c := range all {
				names = append(names, c.Contact.ExternalID)
			}
			return names
		}
		require.Equal(t, []string{"first", "second", "late", "staffed", "quiet"}, list("", 10))
		require.Equal(t, []string{"first", "second", "late"}, list("", 3))
		require.Equal(t, []string{"first"}, list("", 1))
		require.Equal(t, []string{"first", "second"}, list(bot.StateQueued, 10))
		require.Equal(t, []string{"staffed"}, list(bot.StateStaff, 10))
		require.Equal(t, []string{"late", "quiet"}, list(bot.StateBot, 10))
		require.Empty(t, list(bot.StateClosed, 10))
		require.Empty(t, list("", 0))
	})
}

func TestWhoBeginsToWaitWhileTheListIsReadIsInIt(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "begin"))[0].Conversation
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s))))
		stop, ended := make(chan struct{}), make(chan int)
		go func() {
			missed := 0
			defer func() { ended <- missed }()
			for {
				select {
				case <-stop:
					return
				default:
				}
				all, err := s.Conversations(d.ctx, "", 10)
				if err != nil || len(all) != 1 {
					missed++
				}
			}
		}()
		for i := range 20 {
			receive(t, s, text("li", fmt.Sprint(i)))
			r := result(claimTurn(t, s))
			r.Event = bot.Event{Kind: bot.EventHandover, Reason: "wants a person"}
			require.NoError(t, s.FinishTurn(t.Context(), r))
			takeOver(t, s, c, "zhang")
			_, err := s.Act(t.Context(), c, bot.Event{Kind: bot.EventRelease, By: "zhang"})
			require.NoError(t, err)
		}
		close(stop)
		require.Zero(t, <-ended, "lists without the one conversation there is")
	})
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		_, err := s.Conversation(t.Context(), 7)
		require.ErrorIs(t, err, bot.ErrNotFound)
		_, err = s.ConversationOf(t.Context(), address("li"))
		require.ErrorIs(t, err, bot.ErrNotFound)
		require.Empty(t, transcript(t, s, 7))
	})
}

func TestATranscriptIsReadInPages(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		var c int64
		for i := range 7 {
			c = receive(t, s, text("li", fmt.Sprint(i)))[0].Conversation
			receive(t, s, text("wang", fmt.Sprint(i)))
		}
		for name, read := range map[string]func(int64, int) []bot.Message{
			"whole": func(after int64, limit int) []bot.Message {
				m, err := s.Messages(t.Context(), c, after, limit)
				require.NoError(t, err)
				return m
			},
			"visible": func(after int64, limit int) []bot.Message {
				m, err := s.Visible(t.Context(), c, after, limit)
				require.NoError(t, err)
				return m
			},
		} {
			place := func(m bot.Message) int64 {
				if name == "whole" {
					return m.ID
				}
				return m.Shown
			}
			words := func(messages []bot.Message) string {
				all := ""
				for _, m := range messages {
					all += m.Text
				}
				return all
			}
			last := read(0, 3)
			require.Equal(t, "456", words(last), name)
			all := read(0, 100)
			require.Equal(t, "0123456", words(all), name)
			require.Equal(t, "23", words(read(place(all[1]), 2)), name)
			require.Equal(t, "56", words(read(place(all[4]), 100)), name)
			require.Empty(t, read(place(all[6]), 100), name)
			require.Empty(t, read(0, 0), name)
		}
	})
}

func TestAStreamOfVisibleMessagesLosesAndRepeatsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one", "two")
		var seen int64
		var words []string
		look := func() {
			m, err := s.Visible(t.Context(), c, seen, 100)
			require.NoError(t, err)
			for _, m := range m {
				require.Greater(t, m.Shown, seen)
				seen = m.Shown
				words = append(words, m.Text)
			}
		}
		look()
		one := claimSend(t, s)
		receive(t, s, text("li", "between"))
		look()
		finishSend(t, s, one, bot.MessageSent)
		look()
		finishSend(t, s, claimSend(t, s), bot.MessageUnclear)
		receive(t, s, text("li", "last"))
		look()
		require.Equal(t, []string{"q", "between", "one", "last"}, words)
	})
}
