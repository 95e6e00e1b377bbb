package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/staff"
	"rongjun/config"
)

func toPool(s *config.Config) { s.WeCom.Pool = config.Yes }

func inPool(c bot.Conversation) bool { return c.Client && c.State == bot.StateQueued }

const transPath = "/cgi-bin/kf/service_state/trans"

// asks lets a customer ask for a person, and returns what they are told and the conversation.
func (h *hall) asks(name string) (c *customer, told string, id int64) {
	h.t.Helper()
	c = h.customer(name)
	c.Say(testAccount, "转人工")
	told = c.hear("转人工")
	return c, told, h.awaitConversation(h.t, name)
}

func TestWhileNobodyHasTheDeskOpenWhoWaitsIsPassedOnToThoseWhoReceiveInTheClient(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{}, toPool)
	zhang := h.AddReceptionist(testAccount, "zhang")
	li, told, id := h.asks("li")
	assert.Contains(t, told, "正在值班的接待人员")
	assert.NotContains(t, told, "没有工作人员在岗")
	h.stands(id, "in the pool", inPool)
	zhang.PickUp(testAccount, li.Customer)
	h.stands(id, "in the client", inClientOf("zhang"))
	zhang.Say(testAccount, li.Customer, "您请说")
	li.hear("您请说")
	assert.Equal(t, 1, h.Calls(transPath), "passed on once")
}

func TestWhereNobodyReceivesEitherWhoWaitsIsToldSoAndWaitsWithUs(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{}, toPool)
	h.AddReceptionist(testAccount, "zhang").Receive(testAccount, false)
	_, told, id := h.asks("li")
	assert.Contains(t, told, "没有工作人员在岗")
	h.stands(id, "queued with us", isState(bot.StateQueued))
	assert.Zero(t, h.Calls(transPath))
}

func TestNobodyIsPassedOnWithoutTheSettingOrWhileTheDeskIsOpen(t *testing.T) {
	t.Parallel()
	for name, setting := range map[string]func(*config.Config){
		"without the setting": func(*config.Config) {}, "while the desk is open": toPool,
	} {
		h := newHall(t, wecomtest.Config{}, setting)
		h.AddReceptionist(testAccount, "zhang")
		if name == "while the desk is open" {
			require.NoError(t, h.accounts.Add(t.Context(), staff.NewMember{
				Name: "zhao", Role: staff.Staff, Password: deskPassword,
			}))
			v := newVisitor(t, h.URL())
			v.signIn("zhao", deskPassword)
			v.get("/desk")
		}
		_, told, id := h.asks("li")
		assert.NotContains(t, told, "值班", name)
		h.stands(id, "queued with us", isState(bot.StateQueued))
		assert.Zero(t, h.Calls(transPath), name)
	}
}

func TestWhoWaitsIsPassedOnLaterWhenSomebodyBeginsToReceive(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{}, toPool)
	zhang := h.AddReceptionist(testAccount, "zhang")
	zhang.Receive(testAccount, false)
	li, _, id := h.asks("li")
	h.stands(id, "queued with us", isState(bot.StateQueued))
	zhang.Receive(testAccount, true)
	h.clock.leap(11 * time.Minute)
	h.hub.Changed(bot.EveryConversation)
	li.hear("正在值班的接待人员")
	h.stands(id, "in the pool", inPool)
}

func TestWhomNobodyInTheClientTookWaitsWithUsAgainInTheirPlace(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{}, toPool)
	h.AddReceptionist(testAccount, "zhang")
	li, _, id := h.asks("li")
	since := h.stands(id, "in the pool", inPool).WaitingSince
	h.EndQuietly(testAccount, li.Customer)
	h.clock.leap(11 * time.Minute)
	h.hub.Changed(bot.EveryConversation)
	c := h.stands(id, "queued with us", isState(bot.StateQueued))
	assert.Equal(t, since, c.WaitingSince)
}

func TestAPlatformThatDoesNotSayWhoReceivesKeepsWhoWaitsWithUs(t *testing.T) {
	t.Parallel()
	h := newHall(t, wecomtest.Config{}, toPool)
	h.AddReceptionist(testAccount, "zhang")
	h.Fault("/cgi-bin/kf/servicer/list", wecomtest.Fault{Code: -1})
	_, told, id := h.asks("li")
	assert.Contains(t, told, "没有工作人员在岗")
	h.stands(id, "queued with us", isState(bot.StateQueued))
}
