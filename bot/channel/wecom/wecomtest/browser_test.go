package wecomtest_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/handlers/pagetest"
)

// chromium shows the pages to all tests of this package, on a phone or a desk.
var (
	chromium pagetest.Browser
	phone    = pagetest.Size{Name: "phone", Width: 390, Height: 844, Scale: 1}
	wide     = pagetest.Size{Name: "wide", Width: 1440, Height: 900, Scale: 1}
)

func TestAPersonCanTalkOnThePhone(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	srv, web := simulator(t)
	ctx := chromium.Tab(t, phone) // after the servers, so that it leaves them before they close
	c := newCaller(t, srv)
	li := srv.Customer("wmSimulator_1")
	var bubbles, title, left string
	pagetest.Do(t, ctx,
		chromedp.Navigate(web.URL+"/phone/"),
		chromedp.Text(".mark", &title),
		chromedp.SendKeys("#text", "优待证怎么办？\r"),
		chromedp.WaitVisible(".row.mine .bubble"),
	)
	assert.Contains(t, title, "模拟器")
	assert.Equal(t, "enter_session", c.events("")[0]["event_type"], "the page enters the chat")
	assert.Zero(t, c.text("wmSimulator_1", "a", "带身份证 <img src=x onerror=alert(1)>").code())
	assert.Zero(t, c.post("/cgi-bin/kf/send_msg", map[string]any{
		"touser": "wmSimulator_1", "open_kfid": kf, "msgtype": "msgmenu",
		"msgmenu": wecomtest.Menu{Head: "还想问", Items: []wecomtest.MenuItem{
			{Type: "click", Click: &wecomtest.MenuClick{ID: "m_1", Content: "在哪里办"}},
		}},
	}).code())
	pagetest.Do(t, ctx,
		chromedp.WaitVisible(".menu button"),
		chromedp.Text("#left", &left, chromedp.AtLeast(0)),
		pagetest.Click(".menu button"),
		chromedp.WaitVisible(`//*[@id="log"]/div[4]//*[text()="在哪里办"]`, chromedp.BySearch),
		chromedp.Text("#log", &bubbles),
	)
	assert.Contains(t, bubbles, "带身份证 <img src=x onerror=alert(1)>")
	assert.Contains(t, bubbles, "还想问")
	assert.Contains(t, left, "3 条")
	messages, _ := c.pull("")
	assert.Equal(t, map[string]any{"content": "在哪里办", "menu_id": "m_1"},
		messages[len(messages)-1]["text"])
	assert.Len(t, li.Received(), 2)
}
