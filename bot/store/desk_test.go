package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func said(conversation int64, staff, id, words string) bot.StaffMessage {
	return bot.StaffMessage{
		Conversation: conversation, Staff: staff, ClientID: id,
		Parts: func(string) ([]bot.OutgoingPart, error) {
			return []bot.OutgoingPart{{ID: "p" + id, Reply: bot.Reply{Text: words}}}, nil
		},
	}
}

func TestThePersonInChargeSpeaksToTheContact(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		_, err := s.Say(t.Context(), said(c, "zhang", "1", "too early"))
		require.ErrorIs(t, err, bot.ErrConflict)
		takeOver(t, s, c, "zhang")
		_, err = s.Say(t.Context(), said(c, "chen", "2", "not mine"))
		var taken *bot.TakenError
		require.ErrorAs(t, err, &taken)

		m, err := s.Say(t.Context(), said(c, "zhang", "3", "您好"))
		require.NoError(t, err)
		require.Equal(t, transcript(t, s, c)[1], m)
		require.Equal(t, "zhang", m.Author)
		require.Equal(t, bot.FromStaff, m.From)
		again, err := s.Say(t.Context(), said(c, "zhang", "3", "other words"))
		require.NoError(t, err)
		require.Equal(t, m, again)

		out := claimSend(t, s)
		require.Equal(t, "p3", out.Outgoing.ID)
		require.Equal(t, bot.FromStaff, out.Outgoing.From)
		n, err := s.BotSending(t.Context(), c)
		require.NoError(t, err)
		require.Zero(t, n)
		finishSend(t, s, out, bot.MessageSent)
		require.Equal(t, []string{"a=received", "您好=sent"}, states(t, s, c))
	})
}

func TestWordsOfStaffAreSentWhoeverIsInCharge(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		takeOver(t, s, c, "zhang")
		_, err := s.Say(t.Context(), said(c, "zhang", "1", "one"))
		require.NoError(t, err)
		_, err = s.Act(t.Context(), c, bot.Event{Kind: bot.EventRelease, By: "zhang"})
		require.NoError(t, err)
		takeOver(t, s, c, "chen")
		require.Equal(t, "one", claimSend(t, s).Outgoing.Text)
	})
}

func TestAReleaseLeavesTheBotOnlyWhatComesAfter(t *testing.T) {
	for _, kind := range []bot.EventKind{bot.EventRelease, bot.EventClose} {
		t.Run(string(kind), func(t *testing.T) {
			onBoth(t, func(t *testing.T, d *database) {
				s := d.open()
				c := receive(t, s, text("li", "a"))[0].Conversation
				takeOver(t, s, c, "zhang")
				receive(t, s, text("li", "b"))
				after, err := s.Act(t.Context(), c, bot.Event{Kind: kind, By: "zhang"})
				require.NoError(t, err)
				require.NotEqual(t, bot.StateStaff, after.State)
				require.Equal(t, []string{"a=handled", "b=handled"}, states(t, s, c))
				require.True(t, noTurn(t, s).IsZero())
				receive(t, s, text("li", "c"))
				require.Equal(t, "c", claimTurn(t, s).Text())
			})
		})
	}
}

func TestATransferKeepsTheMessagesForTheNextPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		takeOver(t, s, c, "zhang")
		_, err := s.Act(t.Context(), c,
			bot.Event{Kind: bot.EventTransfer, By: "zhang", To: "chen"})
		require.NoError(t, err)
		require.Equal(t, []string{"a=received"}, states(t, s, c))
		noTurn(t, s)
	})
}

func TestAnActThatIsNotAllowedChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		d.heard()
		for _, test := range []struct {
			event bot.Event
			want  error
		}{
			{bot.Event{Kind: bot.EventRelease, By: "zhang"}, bot.ErrConflict},
			{bot.Event{Kind: bot.EventTakeover, By: "zhang"}, bot.ErrInvalid},
			{bot.Event{Kind: "unheard of"}, bot.ErrInvalid},
		} {
			_, err := s.Act(t.Context(), c, test.event)
			require.ErrorIs(t, err, test.want)
		}
		_, err := s.Act(t.Context(), c+1, bot.Event{Kind: bot.EventIdle})
		require.ErrorIs(t, err, bot.ErrNotFound)
		require.Empty(t, d.heard())
		require.Equal(t, "a", claimTurn(t, s).Text())
	})
}
