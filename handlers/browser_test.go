package handlers_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/handlers"
)

// browserSetting makes the tests with a browser fail instead of being skipped when there is none;
// picturesSetting names a folder for pictures of the pages.
const (
	browserSetting  = "RONGJUN_TEST_BROWSER"
	picturesSetting = "RONGJUN_TEST_PICTURES"
)

// size is a window.
type size struct {
	name          string
	width, height int64
	scale         float64
}

var (
	phone = size{"phone", 390, 844, 2}
	wide  = size{"wide", 1440, 900, 1}
)

// do carries the actions out. What acts on an element that the page has just replaced has done nothing
// and is tried again.
func do(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	for _, a := range actions {
		err := chromedp.Run(ctx, a)
		for err != nil && strings.Contains(err.Error(), "Could not find node with given id") {
			err = chromedp.Run(ctx, a)
		}
		require.NoError(t, err)
	}
}

// picture keeps what the tab shows, if a folder was named.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv(picturesSetting)
	if dir == "" {
		return
	}
	var png []byte
	do(t, ctx, chromedp.Sleep(400*time.Millisecond), chromedp.CaptureScreenshot(&png))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
}

// says waits until the element shows the words.
func says(t *testing.T, ctx context.Context, selector, words string) {
	t.Helper()
	var shown string
	eventually(t, selector+" says "+words, func() bool {
		err := chromedp.Run(ctx, chromedp.Evaluate(
			`(document.querySelector(`+quote(selector)+`)||{innerText:""}).innerText`, &shown))
		return err == nil && strings.Contains(shown, words)
	})
}

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	var out T
	do(t, ctx, chromedp.Evaluate(script, &out))
	return out
}

func TestAContactAsksAndTapsOnAPhone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium(t, phone)
	do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"))
	picture(t, ctx, "chat-phone-empty")
	do(t, ctx, chromedp.SendKeys("#text", "退役后一次性的钱怎么领"+kb.Enter))
	says(t, ctx, `.line[data-from="bot"] .sources`, "《退役军人安置条例》第四十三条")
	picture(t, ctx, "chat-phone-answer")
	assert.Empty(t, evaluate[string](t, ctx, `document.getElementById("text").value`))
	do(t, ctx, chromedp.Click(`.choices .choice`))
	eventually(t, "every line once, and none still being sent", func() bool {
		return evaluate[int](t, ctx, `document.querySelectorAll(".line").length`) == 4 &&
			evaluate[int](t, ctx, `document.querySelectorAll("[data-state=sending]").length`) == 0
	})
	says(t, ctx, "#lines", "申领要多久？")
	assert.LessOrEqual(t, evaluate[int](t, ctx, `document.documentElement.scrollWidth`), 390)
	do(t, ctx, chromedp.Click(".human"))
	says(t, ctx, "#mode", "正在等工作人员")
	picture(t, ctx, "chat-phone-queued")
}

func TestALongTalkIsShownByDayOnAWideScreen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium(t, wide)
	do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
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
	picture(t, ctx, "chat-wide")
}

func TestThePageSendsAgainByItselfWithTheSameID(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium(t, phone)
	r.inbox.fail(errDisk)
	do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "还在吗"+kb.Enter))
	says(t, ctx, ".fate", "正在重发")
	picture(t, ctx, "chat-phone-retry")
	r.inbox.fail(nil)
	says(t, ctx, `.line[data-from="bot"]`, "智能助手")
	messages, err := r.store.Messages(t.Context(), r.only().ID, 0, 10)
	require.NoError(t, err)
	assert.Len(t, messages, 2, "one question, one answer")
}

func TestWithoutScriptThePageLooksAgainByItself(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium(t, phone)
	do(t, ctx, emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(r.url+"/"),
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
	do(t, ctx, chromedp.Navigate(r.url+"/?page#end"))
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
	ctx := chromium(t, phone)
	do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", `<img src=x onerror="document.title='owned'">`+kb.Enter))
	says(t, ctx, `.line[data-from="bot"]`, "智能助手")
	assert.Zero(t, evaluate[int](t, ctx, `document.querySelectorAll(".line img").length`))
	assert.NotEqual(t, "owned", evaluate[string](t, ctx, `document.title`))
}

func TestThePageHoldsAtTwiceTheLetterSize(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium(t, size{"zoomed", 195, 422, 2})
	do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "怎么领"+kb.Enter))
	says(t, ctx, `.line[data-from="bot"]`, "智能助手")
	picture(t, ctx, "chat-phone-zoomed")
	assert.LessOrEqual(t, evaluate[int](t, ctx, `document.documentElement.scrollWidth`), 195)
}

func TestTheQueueRingsShowsLateWaitsAndFaults(t *testing.T) {
	t.Parallel()
	var late atomic.Int64
	r := newRig(t, func(o *handlers.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
	})
	r.addStaff("李敏", staff.Supervisor)
	ask := func(words string) {
		b := r.browser()
		b.json("/chat/messages", `{"text":`+quote(words)+`,"client_id":"q"}`)
	}
	ask("我父亲是残疾军人，上个月转院的费用想问问怎么报，之前说的听不懂，转人工")
	ask("档案在部队没寄到，急，找人工")
	late.Store(int64(25 * time.Minute))
	r.mu.Lock()
	r.readiness.Channels["wecom"] = handlers.Status{
		State: handlers.Faulty, Reason: "服务器的 IP 不在企业微信的可信名单里（60020），请管理员添加",
	}
	r.mu.Unlock()
	ctx := chromium(t, wide)
	do(t, ctx, chromedp.Navigate(r.url+"/desk"), chromedp.SendKeys("#name", "李敏"),
		chromedp.SendKeys("#password", password+kb.Enter), chromedp.WaitVisible("#queue"))
	says(t, ctx, "#queue .late .waited", "等了 25 分钟")
	says(t, ctx, "#faults", "可信名单")
	do(t, ctx, chromedp.Evaluate(`window.rung = 0;
		AudioContext.prototype.resume = () => { window.rung++; return Promise.reject(); }`, nil))
	ask("想和工作人员说说，转人工")
	eventually(t, "the page follows and rings once", func() bool {
		return evaluate[string](t, ctx, `document.title`) == "(3) 荣军工作台" &&
			evaluate[int](t, ctx, `window.rung`) == 1
	})
	picture(t, ctx, "desk-wide-full")
	do(t, ctx, chromedp.Click("#sound"))
	says(t, ctx, "#sound", "关")
}

func TestStaffSignInTakeOverAndReply(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addStaff("李敏", staff.Staff)
	contact := r.browser()
	contact.get("/")
	idOf(t, contact.json("/chat/messages", `{"text":"退役后一次性的钱怎么领","client_id":"a"}`))
	eventually(t, "answered", func() bool { return strings.Contains(contact.get("/").body, "条例") })
	idOf(t, contact.json("/chat/messages", `{"text":"说不清，转人工","client_id":"b"}`))
	eventually(t, "queued", func() bool { return r.only().State == bot.StateQueued })

	ctx := chromium(t, wide)
	do(t, ctx, chromedp.Navigate(r.url+"/desk"), chromedp.WaitVisible("#name"))
	picture(t, ctx, "desk-signin")
	do(t, ctx, chromedp.SendKeys("#name", "李敏"), chromedp.SendKeys("#password", password+kb.Enter),
		chromedp.WaitVisible("#queue"))
	says(t, ctx, "#queue", "对方要求人工")
	assert.Contains(t, evaluate[string](t, ctx, `document.title`), "(1)")
	picture(t, ctx, "desk-wide-queue")
	do(t, ctx, chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#takeover"),
		chromedp.Evaluate(`document.querySelector(".turn").open = true`, nil))
	picture(t, ctx, "desk-wide-queued")
	do(t, ctx, chromedp.KeyEvent("t"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "您好，我是服务中心的，\n材料我帮您看。"))
	picture(t, ctx, "desk-wide-mine")
	do(t, ctx, chromedp.Evaluate(`document.querySelector("#say").requestSubmit()`, nil))
	eventually(t, "the contact reads it", func() bool {
		return strings.Contains(contact.get("/").body, "材料我帮您看。")
	})
	says(t, ctx, `.line[data-from="staff"]`, "已发送")
	picture(t, ctx, "desk-wide-replied")
	idOf(t, contact.json("/chat/messages", `{"text":"谢谢","client_id":"c"}`))
	says(t, ctx, "#lines", "谢谢")
	do(t, ctx, emulation.SetDeviceMetricsOverride(phone.width, phone.height, phone.scale, true))
	picture(t, ctx, "desk-phone-mine")
	assert.LessOrEqual(t, evaluate[int](t, ctx, `document.documentElement.scrollWidth`), 390)
	do(t, ctx, chromedp.Navigate(r.url+"/desk?tab=staff"), chromedp.WaitVisible("#queue"))
	picture(t, ctx, "desk-phone-queue")
}

func TestAQueueIsWorkedByKeysTheGravestFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addStaff("李敏", staff.Staff)
	contacts := map[string]*browser{}
	for i, words := range []string{"三等功补多少，转人工", "转学找人工", "想不开，找人工"} {
		b := r.browser()
		contacts[words] = b
		idOf(t, b.json("/chat/messages", `{"text":`+quote(words)+`,"client_id":"a"}`))
		eventually(t, "queued", func() bool {
			all, err := r.store.Conversations(t.Context(), bot.StateQueued, 10)
			return err == nil && len(all) == i+1
		})
	}
	ctx := chromium(t, wide)
	do(t, ctx, chromedp.Navigate(r.url+"/desk"), chromedp.WaitVisible("#name"),
		chromedp.SendKeys("#name", "李敏"), chromedp.SendKeys("#password", password+kb.Enter),
		chromedp.WaitVisible("#queue"))
	says(t, ctx, "#queue li:first-child .urgent", "想不开")
	assert.Equal(t, []string{"想不开，找人工", "三等功补多少，转人工", "转学找人工"}, evaluate[[]string](t, ctx,
		`Array.from(document.querySelectorAll(".preview"), (p) => p.textContent)`))

	for _, words := range []string{"想不开", "三等功"} {
		do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("n"), chromedp.WaitVisible("#takeover"))
		says(t, ctx, "#lines", words)
		do(t, ctx, chromedp.KeyEvent("t"), chromedp.WaitVisible("#text"))
		eventually(t, "the text is ready to be typed into", func() bool {
			return evaluate[string](t, ctx, `document.activeElement.id`) == "text"
		})
		do(t, ctx, chromedp.KeyEvent("bE我在"), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
		says(t, ctx, `.line[data-from="staff"]`, "bE我在")
		eventually(t, "the reply was taken and the text has the keys again", func() bool {
			return evaluate[bool](t, ctx, `!document.querySelector("#say button").disabled`)
		})
	}
	do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("b"), chromedp.KeyEvent("E"))
	says(t, ctx, ".charge", "已结束")

	idOf(t, contacts["想不开，找人工"].json("/chat/messages", `{"text":"还在吗","client_id":"b"}`))
	says(t, ctx, `#tabs a:nth-child(2) .count`, "1")
	assert.Contains(t, evaluate[string](t, ctx, `document.title`), "(2)", "one waits, one is to be answered")
	do(t, ctx, chromedp.KeyEvent("2"))
	says(t, ctx, "#queue .unanswered", "等您回复")
	do(t, ctx, chromedp.Click("#keys-switch"), chromedp.KeyEvent("1"), chromedp.KeyEvent("n"))
	says(t, ctx, "#keys-switch", "关")
	assert.Equal(t, "人工", evaluate[string](t, ctx,
		`document.querySelector("#tabs [aria-current]").firstChild.textContent.trim()`))
}

func TestOnAPhoneEverythingIsLargeAndPlainEnough(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium(t, size{"small phone", 360, 740, 2})
	do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"))
	forOldEyes.holds(t, ctx)
	do(t, ctx, chromedp.SendKeys("#text", "怎么领"+kb.Enter))
	says(t, ctx, `.line[data-from="bot"] .sources`, "第四十三条")
	forOldEyes.holds(t, ctx)
	assert.Equal(t, "要带：", evaluate[string](t, ctx, `document.querySelector(".row b").textContent`))

	// The answer is longer than the screen: it is read from its beginning, and the way on is shown.
	assert.True(t, evaluate[bool](t, ctx, `document.querySelector('.line[data-from="bot"]')
		.getBoundingClientRect().top >= document.querySelector(".top").offsetHeight`))
	says(t, ctx, "#newer", "往下看")
	do(t, ctx, chromedp.Click("#newer"))
	eventually(t, "the choices come up and the hint goes", func() bool {
		return evaluate[bool](t, ctx, `document.getElementById("newer").hidden`)
	})

	before := evaluate[float64](t, ctx, `parseFloat(getComputedStyle(document.querySelector(".text")).fontSize)`)
	do(t, ctx, chromedp.Click("#size"), chromedp.Click("#size"))
	assert.Greater(t, evaluate[float64](t, ctx,
		`parseFloat(getComputedStyle(document.querySelector(".text")).fontSize)`), 1.3*before)
	forOldEyes.holds(t, ctx)
	assert.LessOrEqual(t, evaluate[int](t, ctx, `document.documentElement.scrollWidth`), 360)
	assert.True(t, evaluate[bool](t, ctx, `document.querySelector(".human").getBoundingClientRect().bottom
		< innerHeight`), "转人工 is always in sight")
}

func TestAReplyTypedAndNotSentIsFoundAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addStaff("李敏", staff.Staff)
	var ids []string
	for i, words := range []string{"三等功补多少，转人工", "转学找人工"} {
		idOf(t, r.browser().json("/chat/messages", `{"text":`+quote(words)+`,"client_id":"a"}`))
		eventually(t, "queued", func() bool {
			all, err := r.store.Conversations(t.Context(), bot.StateQueued, 10)
			return err == nil && len(all) == i+1
		})
		ids = append(ids, strconv.Itoa(i+1))
	}
	ctx := chromium(t, wide)
	do(t, ctx, chromedp.Navigate(r.url+"/desk/conversations/"+ids[0]), chromedp.WaitVisible("#name"),
		chromedp.SendKeys("#name", "李敏"), chromedp.SendKeys("#password", password+kb.Enter),
		chromedp.Click("#takeover button"), chromedp.WaitVisible("#text"), chromedp.SendKeys("#text", "三等功按"),
		chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("n"), chromedp.WaitVisible("#takeover"),
		chromedp.KeyEvent("2"))
	says(t, ctx, "#queue", "三等功")
	assert.Contains(t, evaluate[string](t, ctx,
		`getComputedStyle(document.querySelector(".item[data-draft] .preview"), "::before").content`), "没发出的回复")

	// The session ends elsewhere; after signing in again the words stand there.
	do(t, ctx, chromedp.Navigate(r.url+"/desk/conversations/"+ids[0]), chromedp.WaitVisible("#text"),
		chromedp.Click(".me summary"), chromedp.Click(`form[action="/desk/signout"] button`),
		chromedp.WaitVisible("#name"), chromedp.Navigate(r.url+"/desk/conversations/"+ids[0]), chromedp.WaitVisible("#name"),
		chromedp.SendKeys("#name", "李敏"), chromedp.SendKeys("#password", password+kb.Enter),
		chromedp.WaitVisible("#text"))
	assert.Equal(t, "三等功按", evaluate[string](t, ctx, `document.getElementById("text").value`))
	do(t, ctx, chromedp.SendKeys("#text", "规定。"), chromedp.Click("#say .strong"))
	says(t, ctx, `.line[data-from="staff"]`, "三等功按规定。")
	do(t, ctx, chromedp.Reload(), chromedp.WaitVisible("#text"))
	assert.Empty(t, evaluate[string](t, ctx, `document.getElementById("text").value`))
}
