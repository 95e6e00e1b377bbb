package wecom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/channel/wecom/wecomtest"
)

func (w world) pull(t *testing.T, cursor, token string) bot.Page {
	t.Helper()
	page, err := w.channel.Pull(t.Context(), bot.Pull{Account: account, Cursor: cursor, Token: token})
	require.NoError(t, err)
	return page
}

func TestAPullReadsTextTapsAndUnknownKinds(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	said := li.Say(account, "优待证怎么办？")
	li.Tap(account, "choice1", "要带什么")
	li.SendRaw(account, map[string]any{"msgtype": "voice", "voice": map[string]any{"media_id": "m"}})
	li.SendRaw(account, map[string]any{"msgtype": "something_new", "something_new": map[string]any{}})
	li.Recall(account, said)

	page := w.pull(t, "", "")
	require.Len(t, page.Messages, 5)
	assert.False(t, page.More)
	text, tap, voice, unheard, recall := page.Messages[0], page.Messages[1], page.Messages[2],
		page.Messages[3], page.Messages[4]
	assert.Equal(t, bot.KindText, text.Kind)
	assert.Equal(t, "优待证怎么办？", text.Text)
	assert.Equal(t, bot.Address{Channel: "wecom", Account: account, ExternalID: "li"}, text.Address)
	assert.Equal(t, said, text.PlatformID)
	assert.WithinDuration(t, w.clock.Now(), text.At, time.Second)
	assert.Equal(t, bot.KindTap, tap.Kind)
	assert.Equal(t, "choice1", tap.ChoiceID)
	assert.Equal(t, bot.KindVoice, voice.Kind)
	assert.Equal(t, "m", voice.Media.ID)
	assert.Equal(t, bot.KindUnknown, unheard.Kind)
	assert.Contains(t, string(unheard.Raw), "something_new", "the raw form is kept")
	assert.Equal(t, said, recall.Recalls)
	assert.Equal(t, "li", recall.ExternalID, "an event names its customer inside")

	again := w.pull(t, page.Cursor, "")
	assert.Empty(t, again.Messages)
	assert.Equal(t, page.Cursor, again.Cursor)
}

func TestAnEmptyPageWithMoreBehindItIsNotTheEnd(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	w.SetPages(account, wecomtest.Pages{Empty: true, Size: 2})
	for range 5 {
		li.Say(account, "在吗")
	}
	var got []string
	cursor := ""
	for pages := 1; ; pages++ {
		page := w.pull(t, cursor, "")
		for _, m := range page.Messages {
			got = append(got, m.PlatformID)
		}
		cursor = page.Cursor
		if !page.More {
			assert.Greater(t, pages, 3)
			break
		}
	}
	assert.Len(t, got, 5)
}

func TestAStaleTokenIsLeftOut(t *testing.T) {
	w := newWorld(t, nil)
	w.Customer("li").Say(account, "在吗")
	page := w.pull(t, "", "a-token-nobody-gave")
	assert.Len(t, page.Messages, 1)
}

func TestAccountsAreListedAndAnUnmanagedOneIsASetUpFault(t *testing.T) {
	w := newWorld(t, nil)
	w.AddAccount("kf2", "另一个窗口")
	names, err := w.channel.Accounts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{account, "kf2"}, names)
	state, _ := w.channel.Status()
	assert.Equal(t, "ok", state)

	w.SetManaged("kf2", false)
	_, err = w.channel.Accounts(t.Context())
	require.NoError(t, err)
	state, reason := w.channel.Status()
	assert.Equal(t, "fault", state)
	assert.Contains(t, reason, "没有交给接口管理")
}
