package handlers_test

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/handlers"
	"rongjun/handlers/pagetest"
)

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
	ctx := chromium.Tab(t, wide)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk"), chromedp.SendKeys("#name", "李敏"),
		chromedp.SendKeys("#password", password+kb.Enter), chromedp.WaitVisible("#queue"))
	says(t, ctx, "#queue .late .waited", "等了 25 分钟")
	says(t, ctx, "#faults", "可信名单")
	pagetest.Do(t, ctx, chromedp.Evaluate(`window.rung = 0;
		AudioContext.prototype.resume = () => { window.rung++; return Promise.reject(); }`, nil))
	ask("想和工作人员说说，转人工")
	eventually(t, "the page follows and rings once", func() bool {
		return evaluate[string](t, ctx, `document.title`) == "(3) 荣军工作台" &&
			evaluate[int](t, ctx, `window.rung`) == 1
	})
	pagetest.Picture(t, ctx, "desk-wide-full")
	pagetest.Do(t, ctx, pagetest.Click("#sound"))
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

	ctx := chromium.Tab(t, wide)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk"), chromedp.WaitVisible("#name"))
	pagetest.Picture(t, ctx, "desk-signin")
	pagetest.Do(t, ctx, chromedp.SendKeys("#name", "李敏"), chromedp.SendKeys("#password", password+kb.Enter),
		chromedp.WaitVisible("#queue"))
	says(t, ctx, "#queue", "对方要求人工")
	assert.Contains(t, evaluate[string](t, ctx, `document.title`), "(1)")
	pagetest.Picture(t, ctx, "desk-wide-queue")
	pagetest.Do(t, ctx, chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#takeover"),
		chromedp.Evaluate(`document.querySelector(".turn").open = true`, nil))
	pagetest.Picture(t, ctx, "desk-wide-queued")
	pagetest.Do(t, ctx, chromedp.KeyEvent("t"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "您好，我是服务中心的，\n材料我帮您看。"))
	pagetest.Picture(t, ctx, "desk-wide-mine")
	pagetest.Do(t, ctx, chromedp.Evaluate(`document.querySelector("#say").requestSubmit()`, nil))
	eventually(t, "the contact reads it", func() bool {
		return strings.Contains(contact.get("/").body, "材料我帮您看。")
	})
	says(t, ctx, `.line[data-from="staff"]`, "已发送")
	pagetest.Picture(t, ctx, "desk-wide-replied")
	idOf(t, contact.json("/chat/messages", `{"text":"谢谢","client_id":"c"}`))
	says(t, ctx, "#lines", "谢谢")
	pagetest.Do(t, ctx, emulation.SetDeviceMetricsOverride(phone.Width, phone.Height, phone.Scale, true))
	pagetest.Picture(t, ctx, "desk-phone-mine")
	assert.LessOrEqual(t, evaluate[int](t, ctx, `document.documentElement.scrollWidth`), 390)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk?tab=staff"), chromedp.WaitVisible("#queue"))
	pagetest.Picture(t, ctx, "desk-phone-queue")
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
	ctx := chromium.Tab(t, wide)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk"), chromedp.WaitVisible("#name"),
		chromedp.SendKeys("#name", "李敏"), chromedp.SendKeys("#password", password+kb.Enter),
		chromedp.WaitVisible("#queue"))
	says(t, ctx, "#queue li:first-child .urgent", "想不开")
	assert.Equal(t, []string{"想不开，找人工", "三等功补多少，转人工", "转学找人工"}, evaluate[[]string](t, ctx,
		`Array.from(document.querySelectorAll(".preview"), (p) => p.textContent)`))

	for _, words := range []string{"想不开", "三等功"} {
		pagetest.Do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("n"), chromedp.WaitVisible("#takeover"))
		says(t, ctx, "#lines", words)
		pagetest.Do(t, ctx, chromedp.KeyEvent("t"), chromedp.WaitVisible("#text"))
		eventually(t, "the text is ready to be typed into", func() bool {
			return evaluate[string](t, ctx, `document.activeElement.id`) == "text"
		})
		pagetest.Do(t, ctx, chromedp.KeyEvent("bE我在"), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
		says(t, ctx, `.line[data-from="staff"]`, "bE我在")
		eventually(t, "the reply was taken and the text has the keys again", func() bool {
			return evaluate[bool](t, ctx, `!document.querySelector("#say button").disabled`)
		})
	}
	pagetest.Do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("b"), chromedp.KeyEvent("E"))
	says(t, ctx, ".charge", "已结束")

	idOf(t, contacts["想不开，找人工"].json("/chat/messages", `{"text":"还在吗","client_id":"b"}`))
	says(t, ctx, `#tabs a:nth-child(2) .count`, "1")
	assert.Contains(t, evaluate[string](t, ctx, `document.title`), "(2)", "one waits, one is to be answered")
	pagetest.Do(t, ctx, chromedp.KeyEvent("2"))
	says(t, ctx, "#queue .unanswered", "等您回复")
	pagetest.Do(t, ctx, pagetest.Click("#keys-switch"), chromedp.KeyEvent("1"), chromedp.KeyEvent("n"))
	says(t, ctx, "#keys-switch", "关")
	assert.Equal(t, "人工", evaluate[string](t, ctx,
		`document.querySelector("#tabs [aria-current]").firstChild.textContent.trim()`))
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
	ctx := chromium.Tab(t, wide)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk/conversations/"+ids[0]), chromedp.WaitVisible("#name"),
		chromedp.SendKeys("#name", "李敏"), chromedp.SendKeys("#password", password+kb.Enter),
		pagetest.Click("#takeover button"), chromedp.WaitVisible("#text"), chromedp.SendKeys("#text", "三等功按"),
		chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("n"), chromedp.WaitVisible("#takeover"),
		chromedp.KeyEvent("2"))
	says(t, ctx, "#queue", "三等功")
	assert.Contains(t, evaluate[string](t, ctx,
		`getComputedStyle(document.querySelector(".item[data-draft] .preview"), "::before").content`), "没发出的回复")

	// The session ends elsewhere; after signing in again the words stand there.
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk/conversations/"+ids[0]), chromedp.WaitVisible("#text"),
		pagetest.Click(".me summary"), pagetest.Click(`form[action="/desk/signout"] button`),
		chromedp.WaitVisible("#name"), chromedp.Navigate(r.url+"/desk/conversations/"+ids[0]), chromedp.WaitVisible("#name"),
		chromedp.SendKeys("#name", "李敏"), chromedp.SendKeys("#password", password+kb.Enter),
		chromedp.WaitVisible("#text"))
	assert.Equal(t, "三等功按", evaluate[string](t, ctx, `document.getElementById("text").value`))
	pagetest.Do(t, ctx, chromedp.SendKeys("#text", "规定。"), pagetest.Click("#say .strong"))
	says(t, ctx, `.line[data-from="staff"]`, "三等功按规定。")
	pagetest.Do(t, ctx, chromedp.Reload(), chromedp.WaitVisible("#text"))
	assert.Empty(t, evaluate[string](t, ctx, `document.getElementById("text").value`))
}
