package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/bot"
	"rongjun/bot/store"
)

// session is a change of who serves the contact in the platform's client.
func session(contact, id string, change bot.SessionChange, to string) bot.Arrival {
	return bot.Arrival{Incoming: bot.Incoming{
		Address: address(contact), PlatformID: contact + "/" + id, Kind: bot.KindEvent,
		Session: &bot.Session{Change: change, To: to},
	}}
}

func TestWhatIsWrittenAfterTheEndOfASessionIsAnsweredThoughBothComeInOnePage(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		receive(t, s, session("li", "taken", bot.SessionTaken, "chen"))
		got := receive(t, s, text("li", "to the person"),
			session("li", "ended", bot.SessionEnded, ""), text("li", "to the bot"))
		requireTurnsMatch(t, s)
		require.Equal(t, "to the bot", claimTurn(t, s).Text())
		require.Equal(t, bot.MessageHandled, transcript(t, s, got[0].Conversation)[1].State)
	})
}

func TestTheLateNewsOfAnEndTakesNothingFromWhatOpensAClosedConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		got := receive(t, s, session("li", "taken", bot.SessionTaken, "chen"))
		_, err := s.Act(t.Context(), got[0].Conversation, bot.Event{Kind: bot.EventClientEnded})
		require.NoError(t, err)
		receive(t, s, text("li", "new"), session("li", "ended", bot.SessionEnded, ""))
		requireTurnsMatch(t, s)
		require.Equal(t, "new", claimTurn(t, s).Text())
	})
}

func TestWhatMayHaveComeAfterAnEndThatNobodyToldUsOfIsAnswered(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		said := text("li", "here I am")
		said.Author = "chen"
		c := receive(t, s, session("li", "taken", bot.SessionTaken, "chen"), text("li", "to the person"),
			said, text("li", "late"))[0].Conversation
		noTurn(t, s)
		after, err := s.Act(t.Context(), c, bot.Event{Kind: bot.EventClientEnded})
		require.NoError(t, err)
		require.Equal(t, bot.StateBot, after.State)
		requireTurnsMatch(t, s)
		require.Equal(t, "late", claimTurn(t, s).Text())
	})
}

func TestAnEndThatNobodyToldUsOfClosesWhereNothingWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		said := text("li", "goodbye")
		said.Author = "chen"
		c := receive(t, s, session("li", "taken", bot.SessionTaken, "chen"), text("li", "thanks"),
			said)[0].Conversation
		after, err := s.Act(t.Context(), c, bot.Event{Kind: bot.EventClientEnded})
		require.NoError(t, err)
		require.Equal(t, bot.StateClosed, after.State)
		require.Equal(t, bot.MessageHandled, transcript(t, s, c)[1].State)
		noTurn(t, s)
	})
}

func TestAnEndAfterTheLastMessageLeavesTheConversationClosed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		got := receive(t, s, session("li", "taken", bot.SessionTaken, "chen"),
			text("li", "to the person"), session("li", "ended", bot.SessionEnded, ""))
		requireTurnsMatch(t, s)
		c, err := s.Conversation(t.Context(), got[0].Conversation)
		require.NoError(t, err)
		require.Equal(t, bot.StateClosed, c.State)
		noTurn(t, s)
	})
}

func TestWhatTheBotWasSendingWhenTheClientTookTheContactHoldsUpNothingBehindIt(t *testing.T) {
	retry := func(may bool) func(*testing.T, *database, *store.Store, *bot.Sending) {
		return func(t *testing.T, _ *database, s *store.Store, m *bot.Sending) {
			require.NoError(t, s.FinishSend(t.Context(), *m,
				bot.SendOutcome{State: bot.MessagePending, MayHaveArrived: may}))
		}
	}
	for name, c := range map[string]struct {
		ends  func(*testing.T, *database, *store.Store, *bot.Sending)
		state bot.MessageState
	}{
		"refused for now": {retry(false), bot.MessageWithdrawn},
		"not heard of":    {retry(true), bot.MessageUnclear},
		"its sender died": {func(t *testing.T, d *database, s *store.Store, _ *bot.Sending) {
			d.pass(time.Minute)
			require.NoError(t, s.RescueSends(t.Context(), []string{"wecom"}))
		}, bot.MessageUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, d *database) {
				s := d.open()
				conversation := answered(t, s, "li", "one")
				m := claimSend(t, s)
				receive(t, s, session("li", "taken", bot.SessionTaken, "chen"))
				c.ends(t, d, s, m)
				require.Equal(t, c.state, transcript(t, s, conversation)[1].State)
				require.NoError(t, s.Do(t.Context(), bot.StaffAct{
					Conversation: conversation, Staff: "zhang", Act: bot.ActEnd, Words: "x", PlatformID: "end",
				}))
				require.Equal(t, bot.ActEnd, claimSend(t, s).Outgoing.Act)
			})
		})
	}
}

// TestHoweverItIsCutIntoPagesTheSameComesOfIt gives one contact everything one by one and another the
// same in pages, and looks after every commit whether exactly those wait who have unread messages.
func TestHoweverItIsCutIntoPagesTheSameComesOfIt(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			alone, together := fmt.Sprint("alone", n), fmt.Sprint("together", n)
			kinds := rapid.SliceOfN(rapid.IntRange(0, 7), 1, 8).Draw(rt, "kinds")
			var one, page []bot.Arrival
			for i, kind := range kinds {
				about := rapid.IntRange(0, len(kinds)).Draw(rt, "about")
				one = append(one, anyArrival(alone, i, kind, about))
				page = append(page, anyArrival(together, i, kind, about))
			}
			for len(page) > 0 {
				size := rapid.IntRange(1, len(page)).Draw(rt, "size")
				receiveAny(rt, d, s, page[:size]...)
				for _, a := range one[:size] {
					receiveAny(rt, d, s, a)
				}
				one, page = one[size:], page[size:]
				require.Equal(rt, outcomeOf(rt, d, s, alone), outcomeOf(rt, d, s, together))
			}
		})
	})
}

// anyArrival is a message, a recall or a change of session, the same for every contact.
func anyArrival(contact string, place, kind, about int) bot.Arrival {
	id := fmt.Sprint(place)
	a := text(contact, id)
	switch kind {
	case 0:
		a = session(contact, id, bot.SessionTaken, "chen")
	case 1, 2:
		a = session(contact, id, bot.SessionEnded, "")
		a.Says = func(s bot.State) *bot.OutgoingPart {
			p := coded(contact+id, 0)
			p.Text = "told while " + string(s)
			return p
		}
	case 3:
		a = text(contact, "")
		a.PlatformID, a.Recalls = contact+"/"+id, fmt.Sprint(contact, "/", about)
	case 4:
		a.Author = "chen"
	}
	a.At = time.UnixMilli(int64(place) + 1)
	return a
}

func receiveAny(t *rapid.T, d *database, s *store.Store, arrivals ...bot.Arrival) {
	_, err := s.Receive(d.ctx, arrivals, pacing)
	require.NoError(t, err)
	requireTurnsMatch(t, s)
}

// outcomeOf is who is in charge of a contact's conversation, and what became of each message.
func outcomeOf(t *rapid.T, d *database, s *store.Store, contact string) []string {
	c, err := s.ConversationOf(d.ctx, address(contact))
	require.NoError(t, err)
	out := []string{fmt.Sprint(c.State, c.Staff, c.Client)}
	messages, err := s.Messages(d.ctx, c.ID, 0, 100)
	require.NoError(t, err)
	for _, m := range messages {
		out = append(out, fmt.Sprint(m.Text, m.Kind, m.State))
	}
	return out
}

// requireTurnsMatch holds that exactly those conversations wait for a turn that have unread messages.
func requireTurnsMatch(t require.TestingT, s *store.Store) {
	odd, err := s.OddTurns()
	require.NoError(t, err)
	require.Empty(t, odd)
}

// coded is a message that goes by a code.
func coded(id string, later time.Duration) *bot.OutgoingPart {
	return &bot.OutgoingPart{
		ID: id, Reply: bot.Reply{Text: id}, Code: "code-" + id,
		Expires: time.Now().Add(time.Hour), Later: later,
	}
}

func TestAnEndIsToldByWhoIsInChargeAfterItAndByNoneBehindAFence(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		ended := session("li", "ended", bot.SessionEnded, "")
		var after []bot.State
		ended.Says = func(c bot.State) *bot.OutgoingPart {
			after = append(after, c)
			return coded("bye", 0)
		}
		c := receive(t, s, session("li", "taken", bot.SessionTaken, "chen"), ended)[0].Conversation
		receive(t, s, ended)
		require.Equal(t, []bot.State{bot.StateClosed}, after, "a redelivery says nothing")
		m := claimSend(t, s)
		require.Equal(t, "code-bye", m.Outgoing.Code)
		finishSend(t, s, m, bot.MessageSent)
		noSend(t, s)

		f, err := s.RaiseFence(t.Context(), c, "wang")
		require.NoError(t, err)
		again := session("li", "again", bot.SessionEnded, "")
		again.Says = ended.Says
		receive(t, s, again)
		_, err = s.CommitTakeover(t.Context(), f)
		require.NoError(t, err)
		noSend(t, s)
	})
}

func TestWhatATicketAllowsGoesOutInThePoolAndNoFurther(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		c := answered(t, s, "li", "one")
		m := claimSend(t, s)
		require.NoError(t, s.FinishSend(t.Context(), *m, bot.SendOutcome{
			State: bot.MessageSent, Event: bot.Event{Kind: bot.EventClientWaits},
			Says: coded("waits", time.Minute),
		}))
		noSend(t, s)
		d.pass(2 * time.Minute)
		m = claimSend(t, s)
		require.Equal(t, bot.FromBot, m.Outgoing.From)
		finishSend(t, s, m, bot.MessagePending) // stood still; it is not too late yet
		receive(t, s, session("li", "taken", bot.SessionTaken, "chen"))
		require.Equal(t, bot.MessageWithdrawn, transcript(t, s, c)[2].State, "a person has the contact")
		noSend(t, s)
	})
}

func TestWhatATicketAllowsIsNotParkedBehindWhatIs(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		answered(t, s, "li", "one")
		m := claimSend(t, s)
		entry := entering(d, "e")
		receive(t, s, entry)
		finishSend(t, s, m, bot.MessageParked)
		require.Equal(t, "code-e", claimSend(t, s).Outgoing.Code)
	})
}

func TestATakeoverOrANewSessionTakesBackWhatWasNotToldYet(t *testing.T) {
	for name, then := range map[string]func(*testing.T, *store.Store, int64){
		"takeover": func(t *testing.T, s *store.Store, c int64) { takeOver(t, s, c, "wang") },
		"reopened": func(t *testing.T, s *store.Store, _ int64) {
			receive(t, s, session("li", "reopened", bot.SessionReopened, "chen"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, d *database) {
				s := d.open()
				ended := session("li", "ended", bot.SessionEnded, "")
				ended.Says = func(bot.State) *bot.OutgoingPart { return coded("bye", 0) }
				c := receive(t, s, session("li", "taken", bot.SessionTaken, "chen"), ended)[0].Conversation
				then(t, s, c)
				noSend(t, s)
				require.Contains(t, states(t, s, c), "bye=withdrawn")
			})
		})
	}
}
