package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"rongjun/bot/channel/wechat/wechattest"
	"rongjun/config"
)

// newOfficialPatient is a running program with an official account, a platform of its own and a reverse
// proxy before it.
func newOfficialPatient(t *testing.T, cfg wechattest.Config, serving func(*config.Config)) (*patient, *wechattest.Server) {
	t.Helper()
	srv := wechattest.New(cfg)
	srv.Start()
	t.Cleanup(srv.Close)
	s := settings(t, onAccount(srv))
	if serving != nil {
		serving(&s)
	}
	program, _ := running(t, s)
	p := &patient{t: t, s: s}
	p.s.Sample = config.Automatic
	p.s.Listen = program.listener.Addr().String()
	p.s.PublicURL = p.proxy(program.URL()).URL
	return p, srv
}

func TestTheDoctorFindsEachFaultOfAnOfficialAccount(t *testing.T) {
	t.Parallel()
	const token, send = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send"
	code := func(path string, n int) func(*patient, *wechattest.Server) {
		return func(_ *patient, srv *wechattest.Server) { srv.Fault(path, wechattest.Fault{Code: n}) }
	}
	for name, c := range map[string]struct {
		cfg     wechattest.Config
		serving func(*config.Config)
		plant   func(*patient, *wechattest.Server)
		finds   string
		says    string
		warns   bool
	}{
		"all is well":       {},
		"address not known": {plant: code(token, 40164), finds: "wechat_ip", says: "40164"},
		"wrong secret": {
			plant: func(p *patient, _ *wechattest.Server) {
				p.s.WeChat.Secret = config.NewSecret(strings.Repeat("0", 32))
			},
			finds: "wechat_secret", says: "40001",
		},
		"secret of another form": {
			plant: func(p *patient, _ *wechattest.Server) { p.s.WeChat.Secret = config.NewSecret("short") },
			finds: "wechat_secret", says: "40125",
		},
		"secret frozen": {plant: code(token, 40243), finds: "wechat_secret", says: "冻结"},
		"wrong app id":  {plant: code(token, 40013), finds: "wechat_app_id", says: "40013"},
		"platform out of reach": {
			plant: func(p *patient, _ *wechattest.Server) { p.s.WeChat.APIBase = "http://127.0.0.1:1" },
			finds: "wechat_platform", says: "连不上",
		},
		"no customer-service API": {
			cfg: wechattest.Config{NoCustomerService: true}, finds: "wechat_service", says: "wechat.passive",
		},
		"no such API, and answered passively": {
			cfg:     wechattest.Config{NoCustomerService: true},
			serving: func(s *config.Config) { s.WeChat.Passive = config.Yes },
		},
		"passive without need": {
			serving: func(s *config.Config) { s.WeChat.Passive = config.Yes },
			finds:   "wechat_service", says: "去掉 wechat.passive", warns: true,
		},
		"API blocked": {plant: code(send, 48004), finds: "wechat_other", says: "48004"},
		"another token": {
			plant: func(p *patient, _ *wechattest.Server) { p.s.WeChat.Token = config.NewSecret("another") },
			finds: "wechat_callback", says: "wechat.token",
		},
		"another key": {
			plant: func(p *patient, _ *wechattest.Server) {
				p.s.WeChat.AESKey = config.NewSecret(strings.Repeat("abcdefg", 6) + "A")
			},
			finds: "wechat_mode", says: "EncodingAESKey",
		},
		"program in the plain mode": {
			serving: func(s *config.Config) { s.WeChat.Mode = config.Plain },
			plant:   func(p *patient, _ *wechattest.Server) { p.s.WeChat.Mode = config.Encrypted },
			finds:   "wechat_mode", says: "没有加密的消息也被收下了",
		},
		"plain mode": {
			cfg: wechattest.Config{Plain: true}, finds: "wechat_mode", says: "明文模式", warns: true,
		},
		"proxy that does not know the callback": {
			plant: func(p *patient, _ *wechattest.Server) { answersWith(http.StatusNotFound, "")(p) },
			finds: "wechat_callback", says: "404",
		},
		"proxy that refuses posts": {
			plant: func(p *patient, _ *wechattest.Server) {
				answersWith(http.StatusBadGateway, http.MethodPost)(p)
			},
			finds: "wechat_mode", says: "502",
		},
		"clock wrong": {
			plant: func(p *patient, _ *wechattest.Server) { p.off = 20 * time.Minute },
			finds: "wechat_clock", says: "20m",
		},
		"no public address": {
			plant: func(p *patient, _ *wechattest.Server) { p.s.PublicURL = "" },
			finds: "public_url", says: "没有设置",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, srv := newOfficialPatient(t, c.cfg, c.serving)
			if c.plant != nil {
				c.plant(p, srv)
			}
			report := p.examined()
			var found []string
			for _, one := range report.Checks {
				if one.Name == "public_url" && one.Result == worthALook {
					continue // the address of a test is on this machine
				}
				if one.Result == faultFound || one.Result == worthALook {
					found = append(found, one.Name)
					assert.Equal(t, c.warns, one.Result == worthALook, one.Name)
					assert.Contains(t, one.Found+one.Do, c.says)
					assert.NotEmpty(t, one.Do)
				}
			}
			var want []string
			if c.finds != "" {
				want = []string{c.finds}
			}
			assert.Equal(t, want, found, report.text())
			for _, secret := range []string{srv.Config().Secret, srv.Config().Token, srv.Config().AESKey} {
				assert.NotContains(t, report.text(), secret)
			}
		})
	}
}
