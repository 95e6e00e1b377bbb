package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/bot/staff"
	"rongjun/handlers/pagetest"
	"rongjun/knowledge"
)

// signInEditor brings the tab to the knowledge pages as an editor.
func (p *Program) signInEditor(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	require.NoError(t, p.accounts.Add(t.Context(), staff.NewMember{
		Name: name, Role: staff.Editor, Password: deskPassword,
	}))
	pagetest.Do(t, ctx, chromedp.Navigate(p.URL()+"/desk"), chromedp.WaitVisible("#name"),
		chromedp.SendKeys("#name", name), chromedp.SendKeys("#password", deskPassword),
		pagetest.Click("button.button"), pagetest.Shows(".me", name))
}

// awaitAnswer waits until the program's answer to the question holds the words, or no longer does: an
// edition is made in the background after it was published.
func (p *Program) awaitAnswer(t *testing.T, question, words string, holds bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		got, err := p.answerer.Answer(t.Context(), turnOf(question, knowledge.Date{}))
		require.NoError(t, err)
		return strings.Contains(got.Reply.Text, words) == holds
	}, patience, 50*time.Millisecond)
}

func TestWhatAnEditorWritesIsAnsweredOnceASecondApprovesAndGoneOnceWithdrawn(t *testing.T) {
	t.Parallel()
	const entry, question = "placement-deadline", "报到后多久能安排上工作？"
	const words = "从安置地接收那天算起，应当在6个月内安排好工作。"
	srv := platform(t, wecomtest.Config{})
	p, _ := running(t, settings(t, onPlatform(srv)))
	srv.SetCallback(p.URL() + "/callback/wecom")
	li := &customer{Customer: srv.Customer("li"), t: t}
	li.Say(testAccount, question)
	li.hear("第三十一条")

	wang, zhao := chromium.Tab(t, wide), chromium.Tab(t, wide)
	p.signInEditor(t, wang, "wang")
	p.signInEditor(t, zhao, "zhao")
	pagetest.Do(t, wang, chromedp.Navigate(p.URL()+"/desk/knowledge/entry?id="+entry),
		chromedp.WaitVisible("#f-short"), chromedp.SetValue("#f-short", words),
		pagetest.Click("form.sheet button.strong"), pagetest.Shows(".done", "草稿已保存"))
	p.awaitAnswer(t, question, words, false)

	pagetest.Do(t, zhao, chromedp.Navigate(p.URL()+"/desk/knowledge?text=安排工作"), pagetest.Shows(".catalogue .mark", "有草稿待批"))
	pagetest.Picture(t, zhao, "knowledge-list")
	pagetest.Do(t, zhao, chromedp.Navigate(p.URL()+"/desk/knowledge/drafts"), pagetest.Shows("main a", "安排上工作"),
		pagetest.Click(`main a[href*="/revisions/"]`), pagetest.Shows(".changes ins", "那天算起"))
	pagetest.Picture(t, zhao, "knowledge-changes")
	pagetest.Do(t, zhao, pagetest.Click(`a[href*="hits?draft="]`), chromedp.WaitVisible("#question"),
		chromedp.SetValue("#question", question), pagetest.Click("form.sheet button.strong"),
		pagetest.Shows(".reply", words), chromedp.Evaluate(`scrollTo(0, 0);
			document.querySelector(".half").scrollTop = 0`, nil))
	pagetest.Picture(t, zhao, "knowledge-hits")
	p.awaitAnswer(t, question, words, false)
	pagetest.Do(t, zhao, pagetest.Click(`.info a[href*="/revisions/"]`), pagetest.Shows(".changes ins", "那天算起"),
		pagetest.Click(`form[action$="/approve"] button`), pagetest.Shows(".done", "已发布"))
	p.awaitAnswer(t, question, words, true)
	li.Say(testAccount, question)
	li.hear(words)

	pagetest.Do(t, wang, chromedp.Navigate(p.URL()+"/desk/knowledge/entry?id="+entry),
		chromedp.SendKeys(`form[action$="/withdraw"] input:not([type=hidden])`, "试过了"),
		pagetest.Click(`form[action$="/withdraw"] button`), pagetest.Shows(".done", "已下架"))
	p.awaitAnswer(t, question, words, false)
}
