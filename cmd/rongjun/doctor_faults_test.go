package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"rongjun/bot/channel/wecom/wecomtest"
	"rongjun/config"
)

func TestTheDoctorFindsEachFaultAndNamesTheRightOne(t *testing.T) {
	t.Parallel()
	program := examinable(t)
	for name, c := range map[string]struct {
		plant func(*patient)
		finds string
		says  string
		warns bool
	}{
		"wrong secret": {
			plant: func(p *patient) { p.s.WeCom.Secret = config.NewSecret("another") },
			finds: "secret", says: "40001",
		},
		"wrong corp id": {
			plant: refuses("/cgi-bin/gettoken", 40013), finds: "corp_id", says: "40013",
		},
		"platform out of reach": {
			plant: func(p *patient) { p.s.WeCom.APIBase = "http://127.0.0.1:1" },
			finds: "platform", says: "连不上",
		},
		"address not trusted": {
			plant: refuses("/cgi-bin/kf/account/list", 60020), finds: "trusted_ip", says: "60020",
		},
		"another app's agent id": {
			plant: func(p *patient) { p.s.WeCom.AgentID++ }, finds: "agent", says: "AgentId",
		},
		"no right to call": {
			plant: refuses("/cgi-bin/kf/sync_msg", 48002), finds: "kf_access", says: "48002",
		},
		"app not among those of customer service": {
			plant: refuses("/cgi-bin/kf/account/list", 95023), finds: "kf_access", says: "95023",
		},
		"corporation not verified": {
			plant: refuses("/cgi-bin/kf/servicer/list", 95027), finds: "verified", says: "没有认证",
		},
		"called too often": {
			plant: refuses("/cgi-bin/kf/sync_msg", 45009), finds: "rate", says: "45009",
		},
		"no account": {
			plant: func(p *patient) {
				p.srv.Close()
				p.srv = wecomtest.New(wecomtest.Config{})
				p.srv.Start()
				p.t.Cleanup(p.srv.Close)
				p.s.WeCom.APIBase = p.srv.URL()
			},
			finds: "accounts", says: "还没有客服账号",
		},
		"account not under the API": {
			plant: func(p *patient) { p.srv.SetManaged(testAccount, false) },
			finds: "managed", says: "95018",
		},
		"one of two accounts not under the API": {
			plant: func(p *patient) {
				p.srv.AddAccount("wkOther", "另一个")
				p.srv.SetManaged("wkOther", false)
			},
			finds: "managed", says: "另一个", warns: true,
		},
		"receptionist outside the visible range": {
			plant: func(p *patient) { p.srv.Hide("zhang") }, finds: "visible_range", says: "zhang",
		},
		"refused for the visible range": {
			plant: refuses("/cgi-bin/kf/servicer/list", 60030), finds: "visible_range", says: "60030",
		},
		"receptionist not activated": {
			plant: func(p *patient) { p.staff.Deactivate(testAccount) }, finds: "activated", says: "zhang",
		},
		"nobody receiving": {
			plant: func(p *patient) { p.staff.Receive(testAccount, false) },
			finds: "on_duty", says: "没有人在接待", warns: true,
		},
		"clock wrong": {
			plant: func(p *patient) { p.off = 20 * time.Minute }, finds: "clock", says: "20m",
		},
		"no public address": {
			plant: func(p *patient) { p.s.PublicURL = "" }, finds: "public_url", says: "没有设置",
		},
		"program not running": {
			plant: func(p *patient) { p.s.Listen = "127.0.0.1:1" }, finds: "running", says: "没有程序",
		},
		"nobody at the public address": {
			plant: func(p *patient) { p.s.PublicURL = "http://127.0.0.1:1" },
			finds: "callback_reachable", says: "连不上",
		},
		"name that is nobody's": {
			plant: func(p *patient) { p.s.PublicURL = "http://rongjun.invalid" },
			finds: "callback_reachable", says: "解析不到",
		},
		"proxy that does not know the callback": {
			plant: answersWith(http.StatusNotFound, ""), finds: "callback_reachable", says: "404",
		},
		"proxy with nobody behind": {
			plant: answersWith(http.StatusBadGateway, ""), finds: "callback_reachable", says: "502",
		},
		"proxy that redirects": {
			plant: answersWith(http.StatusMovedPermanently, ""), finds: "callback_reachable", says: "301",
		},
		"certificate of our own making": {
			plant: func(p *patient) {
				server := httptest.NewUnstartedServer(http.NotFoundHandler())
				server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
				server.StartTLS()
				p.t.Cleanup(server.Close)
				p.s.PublicURL = server.URL
			},
			finds: "certificate", says: "签发机构",
		},
		"another token": {
			plant: func(p *patient) { p.s.WeCom.Token = config.NewSecret("another") },
			finds: "callback_key", says: "Token",
		},
		"another key": {
			plant: func(p *patient) { p.s.WeCom.AESKey = config.NewSecret(strings.Repeat("abcdefg", 6) + "A") },
			finds: "callback_key", says: "EncodingAESKey",
		},
		"proxy that decodes twice": {
			plant: func(p *patient) {
				p.before = func(_ http.ResponseWriter, r *http.Request) bool {
					r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "%2B", "+")
					return false
				}
			},
			finds: "callback_plus", says: "加号",
		},
		"proxy that adds to answers": {
			plant: func(p *patient) {
				p.after = func(r *http.Response) error {
					if r.StatusCode != http.StatusOK || r.Request.Method != http.MethodGet ||
						r.Request.URL.Query().Get("echostr") == "" {
						return nil
					}
					text, err := io.ReadAll(r.Body)
					r.Body = io.NopCloser(strings.NewReader(string(text) + "\n"))
					r.ContentLength = -1
					r.Header.Del("Content-Length")
					return err
				}
			},
			finds: "callback_answer", says: "被改过",
		},
		"proxy that refuses posts": {
			plant: answersWith(http.StatusForbidden, http.MethodPost), finds: "callback_post", says: "403",
		},
		"proxy that takes its time": {
			plant: func(p *patient) {
				p.before = func(_ http.ResponseWriter, r *http.Request) bool {
					if r.URL.Query().Get("echostr") != "" {
						time.Sleep(1050 * time.Millisecond) // longer than the platform waits
					}
					return false
				}
			},
			finds: "callback_time", says: "只等 1 秒",
		},
		"proof of domain not served": {
			plant: func(p *patient) {
				p.before = func(w http.ResponseWriter, r *http.Request) bool {
					hidden := strings.HasPrefix(r.URL.Path, "/WW_verify_")
					if hidden {
						http.NotFound(w, r)
					}
					return hidden
				}
			},
			finds: "proof", says: "WW_verify_a1.txt",
		},
		"sample city left on": {
			plant: func(p *patient) { p.s.Sample = config.Yes }, finds: "sample", says: "样例市", warns: true,
		},
		"a refusal that has no check of its own": {
			plant: refuses("/cgi-bin/kf/servicer/list", 95000), finds: "other", says: "95000",
		},
		"test contact who has not written": {
			plant: func(p *patient) { p.srv.Customer("li"); p.ask.SendTo = "li" },
			finds: "send", says: "先给客服发一句话",
		},
		"test contact with a receptionist": {
			plant: func(p *patient) {
				li := p.srv.Customer("li")
				li.Say(testAccount, "在吗")
				p.staff.PickUp(testAccount, li)
				p.ask.SendTo = "li"
			},
			finds: "send", says: "95018",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t, program)
			c.plant(p)
			report := p.examined()
			want := faultFound
			if c.warns {
				want = worthALook
			}
			var found []string
			for _, one := range report.Checks {
				// The address of a test is on this machine, which is worth a look everywhere.
				if one.Name == "public_url" && one.Result == worthALook {
					continue
				}
				if one.Result == faultFound || one.Result == worthALook && c.warns {
					found = append(found, one.Name)
				}
				if one.Name == c.finds {
					assert.Equal(t, want, one.Result, one.Found)
					assert.Contains(t, one.Found+one.Do, c.says)
					assert.NotEmpty(t, one.Do, "what to do is said")
				}
			}
			assert.Equal(t, []string{c.finds}, found, report.text())
		})
	}
}
