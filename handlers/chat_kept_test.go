package handlers_test

import (
	"context"
	"strings"
	"testing"

	permissions "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/handlers/pagetest"
)

func TestWhatWasTypedOrNotAcceptedOutlivesThePage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, phone)
	r.inbox.fail(errDisk)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "还在吗"+kb.Enter))
	says(t, ctx, ".fate", "正在重发")
	pagetest.Do(t, ctx, chromedp.SendKeys("#text", "写到一半"), chromedp.Reload(), chromedp.WaitVisible("#text"))
	says(t, ctx, `.line[data-from="contact"]`, "还在吗")
	assert.Equal(t, "写到一半", evaluate[string](t, ctx, `document.getElementById("text").value`))
	r.inbox.fail(nil)
	pagetest.Do(t, ctx, chromedp.Reload())
	says(t, ctx, `.line[data-from="bot"]`, "智能助手")
	pagetest.Do(t, ctx, chromedp.Reload(), chromedp.WaitVisible("#text"))
	assert.Equal(t, 2, evaluate[int](t, ctx, `document.querySelectorAll(".line").length`))
	messages, err := r.store.Messages(t.Context(), r.only().ID, 0, 10)
	require.NoError(t, err)
	assert.Len(t, messages, 2, "one question, one answer")
}

func TestWhatWasSentWithoutANetGoesOutWhenItIsBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, phone)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"), network.Enable(),
		network.EmulateNetworkConditions(true, 0, -1, -1),
		chromedp.SendKeys("#text", "还在吗"+kb.Enter))
	says(t, ctx, ".fate", "正在重发")
	pagetest.Do(t, ctx, network.EmulateNetworkConditions(false, 0, -1, -1))
	says(t, ctx, `.line[data-from="bot"]`, "智能助手")
}

func TestWhatIsRefusedComesBackToBeChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, phone)
	r.inbox.fail(bot.ErrInvalid)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SendKeys("#text", "这样不行"+kb.Enter))
	says(t, ctx, ".fate", "格式不对")
	assert.Equal(t, "这样不行", evaluate[string](t, ctx, `document.getElementById("text").value`))
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), emulation.SetScriptExecutionDisabled(true),
		chromedp.Reload(), chromedp.SendKeys("#text", "这样也不行"), pagetest.Click(".send"))
	says(t, ctx, ".notice", "格式不对")
	assert.Equal(t, "这样也不行", evaluate[string](t, ctx, `document.getElementById("text").value`))
}

func TestAMessageAsLongAsItCanBeSaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, phone)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"),
		chromedp.SetValue("#text", strings.Repeat("长", 3999)), chromedp.SendKeys("#text", "长"))
	says(t, ctx, "#full", "一条最多写 4000 个字")
}

func TestThePapersToBringAreAListToCopyAndToPrint(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := chromium.Tab(t, phone)
	pagetest.Do(t, ctx, mayUseClipboard(), chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"), chromedp.SendKeys("#text", "怎么领"+kb.Enter))
	const papers = `Array.from(document.querySelectorAll(".papers li"), (p) => p.textContent)`
	says(t, ctx, ".carry", "复制")
	assert.Equal(t, []string{"退役证", "身份证", "本人银行卡"}, evaluate[[]string](t, ctx, papers))
	pagetest.Do(t, ctx, chromedp.Reload(), chromedp.WaitVisible(".carry button"))
	assert.Equal(t, []string{"退役证", "身份证", "本人银行卡"}, evaluate[[]string](t, ctx, papers))
	pagetest.Do(t, ctx, pagetest.Click(".carry button"))
	says(t, ctx, ".carry", "已复制")
	var copied string
	pagetest.Do(t, ctx, chromedp.Evaluate(`navigator.clipboard.readText()`, &copied,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	assert.Contains(t, copied, "要带：\n□ 退役证\n□ 身份证\n□ 本人银行卡\n到哪里办：")
	assert.Contains(t, copied, "依据：《退役军人安置条例》第四十三条 2024年9月1日起施行")
	pagetest.Do(t, ctx, emulation.SetEmulatedMedia().WithMedia("print"))
	assert.False(t, evaluate[bool](t, ctx, `document.querySelector(".bottom").checkVisibility()`))
	assert.True(t, evaluate[bool](t, ctx, `document.querySelector(".papers").checkVisibility()`))
}

// mayUseClipboard lets the page of a tab read and write the clipboard.
func mayUseClipboard() chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		tab, err := target.GetTargetInfo().Do(ctx)
		if err != nil {
			return err
		}
		browser := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		return permissions.GrantPermissions([]permissions.PermissionType{
			permissions.PermissionTypeClipboardReadWrite, permissions.PermissionTypeClipboardSanitizedWrite,
		}).WithBrowserContextID(tab.BrowserContextID).Do(browser)
	})
}
