package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/store"
)

// spoken is a voice message of a contact.
func spoken(contact, id string) bot.Arrival {
	a := text(contact, id)
	a.Kind, a.Text, a.Media = bot.KindVoice, "", &bot.MediaRef{ID: "media-" + id}
	return a
}

// entering is a contact's entry with a welcome that may be sent until a time.
func entering(d *database, id string) bot.Arrival {
	until := d.now().Add(15 * time.Second).UTC().Truncate(time.Microsecond)
	a := text("li", id)
	a.Kind, a.Text = bot.KindEvent, "进入会话"
	a.Enter = &bot.Enter{
		Scene: "poster", Param: "西湖区", Ticket: bot.Ticket{Code: "code-" + id, Until: until},
	}
	a.Region = "浙江省/杭州市/西湖区"
	a.Says = says(bot.OutgoingPart{
		ID: "welcome-" + id, Reply: bot.Reply{Text: "您好"}, Code: "code-" + id, Expires: until,
	})
	return a
}

// says tells the contact the same whoever is in charge.
func says(p bot.OutgoingPart) func(bot.State) *bot.OutgoingPart {
	return func(bot.State) *bot.OutgoingPart { return &p }
}

func TestAMessageWithMediaWaitsForThemAndSaysWhatIsToBeFetched(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		stored := receive(t, s, spoken("li", "v"), text("li", "t"))
		require.False(t, noTurn(t, s).IsZero(), "the recording is not there yet")
		due := claimDue(t, s)
		require.Equal(t, bot.DueMedia, due.Kind)
		messages, err := s.Messages(t.Context(), stored[0].Conversation, 0, 10)
		require.NoError(t, err)
		require.Equal(t, &bot.Media{State: bot.MediaWanted, Ref: "media-v"}, messages[0].Media)
		require.Nil(t, messages[1].Media)

		d.pass(bot.MediaPatience + time.Second)
		require.Len(t, claimTurn(t, s).Messages, 2, "the turn does not wait for ever")
		require.False(t, receive(t, s, spoken("li", "v"))[0].New)
	})
}

func TestAnUrgentTextDoesNotWaitForARecording(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		help := text("li", "help")
		help.Urgent = true
		receive(t, s, spoken("li", "v"), help)
		require.Len(t, claimTurn(t, s).Messages, 2)
	})
}

func TestALocationIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		a := text("li", "here")
		a.Kind = bot.KindLocation
		a.Location = &bot.Location{Latitude: 30.25, Longitude: 120.125, Name: "西湖", Address: "西湖区"}
		receive(t, s, a)
		require.Equal(t, a.Location, claimTurn(t, s).Messages[0].Location)
	})
}

func TestAnEntryIsKeptOnceWelcomedOnceAndAnsweredNever(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		first := entering(d, "e1")
		stored := receive(t, s, first)
		require.True(t, stored[0].New)
		require.False(t, receive(t, s, first)[0].New)
		noTurn(t, s)
		c, err := s.Conversation(t.Context(), stored[0].Conversation)
		require.NoError(t, err)
		require.Equal(t, "poster 西湖区", c.Contact.Scene)
		require.Equal(t, first.Region, c.Contact.Region)
		require.False(t, c.Introduced)

		sending := claimSend(t, s)
		require.Equal(t, "code-e1", sending.Outgoing.Code)
		require.Equal(t, first.Enter.Ticket.Until, sending.Outgoing.Expires)
		finishSend(t, s, sending, bot.MessageSent)
		noSend(t, s) // one welcome for an entry that came twice
		c, err = s.Conversation(t.Context(), stored[0].Conversation)
		require.NoError(t, err)
		require.True(t, c.Introduced, "the welcome says who speaks")

		again := entering(d, "e2")
		again.Region, again.Enter.Param = "浙江省/宁波市", "宁波"
		receive(t, s, again)
		c, err = s.Conversation(t.Context(), stored[0].Conversation)
		require.NoError(t, err)
		require.Equal(t, "poster 西湖区", c.Contact.Scene, "the first link counts")
		require.Equal(t, first.Region, c.Contact.Region)
	})
}

func TestAWelcomeThatWasUnderWayWhenItsSenderDiedIsNotSentAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		stored := receive(t, s, entering(d, "e1"))
		claimSend(t, s)
		d.pass(bot.ClaimFor + time.Second)
		require.NoError(t, s.RescueSends(t.Context(), []string{"wecom"}))
		require.Equal(t, []string{"进入会话=history", "您好=unclear"},
			states(t, s, stored[0].Conversation))
	})
}

func TestWhatStaffWroteInThePlatformsClientJoinsTheTranscript(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, text("li", "q"))
		a := text("li", "typed")
		a.Author = "zhang"
		stored := receive(t, s, a)
		require.False(t, receive(t, s, a)[0].New)
		require.Len(t, claimTurn(t, s).Messages, 1, "it is no message of the contact")
		messages, err := s.Messages(t.Context(), stored[0].Conversation, 0, 10)
		require.NoError(t, err)
		require.Equal(t, bot.FromStaff, messages[1].From)
		require.Equal(t, "zhang", messages[1].Author)
		require.Equal(t, bot.MessageSent, messages[1].State)
	})
}

func TestAnOlderDatabaseKeepsItsMessagesWhenMessagesOfEveryKindComeIn(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		require.NoError(t, store.MakeOld(t.Context(), d.options(), 3, `
			INSERT INTO accounts (channel, name) VALUES ('wecom', 'kf1');
			INSERT INTO contacts (account, external_id, created) VALUES (1, 'li', 1);
			INSERT INTO conversations (contact, changed, shown) VALUES (1, 1, 1);
			INSERT INTO messages
				(conversation, sender, kind, text, account, platform_id, state, at, arrived, shown)
				VALUES (1, 'contact', 'text', 'q', 1, 'li/q', 'handled', 1, 1, 1);
			INSERT INTO messages (conversation, sender, kind, text, platform_id, state, at, arrived)
				VALUES (1, 'bot', 'text', 'a', 'a', 'sent', 2, 2)`))
		s := d.open()
		require.Equal(t, []string{"q=handled", "a=sent"}, states(t, s, 1))
		require.Equal(t, int64(1), receive(t, s, text("li", "more"))[0].Conversation)
		require.False(t, receive(t, s, text("li", "q"))[0].New)
	})
}
