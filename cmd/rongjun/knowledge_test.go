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
	"rongjun/knowledge"
)

// signInEditor brings the tab to the knowledge pages as an editor.
func (p *Program) signInEditor(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	require.NoError(t, p.accounts.Add(t.Context(), staff.NewMember{
		Name: name, Role: staff.Editor, Password: deskPassword,
	}))
	do(t, ctx, chromedp.Navigate(p.URL()+"/desk"), chromedp.WaitVisible("#name"),
		chromedp.SendKeys("#name", name), chromedp.SendKeys("#password", deskPassword),
		chromedp.Click("button.button"), shows(".me", name))
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

	wang, zhao := tab(t, 1440, 900), tab(t, 1440, 900)
	p.signInEditor(t, wang, "wang")
	p.signInEditor(t, zhao, "zhao")
	do(t, wang, chromedp.Navigate(p.URL()+"/desk/knowledge/entry?id="+entry),
		chromedp.WaitVisible("#f-short"), chromedp.SetValue("#f-short", words),
		chromedp.Click("form.sheet button.strong"), shows(".done", "草稿已保存"))
	p.awaitAnswer(t, question, words, false)

	do(t, zhao, chromedp.Navigate(p.URL()+"/desk/knowledge?text=安排工作"), shows(".catalogue .mark", "有草稿待批"))
	picture(t, zhao, "knowledge-list")
	do(t, zhao, chromedp.Navigate(p.URL()+"/desk/knowledge/drafts"), shows("main a", "安排上工作"),
		chromedp.Click(`main a[href*="/revisions/"]`), shows(".changes ins", "那天算起"))
	picture(t, zhao, "knowledge-changes")
	do(t, zhao, chromedp.Click(`a[href*="hits?draft="]`), chromedp.WaitVisible("#question"),
		chromedp.SetValue("#question", question), chromedp.Click("form.sheet button.strong"),
		shows(".reply", words), chromedp.Evaluate(`scrollTo(0, 0);
			document.querySelector(".half").scrollTop = 0`, nil))
	picture(t, zhao, "knowledge-hits")
	p.awaitAnswer(t, question, words, false)
	do(t, zhao, chromedp.Click(`.info a[href*="/revisions/"]`), shows(".changes ins", "那天算起"),
		chromedp.Click(`form[action$="/approve"] button`), shows(".done", "已发布"))
	p.awaitAnswer(t, question, words, true)
	li.Say(testAccount, question)
	li.hear(words)

	do(t, wang, chromedp.Navigate(p.URL()+"/desk/knowledge/entry?id="+entry),
		chromedp.SendKeys(`form[action$="/withdraw"] input:not([type=hidden])`, "试过了"),
		chromedp.Click(`form[action$="/withdraw"] button`), shows(".done", "已下架"))
	p.awaitAnswer(t, question, words, false)
}
