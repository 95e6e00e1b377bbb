package handlers_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/handlers/pagetest"
)

// legible is how large letters and what is tapped must be, in pixels of the page.
type legible struct{ letters, targets int }

var (
	// forOldEyes is what the contact's page keeps to, whatever shows it.
	forOldEyes = legible{letters: 18, targets: 44}
	// forThumbs and forAMouse are what the pages of staff keep to.
	forThumbs = legible{letters: 15, targets: 44}
	forAMouse = legible{letters: 14, targets: 24}
)

// faults finds on a page what is too small to be read or hit, what stands out less than 7 to 1 from
// what is behind it (WCAG AAA), and what a screen reader could not name. A link within a sentence is
// as high as its line, and a box to tick is hit by its label.
const faults = `((letters, targets) => {
	const light = (rgb) => rgb.map((v) => v / 255)
		.map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const parse = (c) => c.match(/[\d.]+/g).map(Number);
	const known = new Map();
	const behind = (e) => {
		if (!e) return [255, 255, 255];
		if (!known.has(e)) {
			const [r, g, b, a = 1] = parse(getComputedStyle(e).backgroundColor);
			known.set(e, a === 1 ? [r, g, b] :
				behind(e.parentElement).map((under, i) => [r, g, b][i] * a + under * (1 - a)));
		}
		return known.get(e);
	};
	const named = (e) => e.getAttribute("aria-label") || e.innerText.trim() || e.querySelector("img[alt]")
		|| Array.from(e.labels || []).some((l) => l.textContent.trim());
	const found = [];
	for (const e of document.querySelectorAll("body *")) {
		const box = e.getBoundingClientRect();
		const style = getComputedStyle(e);
		if (!e.checkVisibility() || !box.width || !box.height || e.closest(".skip, .hidden")) continue;
		const name = e.tagName + "#" + (e.id || e.name) + "." + e.className + " " + e.textContent.trim().slice(0, 12);
		const control = e.matches("button, textarea, select, summary, a, input, video, audio");
		if (control && !e.matches("video, audio, summary") && !named(e)) found.push(name + " has no name");
		const size = Math.round(Math.min(box.width, box.height));
		const inline = style.display === "inline" || e.matches("[type=checkbox], [type=radio]");
		if (control && !inline && size < targets) found.push(name + " is " + size + " px");
		if (!Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
		const [a, b] = [light(parse(style.color).slice(0, 3)), light(behind(e))];
		const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (contrast < 7) found.push(name + " has contrast " + contrast.toFixed(1));
		if (parseFloat(style.fontSize) < letters) found.push(name + " is written in " + style.fontSize);
	}
	if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window");
	return found;
})(%d, %d)`

// holds looks at the page as it stands, by day and by night.
func (l legible) holds(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, scheme := range []string{"dark", "light"} {
		pagetest.Do(t, ctx, emulation.SetEmulatedMedia().WithFeatures(
			[]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
		at := evaluate[string](t, ctx, "location.pathname")
		assert.Empty(t, evaluate[[]string](t, ctx, fmt.Sprintf(faults, l.letters, l.targets)),
			"%s, %s", at, scheme)
	}
}

// peopled is a desk where somebody is in danger, somebody is being answered, and the knowledge has
// something of every kind; open is the conversation being answered.
func peopled(t *testing.T, r *rig) (pages []string) {
	t.Helper()
	draft := filled(t, r)
	for _, words := range []string{"想不开，找人工", "三等功补多少，转人工"} {
		b := r.browser()
		idOf(t, b.json("/chat/messages", `{"text":`+quote(words)+`,"client_id":"a"}`))
	}
	var waiting []bot.Conversation
	eventually(t, "both wait", func() bool {
		var err error
		waiting, err = r.store.Conversations(t.Context(), bot.StateQueued, 10)
		return err == nil && len(waiting) == 2
	})
	_, err := r.desk.Takeover(t.Context(), waiting[1].ID, "陈立")
	require.NoError(t, err)
	return []string{
		"/desk", "/desk?tab=staff",
		fmt.Sprintf("/desk/conversations/%d", waiting[0].ID), fmt.Sprintf("/desk/conversations/%d", waiting[1].ID),
		"/desk/password", "/desk/nowhere", "/desk/knowledge", lumpSum, "/desk/knowledge/entry",
		noticeAddress + url.QueryEscape("浙江省某办法"), draft, "/desk/knowledge/drafts",
		"/desk/knowledge/review", "/desk/knowledge/hits", "/desk/knowledge/import",
	}
}

func TestEveryPageOfStaffIsLegibleOnAPhoneAndOnADesk(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addStaff("陈立", staff.Administrator)
	pages := peopled(t, r)
	for _, with := range []struct {
		pagetest.Size
		legible
	}{{pagetest.Size{Name: "small phone", Width: 360, Height: 740, Scale: 2}, forThumbs}, {wide, forAMouse}} {
		t.Run(with.Name, func(t *testing.T) {
			t.Parallel()
			ctx := chromium.Tab(t, with.Size)
			pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/desk/signin"), chromedp.WaitVisible("#name"))
			with.holds(t, ctx)
			r.opens(t, ctx, "陈立", "/desk/knowledge")
			for _, page := range pages {
				pagetest.Do(t, ctx, chromedp.Navigate(r.url+page), chromedp.WaitReady("main"),
					chromedp.Evaluate(`for (const d of document.querySelectorAll("details")) d.open = true`, nil))
				with.holds(t, ctx)
			}
		})
	}
}

func TestTheWebChatIsLegibleAtEverySizeAndInEveryState(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, s := range []pagetest.Size{{Name: "small phone", Width: 360, Height: 740, Scale: 2}, {Name: "tablet", Width: 768, Height: 1024, Scale: 1}, wide} {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			ctx := chromium.Tab(t, s)
			pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"))
			forOldEyes.holds(t, ctx)
			pagetest.Do(t, ctx, chromedp.SendKeys("#text", "怎么领\r"))
			says(t, ctx, `.line[data-from="bot"] .sources`, "第四十三条")
			forOldEyes.holds(t, ctx)
			pagetest.Do(t, ctx, pagetest.Click(".human"))
			says(t, ctx, "#mode", "正在等工作人员")
			pagetest.Do(t, ctx, chromedp.Evaluate(`for (const id of ["offline", "thinking", "newer"]) {
				document.getElementById(id).hidden = false; }`, nil))
			forOldEyes.holds(t, ctx)
			pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/nowhere"), chromedp.WaitVisible("main"))
			forOldEyes.holds(t, ctx)
		})
	}
}

func TestAFailedSendingIsLegible(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.inbox.fail(errDisk)
	ctx := chromium.Tab(t, phone)
	pagetest.Do(t, ctx, emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(r.url+"/"),
		chromedp.SendKeys("#text", "怎么领"), pagetest.Click(".send"), chromedp.WaitVisible(".notice"))
	forOldEyes.holds(t, ctx)
}

// walked presses Tab until the focus comes round, and tells what was never reached and where the focus
// could not be seen.
func walked(t *testing.T, ctx context.Context) (unseen []string) {
	t.Helper()
	pagetest.Do(t, ctx, chromedp.Evaluate(`window.reached = new Set(); window.faint = [];
		document.activeElement.blur();
		document.addEventListener("focusin", ({target: e}) => {
			reached.add(e);
			if (parseFloat(getComputedStyle(e).outlineWidth) < 2) faint.push(e.outerHTML.slice(0, 80));
		})`, nil))
	controls := evaluate[int](t, ctx, `document.querySelectorAll("a, button, input, select, textarea, summary").length`)
	for range controls + 5 {
		pagetest.Do(t, ctx, chromedp.KeyEvent(kb.Tab))
	}
	return evaluate[[]string](t, ctx, `faint.concat(Array.from(
		document.querySelectorAll("a, button, input:not([type=radio]), select, textarea, summary"))
		.filter((e) => e.checkVisibility() && !e.disabled && !reached.has(e) && e.type !== "hidden")
		.map((e) => "never reached: " + e.outerHTML.slice(0, 80)))`)
}

func TestEveryControlIsReachedByTabAndSeenToBe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addStaff("陈立", staff.Administrator)
	pages := peopled(t, r)
	ctx := chromium.Tab(t, wide)
	pagetest.Do(t, ctx, chromedp.Navigate(r.url+"/"), chromedp.WaitVisible("#text"))
	assert.Empty(t, walked(t, ctx), "the web chat")
	r.opens(t, ctx, "陈立", "/desk/knowledge")
	for _, at := range []string{pages[1], pages[3], lumpSum, "/desk/knowledge/hits"} {
		pagetest.Do(t, ctx, chromedp.Navigate(r.url+at), chromedp.WaitVisible("main"))
		assert.Empty(t, walked(t, ctx), at)
	}
}
