package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

func TestAMessageIsStoredWithItsContactAndConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		a := text("li", "补贴怎么领？")
		a.At = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
		a.Raw = []byte{0, 1, 0xff}
		got := receive(t, s, a)[0]
		require.True(t, got.New)

		c, err := s.ConversationOf(t.Context(), address("li"))
		require.NoError(t, err)
		require.Equal(t, got.Conversation, c.ID)
		require.Equal(t, bot.StateBot, c.State)
		require.Equal(t, address("li"), c.Contact.Address)
		require.False(t, c.Contact.Created.IsZero())

		m := transcript(t, s, c.ID)
		require.Equal(t, []bot.Message{{
			ID: got.Message, Conversation: c.ID, From: bot.FromContact, Kind: bot.KindText,
			Text: "补贴怎么领？", PlatformID: a.PlatformID, State: bot.MessageReceived,
			At: a.At, Shown: 1,
		}}, m)
	})
}

func TestARedeliveryIsANoOp(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		first := receive(t, s, text("li", "a"))[0]
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s))))
		d.heard()

		again := receive(t, s, text("li", "a"))[0]
		require.Equal(t, bot.Accepted{
			Message: first.Message, Conversation: first.Conversation, New: false,
		}, again)
		require.Empty(t, d.heard())
		require.Equal(t, []string{"a=handled"}, states(t, s, first.Conversation))
		noTurn(t, s)
	})
}

func TestARedeliveryWithinOneCallIsANoOp(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		got := receive(t, s, text("li", "a"), text("li", "b"), text("li", "a"))
		require.Equal(t, []bool{true, true, false}, []bool{got[0].New, got[1].New, got[2].New})
		require.Equal(t, got[0].Message, got[2].Message)
		require.Equal(t, []string{"a=received", "b=received"}, states(t, s, got[0].Conversation))
	})
}

func TestTheSameIDOnAnotherAccountIsAnotherMessage(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		other := text("li", "a")
		other.Account = "kf2"
		third := text("li", "a")
		third.Channel = "web"
		for _, got := range receive(t, s, text("li", "a"), other, third) {
			require.True(t, got.New)
			require.Len(t, transcript(t, s, got.Conversation), 1)
		}
	})
}

func TestArrivalsOfManyContactsKeepTheirOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		var arrivals []bot.Arrival
		for i := range 30 {
			arrivals = append(arrivals, text(fmt.Sprint("c", (i*7)%5), fmt.Sprintf("%02d", i)))
		}
		got := receive(t, s, arrivals...)
		for i := range got {
			m := transcript(t, s, got[i].Conversation)
			require.Len(t, m, 6)
			for j := 1; j < len(m); j++ {
				require.Less(t, m[j-1].Text, m[j].Text)
				require.Equal(t, int64(j+1), m[j].Shown)
			}
		}
		require.Len(t, d.heard(), 5)
	})
}

func TestAnArrivalWithoutAnIDIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		a := text("li", "a")
		a.PlatformID = ""
		_, err := s.Receive(t.Context(), []bot.Arrival{text("li", "b"), a}, pacing)
		require.ErrorIs(t, err, bot.ErrInvalid)
		_, err = s.ConversationOf(t.Context(), address("li"))
		require.ErrorIs(t, err, bot.ErrNotFound)
	})
}

func TestAnyTextCanBeStored(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		for i, words := range []string{
			"it's \"quoted\" \\ back", "a?b ?0 ?? 1=1; DROP TABLE messages; --",
			"<b>标记</b>\n\t表", "🇨🇳 emoji 𠀀", "$1 %s {0}",
		} {
			got := receive(t, s, bot.Arrival{Incoming: bot.Incoming{
				Address: address(words), PlatformID: fmt.Sprint(i, words), Kind: bot.KindText,
				Text: words, Raw: []byte(words),
			}})[0]
			m := transcript(t, s, got.Conversation)[0]
			require.Equal(t, words, m.Text)
			require.Equal(t, fmt.Sprint(i, words), m.PlatformID)
			c, err := s.Conversation(t.Context(), got.Conversation)
			require.NoError(t, err)
			require.Equal(t, words, c.Contact.ExternalID)
		}
	})
}

func TestTextThatNoDatabaseTakesIsMadePlain(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		bad := bot.Arrival{Incoming: bot.Incoming{
			Address: address("li\x00\xff"), PlatformID: "1\x00\xc3", Kind: bot.KindText,
			Text: "a\x00b\xffc",
		}}
		got := receive(t, s, bad, bad)
		require.Equal(t, []bool{true, false}, []bool{got[0].New, got[1].New})
		require.Equal(t, got[0].Message, got[1].Message)
		require.False(t, receive(t, s, bad)[0].New)
		m := transcript(t, s, got[0].Conversation)
		require.Equal(t, "ab\uFFFDc", m[0].Text)
		require.Equal(t, "1\uFFFD", m[0].PlatformID)

		r := result(claimTurn(t, s), "part\x00\xff")
		r.Event = bot.Event{Kind: bot.EventHandover, Reason: "reason\x00"}
		require.NoError(t, s.FinishTurn(t.Context(), r))
		require.Equal(t, "part\uFFFD", claimSend(t, s).Outgoing.Text)
		c := takeOver(t, s, got[0].Conversation, "zhang")
		for range 2 {
			said, err := s.Say(t.Context(), said(c.ID, "zhang", "id\x00\xff", "words\x00"))
			require.NoError(t, err)
			require.Equal(t, "words", said.Text)
		}
		recall := bot.Arrival{Incoming: bot.Incoming{
			Address: bad.Address, PlatformID: "r\x00", Recalls: bad.PlatformID,
		}}
		require.Equal(t, got[0].Message, receive(t, s, recall)[0].Message)
	})
}

func TestAMessageOpensAClosedConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		_, err := s.Act(t.Context(), c, bot.Event{Kind: bot.EventIdle})
		require.NoError(t, err)
		noTurn(t, s)
		require.Equal(t, []string{"a=handled"}, states(t, s, c))

		receive(t, s, text("li", "b"))
		turn := claimTurn(t, s)
		require.Equal(t, bot.StateBot, turn.Conversation.State)
		require.Len(t, turn.Messages, 1)
	})
}

func TestHistoryIsShownAndNeverAnswered(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		_, err := s.Act(t.Context(), c, bot.Event{Kind: bot.EventIdle})
		require.NoError(t, err)

		old := text("li", "old")
		old.History = true
		require.True(t, receive(t, s, old)[0].New)
		noTurn(t, s)
		after, err := s.Conversation(t.Context(), c)
		require.NoError(t, err)
		require.Equal(t, bot.StateClosed, after.State)
		visible, err := s.Visible(t.Context(), c, 0, 10)
		require.NoError(t, err)
		require.Len(t, visible, 2)
		require.Equal(t, bot.MessageHistory, visible[1].State)
	})
}

func TestATapIsBelievedOnlyIfItWasOfferedHere(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		r := result(claimTurn(t, s), "选一个")
		r.Parts[0].Choices = []bot.Choice{{ID: "x1", Text: "找人工", Act: "handover"}}
		require.NoError(t, s.FinishTurn(t.Context(), r))

		tap := func(contact, id, choice, words string) bot.Arrival {
			a := text(contact, words)
			a.PlatformID, a.Kind, a.ChoiceID = id, bot.KindTap, choice
			return a
		}
		got := receive(t, s, tap("li", "1", "x1", ""), tap("li", "2", "x1", "words"),
			tap("li", "3", "x2", "forged"), tap("wang", "4", "x1", "another's"))
		m := transcript(t, s, c)
		require.Equal(t, []string{"找人工", "words", "forged"},
			[]string{m[2].Text, m[3].Text, m[4].Text})
		require.Equal(t, []string{"handover", "handover", ""}, []string{m[2].Act, m[3].Act, m[4].Act})
		require.Empty(t, transcript(t, s, got[3].Conversation)[0].Act)
		require.Equal(t, []bot.Choice{{ID: "x1", Text: "找人工", Act: "handover"}}, m[1].Choices)
	})
}

func TestWhatWasParkedGoesOutWhenTheContactWrites(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := receive(t, s, text("li", "a"))[0].Conversation
		require.NoError(t, s.FinishTurn(t.Context(), result(claimTurn(t, s), "one", "two")))
		finishSend(t, s, claimSend(t, s), bot.MessageParked)
		require.True(t, noSend(t, s).IsZero())
		require.Equal(t, []string{"a=handled", "one=parked", "two=parked"}, states(t, s, c))

		receive(t, s, text("li", "b"))
		words := claimSend(t, s).Outgoing.Text
		require.Regexp(t, "^（[0-9]+月[0-9]+日[0-9:]+没能送出的回复）\none\n\ntwo$", words)
		require.Equal(t, []string{"a=handled", words + "=sending", "two=withdrawn", "b=received"},
			states(t, s, c))
	})
}
