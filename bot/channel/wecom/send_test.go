package wecom_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rongjun/bot"
	"rongjun/bot/channel/wecom"
	"rongjun/bot/channel/wecom/wecomtest"
)

const sendPath = "/cgi-bin/kf/send_msg"

func classOf(t *testing.T, err error) bot.SendClass {
	t.Helper()
	e, ok := errors.AsType[*bot.SendError](err)
	require.True(t, ok, "no class in %v", err)
	return e.Class
}

func TestATextAndAMenuArriveAsTheCustomerReadsThem(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	li.Say(account, "退役金怎么算？")
	o := outgoing("li", "m1", "按服役年限算。")
	o.Sources = []bot.Source{{Title: "《退役军人安置条例》", Article: "第二十二条", InForce: "2024年9月1日起施行"}}
	_, err := w.channel.Send(t.Context(), o)
	require.NoError(t, err)
	o = outgoing("li", "m2", "还想问什么？")
	o.Choices = []bot.Choice{{ID: "c1", Text: "要带什么"}, {ID: "c2", Text: "转人工"}}
	_, err = w.channel.Send(t.Context(), o)
	require.NoError(t, err)

	got, err := li.Wait(t.Context(), 2)
	require.NoError(t, err)
	assert.Equal(t, "按服役年限算。\n\n依据：《退役军人安置条例》第二十二条（2024年9月1日起施行）", got[0].Text)
	assert.Equal(t, "m1", got[0].MsgID)
	require.NotNil(t, got[1].Menu)
	assert.Equal(t, "还想问什么？", got[1].Menu.Head)
	require.Len(t, got[1].Menu.Items, 2)
	assert.Equal(t, "c1", got[1].Menu.Items[0].Click.ID)
}

func TestASetUpFaultIsNamedUntilACallSucceeds(t *testing.T) {
	w := newWorld(t, nil)
	w.Customer("li").Say(account, "在吗")
	w.Fault(sendPath, wecomtest.Fault{Code: 60020, Times: 1})
	_, err := w.channel.Send(t.Context(), outgoing("li", "m1", "在"))
	require.Error(t, err)
	state, reason := w.channel.Status()
	assert.Equal(t, "fault", state)
	assert.Contains(t, reason, "企业可信IP")
	assert.Contains(t, reason, "60020")
	_, err = w.channel.Send(t.Context(), outgoing("li", "m1", "在"))
	require.NoError(t, err)
	state, _ = w.channel.Status()
	assert.Equal(t, "ok", state)
}

func TestAnUnclearSendIsRepeatedUnderTheSameIdAndArrivesOnce(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	li.Say(account, "在吗")
	w.Fault(sendPath, wecomtest.Fault{Drop: wecomtest.DropAfter, Times: 1})
	_, err := w.channel.Send(t.Context(), outgoing("li", "m1", "在"))
	assert.Equal(t, bot.ClassUnclear, classOf(t, err))

	repeat := outgoing("li", "m1", "在")
	repeat.Repeat = true
	receipt, err := w.channel.Send(t.Context(), repeat)
	require.NoError(t, err, "the refusal of a repeat means that the first one arrived")
	assert.NotEmpty(t, receipt.Note)
	assert.Len(t, li.Received(), 1)
}

func TestOnlyTheNamedCodesMeanDuplicateWhenSomeAreNamed(t *testing.T) {
	w := newWorld(t, func(o *wecom.Options) { o.DuplicateCodes = []int{12345} })
	w.Customer("li").Say(account, "在吗")
	_, err := w.channel.Send(t.Context(), outgoing("li", "m1", "在"))
	require.NoError(t, err)
	repeat := outgoing("li", "m1", "在")
	repeat.Repeat = true
	_, err = w.channel.Send(t.Context(), repeat)
	assert.Equal(t, bot.ClassPermanent, classOf(t, err))
}

func TestARefusedMenuIsSentAsWords(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	li.Say(account, "在吗")
	w.Fault(sendPath, wecomtest.Fault{Code: 95008, Times: 1})
	o := outgoing("li", "m1", "您想问哪一个？")
	o.Choices = []bot.Choice{{ID: "c1", Text: "退役金"}, {ID: "c2", Text: "转人工"}}
	_, err := w.channel.Send(t.Context(), o)
	require.NoError(t, err)
	assert.Equal(t, "您想问哪一个？\n·退役金\n·转人工", li.Received()[0].Text)
}

func TestARevokedTokenIsReplacedOnceForAllCallers(t *testing.T) {
	w := newWorld(t, nil)
	li := w.Customer("li")
	li.Say(account, "在吗")
	_, err := w.channel.Accounts(t.Context())
	require.NoError(t, err)
	before := w.Calls("/cgi-bin/gettoken")
	w.RevokeTokens()
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			_, err := w.channel.Accounts(t.Context())
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.LessOrEqual(t, w.Calls("/cgi-bin/gettoken")-before, 2, "no storm")
}

func TestAWrongSecretIsAskedOnceInTenMinutes(t *testing.T) {
	w := newWorld(t, func(o *wecom.Options) { o.Secret = "a-wrong-secret" })
	for range 4 {
		_, err := w.channel.Accounts(t.Context())
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "a-wrong-secret")
	}
	assert.Equal(t, 1, w.Calls("/cgi-bin/gettoken"))
	_, reason := w.channel.Status()
	assert.Contains(t, reason, "Secret 不正确")
	w.clock.Add(11 * time.Minute)
	_, err := w.channel.Accounts(t.Context())
	require.Error(t, err)
	assert.Equal(t, 2, w.Calls("/cgi-bin/gettoken"))
}

func TestACallThatIsMadeTooOftenPausesLongerEachTime(t *testing.T) {
	w := newWorld(t, nil)
	w.Customer("li").Say(account, "在吗")
	w.Fault(sendPath, wecomtest.Fault{Code: 45009, Times: 2})
	send := func() error {
		_, err := w.channel.Send(t.Context(), outgoing("li", "m1", "在"))
		return err
	}
	require.Error(t, send())
	begun := len(w.SendsBegun())
	require.Error(t, send())
	assert.Len(t, w.SendsBegun(), begun, "nothing leaves during the pause")
	w.clock.Add(61 * time.Second)
	require.Error(t, send())
	w.clock.Add(61 * time.Second)
	require.Error(t, send(), "the second pause is twice as long")
	w.clock.Add(60 * time.Second)
	require.NoError(t, send())
}

func TestNetworkFaultsAreClassedByWhetherTheRequestLeft(t *testing.T) {
	w := newWorld(t, nil)
	w.Customer("li").Say(account, "在吗")
	_, err := w.channel.Accounts(t.Context())
	require.NoError(t, err)
	w.Fault(sendPath, wecomtest.Fault{Status: 502, Times: 1})
	_, err = w.channel.Send(t.Context(), outgoing("li", "m1", "在"))
	assert.Equal(t, bot.ClassUnclear, classOf(t, err))
	unreachable := newWorld(t, func(o *wecom.Options) { o.APIBase = "http://127.0.0.1:1" })
	_, err = unreachable.channel.Send(t.Context(), outgoing("li", "m1", "在"))
	assert.Equal(t, bot.ClassRetry, classOf(t, err), "nobody listens: %v", err)
	assert.NotContains(t, err.Error(), "access_token")
}

func TestPartsKeepEveryCharacterWithinThePlatformsLimits(t *testing.T) {
	w := newWorld(t, nil)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("退役军人😀abc。！\n，")), 1, 2600, -1).Draw(t, "text")
		choices := []bot.Choice{{ID: "a", Text: "转人工"}}
		parts := w.channel.Parts(bot.Reply{Text: text, Choices: choices})
		if len(parts) > bot.MaxParts {
			t.Fatalf("%d parts", len(parts))
		}
		var joined strings.Builder
		for _, p := range parts {
			if len(p.Text) > 2048 || !utf8.ValidString(p.Text) {
				t.Fatalf("a part of %d bytes, valid %v", len(p.Text), utf8.ValidString(p.Text))
			}
			if len(p.Choices) > 0 && len(p.Text) > 1024 {
				t.Fatal("the head of a menu is too long")
			}
			if p.Text != "您可以直接点：" {
				joined.WriteString(p.Text)
			}
		}
		if len(text) < 3*1024 && bare(joined.String()) != bare(text) {
			t.Fatal("a text that fits lost characters")
		}
	})
}

// bare is a text without white space, which a cut may eat.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }

func TestALongReplyIsFourMessagesCutAtSentences(t *testing.T) {
	w := newWorld(t, nil)
	reply := bot.Reply{
		Text:    strings.Repeat("符合条件的可以申请，由县级部门受理。", 120),
		Choices: []bot.Choice{{ID: "a", Text: "转人工"}},
	}
	parts := w.channel.Parts(reply)
	require.Len(t, parts, 4)
	for _, p := range parts[:2] {
		assert.True(t, strings.HasSuffix(p.Text, "。"), "cut inside a sentence")
	}
	assert.NotEmpty(t, parts[3].Choices)

	reply.Text = strings.Repeat("符合条件的可以申请，由县级部门受理。", 400)
	parts = w.channel.Parts(reply)
	require.Len(t, parts, 4)
	assert.Empty(t, parts[3].Choices, "the menu is dropped when the four are used up")
	assert.Contains(t, parts[3].Text, "没有全部放下")
}
