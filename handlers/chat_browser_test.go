package handlers_test

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/handlers/pagetest"
)

func TestAContactAsksAndTapsOnAPhone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, phone)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"))
	pagetest.Picture(t, ctx, "chat-phone-empty")
	pagetest.Do(t, ctx, chromedp.SendKeys("#text", "退役后一次性的钱怎么领"+kb.Enter))
	says(t, ctx, `.line[data-from="bot"] .sources`, "《退役军人安置条例》第四十三条")
	pagetest.Picture(t, ctx, "chat-phone-answer")
	assert.Empty(t, evaluate[string](t, ctx, `document.getElementById("text").value`))
	pagetest.Do(t, ctx, pagetest.Click(`.choices .choice`))
	eventually(t, "every line once, and none still being sent", func() bool {
		return evaluate[int](t, ctx, `document.querySelectorAll(".line").length`) == 4 &&
			evaluate[int](t, ctx, `document.querySelectorAll("[data-state=sending]").length`) == 0
	})
	says(t, ctx, "#lines", "申领要多久？")
	assert.LessOrEqual(t, evaluate[int](t, ctx, `document.documentElement.scrollWidth`), 390)
	pagetest.Do(t, ctx, pagetest.Click(".human"))
	says(t, ctx, "#mode", "正在等工作人员")
	pagetest.Picture(t, ctx, "chat-phone-queued")
}

func TestALongTalkIsShownByDayOnAWideScreen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, wide)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "爸爸是残疾军人，看病有什么照顾？"+kb.Enter))
	says(t, ctx, `.line[data-from="bot"]`, "智能助手")
	conversation := r.only()
	_, err := r.inbox.real.Receive(t.Context(), []bot.Incoming{{
		Address: conversation.Contact.Address, PlatformID: "old", Kind: bot.KindText,
		Text: "前几天问过一次", At: time.Now().AddDate(0, 0, -40), History: true,
	}})
	require.NoError(t, err)
	_, err = r.desk.Takeover(t.Context(), conversation.ID, "李敏")
	require.NoError(t, err)
	says(t, ctx, "#mode", "工作人员正在为您服务")
	_, err = r.desk.Say(t.Context(), conversation.ID, "李敏",
		bot.Said{Text: "您好，我是县服务中心的。方便告诉我您父亲的伤残等级吗？", ClientID: "1"})
	require.NoError(t, err)
	says(t, ctx, `.line[data-from="staff"]`, "县服务中心")
	assert.NotContains(t, evaluate[string](t, ctx, `document.body.innerText`), "李敏")
	assert.Equal(t, 3, evaluate[int](t, ctx, `document.querySelectorAll(".day").length`))
	pagetest.Picture(t, ctx, "chat-wide")
}

func TestThePageSendsAgainByItselfWithTheSameID(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, phone)
	r.inbox.fail(errDisk)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "还在吗"+kb.Enter))
	says(t, ctx, ".fate", "正在重发")
	pagetest.Picture(t, ctx, "chat-phone-retry")
	r.inbox.fail(nil)
	says(t, ctx, `.line[data-from="bot"]`, "智能助手")
	messages, err := r.store.Messages(t.Context(), r.only().ID, 0, 10)
	require.NoError(t, err)
	assert.Len(t, messages, 2, "one question, one answer")
}

func TestWithoutScriptThePageLooksAgainByItself(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, phone)
	pagetest.Do(t, ctx, emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(r.url+"/"),
		chromedp.SendKeys("#text", "怎么领"), chromedp.Click(".send"))
	says(t, ctx, "#lines", "智能助手")
	contact := r.only().Contact.Address
	tell := func(id string, history bool) {
		_, err := r.inbox.real.Receive(t.Context(), []bot.Incoming{{
			Address: contact, PlatformID: id, Kind: bot.KindText, Text: id, At: time.Now(),
			History: history,
		}})
		require.NoError(t, err)
	}
	tell("还在等答复", true) // nobody answers this one, so the page waits
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/?page#end"))
	says(t, ctx, "#thinking", "正在查找答案")
	tell("要带什么", false)
	eventually(t, "the answer stands on the page", func() bool {
		var answers int
		err := chromedp.Run(ctx, chromedp.Evaluate(
			`document.querySelectorAll('.line[data-from="bot"]').length`, &answers))
		return err == nil && answers == 2
	})
	assert.LessOrEqual(t, evaluate[int](t, ctx, `document.documentElement.scrollWidth`), 390)
}

func TestMarkupInTheStreamIsShownAsText(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, phone)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", `<img src=x onerror="document.title='owned'">`+kb.Enter))
	says(t, ctx, `.line[data-from="bot"]`, "智能助手")
	assert.Zero(t, evaluate[int](t, ctx, `document.querySelectorAll(".line img").length`))
	assert.NotEqual(t, "owned", evaluate[string](t, ctx, `document.title`))
}

func TestThePageHoldsAtTwiceTheLetterSize(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, pagetest.Size{Name: "zoomed", Width: 195, Height: 422, Scale: 2})
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "怎么领"+kb.Enter))
	says(t, ctx, `.line[data-from="bot"]`, "智能助手")
	pagetest.Picture(t, ctx, "chat-phone-zoomed")
	assert.LessOrEqual(t, evaluate[int](t, ctx, `document.documentElement.scrollWidth`), 195)
}

func TestOnAPhoneEverythingIsLargeAndPlainEnough(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, pagetest.Size{Name: "small phone", Width: 360, Height: 740, Scale: 2})
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"))
	forOldEyes.holds(t, ctx)
	pagetest.Do(t, ctx, chromedp.SendKeys("#text", "怎么领"+kb.Enter))
	says(t, ctx, `.line[data-from="bot"] .sources`, "第四十三条")
	forOldEyes.holds(t, ctx)
	assert.Equal(t, "要带：", evaluate[string](t, ctx, `document.querySelector(".row b").textContent`))

	// The answer is longer than the screen: it is read from its beginning, and the way on is shown.
	assert.True(t, evaluate[bool](t, ctx, `document.querySelector('.line[data-from="bot"]')
		.getBoundingClientRect().top >= document.querySelector(".top").offsetHeight`))
	says(t, ctx, "#newer", "往下看")
	pagetest.Do(t, ctx, pagetest.Click("#newer"))
	eventually(t, "the choices come up and the hint goes", func() bool {
		return evaluate[bool](t, ctx, `document.getElementById("newer").hidden`)
	})

	before := evaluate[float64](t, ctx, `parseFloat(getComputedStyle(document.querySelector(".text")).fontSize)`)
	pagetest.Do(t, ctx, pagetest.Click("#size"), pagetest.Click("#size"))
	assert.Greater(t, evaluate[float64](t, ctx,
		`parseFloat(getComputedStyle(document.querySelector(".text")).fontSize)`), 1.3*before)
	forOldEyes.holds(t, ctx)
	assert.LessOrEqual(t, evaluate[int](t, ctx, `document.documentElement.scrollWidth`), 360)
	assert.True(t, evaluate[bool](t, ctx, `document.querySelector(".human").getBoundingClientRect().bottom
		< innerHeight`), "转人工 is always in sight")
}
