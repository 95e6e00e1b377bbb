package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	api "rongjun/bot/channel/platform"
	"rongjun/bot/channel/wecom"
	"rongjun/config"
)

type doctorCommand struct {
	SendTo  string `name:"send-to" help:"另外给这位测试客户（external_userid）发一条消息；不写就只看不动。" placeholder:"ID"`
	Account string `help:"用哪个客服账号（open_kfid）发；不写就用第一个由接口管理的。" placeholder:"ID"`
}

// Run checks the set-up before going live and explains what is missing. It changes nothing unless a
// test contact is named. Exit 0: no fault, though there may be warnings.
func (d doctorCommand) Run(ctx context.Context, c *commands, w world) error {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	x, err := newExamination(s, d, time.Now)
	if err != nil {
		return err
	}
	report := x.examine(ctx)
	if c.JSON {
		err = writeJSON(w.out, report)
	} else {
		_, err = io.WriteString(w.out, report.text())
	}
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if n := report.count(faultFound); n > 0 {
		words := fmt.Sprintf("有 %d 项要先解决，见上面标着“✗”的。", n)
		return &told{words, fmt.Errorf("%d checks at fault", n)}
	}
	return nil
}

// examination is one run of the doctor: what it was asked, and what it has gathered so far.
type examination struct {
	s    config.Config
	ask  doctorCommand
	now  func() time.Time
	site *http.Client
	// channel is nil while WeCom is not set up.
	channel *wecom.Channel
	inspect wecom.Inspector
	heard   *eavesdropper
	// official is nil while no official account is set up.
	official *official

	// What the platform said; see gather.
	unreached            error
	refusals             []*api.Error
	app                  string
	accounts             []wecom.InspectedAccount
	seats                []seat
	tokenGot, accountsOK bool

	// What the callback address answered; see knock.
	plain, plus, posted knocked
}

// siteTimeout bounds one request to our own address; the platform waits five seconds.
const siteTimeout = 6 * time.Second

func newExamination(s config.Config, ask doctorCommand, now func() time.Time) (*examination, error) {
	x := &examination{
		s: s, ask: ask, now: now,
		site: &http.Client{
			Timeout: siteTimeout, Transport: http.DefaultTransport.(*http.Transport).Clone(),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		heard: &eavesdropper{next: http.DefaultTransport.(*http.Transport).Clone(), now: now},
	}
	var err error
	if x.official, err = openOfficial(s, now); err != nil {
		return nil, err
	}
	if s.WeCom.CorpID == "" {
		return x, nil
	}
	channel, err := wecom.New(wecom.Options{
		CorpID: s.WeCom.CorpID, AgentID: s.WeCom.AgentID, Secret: s.WeCom.Secret.Reveal(),
		Token: s.WeCom.Token.Reveal(), AESKey: s.WeCom.AESKey.Reveal(), APIBase: s.WeCom.APIBase,
		Now: now, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler), Transport: x.heard,
	})
	if err != nil {
		words := "wecom.aes_key 不正确：应当是企业微信后台给出的 43 个字符。"
		return nil, &told{words, fmt.Errorf("open wecom: %w", err)}
	}
	x.channel, x.inspect = channel, channel.Inspect()
	return x, nil
}

// examine gathers what there is to see and lets every check judge it, in the order of the table. A
// check whose ground another has found missing is skipped.
func (x *examination) examine(ctx context.Context) checkup {
	defer x.site.CloseIdleConnections()
	defer x.heard.next.CloseIdleConnections()
	if x.channel != nil {
		x.gather(ctx)
		x.knock(ctx)
	}
	if x.official != nil {
		defer x.official.heard.next.CloseIdleConnections()
		x.gatherOfficial(ctx)
	}
	var report checkup
	results := map[string]verdict{}
	for _, c := range inspections() {
		found := x.judge(ctx, c, results)
		results[c.name] = found.verdict
		if found.page == "" && found.verdict != allFine {
			found.page = c.page
		}
		report.Checks = append(report.Checks, checked{
			Name: c.name, Title: c.title, Looks: c.looks, Result: found.verdict,
			Found: found.found, Do: found.do, Page: found.page,
		})
	}
	return report
}

func (x *examination) judge(ctx context.Context, c inspection, before map[string]verdict) outcome {
	if x.channel == nil && c.needsWeCom {
		return outcome{verdict: notLooked, found: "没有接入企业微信（wecom.corp_id 没有设置）"}
	}
	if x.official == nil && c.needsWeChat {
		return outcome{verdict: notLooked, found: "没有接入公众号（wechat.app_id 没有设置）"}
	}
	for _, name := range c.after {
		if before[name] == faultFound || before[name] == notLooked {
			return outcome{verdict: notLooked, found: "先解决“" + titleOf(name) + "”"}
		}
	}
	return c.look(ctx, x)
}
