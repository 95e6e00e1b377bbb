package main

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/staff"
	"rongjun/config"
)

// noticed is a program on a stand-in platform, with staff who are told by cards at any hour.
func noticed(t *testing.T, names ...string) (*wecomtest.Server, *Program, map[string]*wecomtest.Member) {
	t.Helper()
	srv := platform(t, wecomtest.Config{})
	p, _ := running(t, settings(t, func(s *config.Config) {
		onPlatform(srv)(s)
		s.WeCom.NoticePerHour, s.WeCom.NoticeQuiet = 100, config.Hours{}
	}))
	srv.SetCallback(p.URL() + "/callback/wecom")
	members := map[string]*wecomtest.Member{}
	for _, name := range names {
		require.NoError(t, p.accounts.Add(t.Context(), staff.NewMember{
			Name: name, Role: staff.Staff, Password: deskPassword, WeComID: "u-" + name,
		}))
		members[name] = srv.Member("u-" + name)
	}
	return srv, p, members
}

func anyCard(wecomtest.Card) bool { return true }

func changed(c wecomtest.Card) bool { return c.Replaced != "" }

func TestStaffAreToldByCardAndTheFirstTapTakesOver(t *testing.T) {
	t.Parallel()
	srv, p, members := noticed(t, "wang", "li")
	contact := &customer{Customer: srv.Customer("zhang"), t: t}
	contact.Say(testAccount, "我叫13812345678，身份证110105194912310021，补助什么时候发？")
	conversation := p.awaitConversation(t, "zhang")
	contact.Say(testAccount, "转人工")
	card, err := members["wang"].WaitCard(soon(t), 1, anyCard)
	require.NoError(t, err)
	assert.Contains(t, card.Quote, "补助什么时候发")
	assert.Contains(t, card.Quote, "〔电话〕")
	assert.Contains(t, card.Quote, "〔证件号〕")
	assert.NotContains(t, card.Quote, "1381234")
	assert.Equal(t, fmt.Sprintf("%s/desk/conversations/%d", p.URL(), conversation), card.Link)

	require.NoError(t, members["wang"].Press(card.Task, "我来接手"))
	for _, m := range members {
		after, err := m.WaitCard(soon(t), 1, changed)
		require.NoError(t, err)
		assert.Equal(t, "已由wang接手", after.Replaced)
	}
	c, err := p.store.Conversation(t.Context(), conversation)
	require.NoError(t, err)
	assert.Equal(t, bot.StateStaff, c.State)
	assert.Equal(t, "wang", c.Staff)
}

func TestCardsChangeHoweverTheWaitEnds(t *testing.T) {
	t.Parallel()
	srv, p, members := noticed(t, "wang")
	for n, end := range []struct {
		words string
		do    func(name string, conversation int64)
	}{
		{"已由li接手", func(_ string, id int64) {
			_, err := p.desk.Takeover(t.Context(), id, "li")
			require.NoError(t, err)
		}},
		{"已由wang接手", func(name string, _ int64) { // in the WeCom client, where wang is known by an id
			srv.AddReceptionist(testAccount, "u-wang").Take(testAccount, srv.Customer(name))
		}},
		{"对方已不再等待", func(name string, _ int64) {
			got, err := srv.Customer(name).Wait(soon(t), 1)
			require.NoError(t, err)
			cancel := got[0].Menu.Items[0].Click
			srv.Customer(name).Tap(testAccount, cancel.ID, cancel.Content)
		}},
	} {
		name := fmt.Sprint("zhang", n)
		srv.Customer(name).Say(testAccount, "转人工")
		_, err := members["wang"].WaitCard(soon(t), n+1, anyCard)
		require.NoError(t, err)
		end.do(name, p.awaitConversation(t, name))
		card, err := members["wang"].WaitCard(soon(t), n+1, changed)
		require.NoError(t, err, end.words)
		assert.Equal(t, end.words, card.Replaced)
	}
}

func TestATapOfSomebodyWithoutAnAccountTakesNothingOver(t *testing.T) {
	t.Parallel()
	srv, p, members := noticed(t, "wang", "left")
	srv.Customer("zhang").Say(testAccount, "转人工")
	conversation := p.awaitConversation(t, "zhang")
	card, err := members["left"].WaitCard(soon(t), 1, anyCard)
	require.NoError(t, err)
	require.NoError(t, p.accounts.Disable(t.Context(), "left"))
	require.NoError(t, members["left"].Press(card.Task, "我来接手"))
	card, err = members["left"].WaitCard(soon(t), 1, changed)
	require.NoError(t, err)
	assert.Equal(t, "您的账号不能接手", card.Replaced)
	c, err := p.store.Conversation(t.Context(), conversation)
	require.NoError(t, err)
	assert.Equal(t, bot.StateQueued, c.State)
	assert.Empty(t, members["wang"].Cards()[0].Replaced, "the others can still take over")
}

// Two staff tap the card while the bot is about to send: one of them has the conversation, both see who,
// and what the bot meant to say is not said after the takeover.
func TestCase28_TwoStaffTapTheCardWhileTheBotIsAboutToSend(t *testing.T) {
	t.Parallel()
	srv, p, members := noticed(t, "wang", "li")
	log := &sendLog{begun: map[string][]time.Time{}}
	for trial := range sized(12, 100) {
		name := fmt.Sprint("zhang", trial)
		contact := &customer{Customer: srv.Customer(name), t: t}
		contact.Say(testAccount, "转人工")
		contact.hear("人工")
		card, err := members["wang"].WaitCard(soon(t), trial+1, anyCard)
		require.NoError(t, err)
		if trial == 0 {
			srv.OnSend(log.hook)
		}
		contact.Say(testAccount, "我不想活了") // distress is answered even to those who wait
		var both sync.WaitGroup
		for _, m := range members {
			both.Go(func() {
				err := m.Press(card.Task, "我来接手")
				if err != nil { // the other's tap has changed this card already
					assert.ErrorIs(t, err, wecomtest.ErrDead)
				}
			})
		}
		both.Wait()
		words := ""
		for _, m := range members {
			after, err := m.WaitCard(soon(t), trial+1, changed)
			require.NoError(t, err)
			assert.True(t, words == "" || words == after.Replaced, "two owners: %s, %s", words, after.Replaced)
			words = after.Replaced
		}
		taken := time.Now()
		c, err := p.store.Conversation(t.Context(), p.awaitConversation(t, name))
		require.NoError(t, err)
		require.Equal(t, bot.StateStaff, c.State)
		assert.Equal(t, "已由"+c.Staff+"接手", words)
		assert.Contains(t, []string{"wang", "li"}, c.Staff)
		sending, err := p.store.BotSending(t.Context(), c.ID)
		require.NoError(t, err)
		assert.Zero(t, sending)
		messages, err := p.store.Messages(t.Context(), c.ID, 0, 50)
		require.NoError(t, err)
		for _, m := range messages {
			assert.False(t, m.From == bot.FromBot && m.State == bot.MessagePending, "%q may still be sent", m.Text)
		}
		assert.Zero(t, log.after(name, taken))
	}
}
