package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// finding is a fault of settings that were readable one by one.
type finding struct {
	path, words string
	// at is the setting whose place is told: path itself, or the one that calls for what is missing.
	at string
}

func wrong(path, format string, args ...any) finding {
	return finding{path, fmt.Sprintf(format, args...), path}
}

// check looks at what settings mean together.
func (c *Config) check() []finding {
	var f []finding
	if _, port, err := net.SplitHostPort(c.Listen); err != nil || !isPort(port) {
		f = append(f, wrong("listen", "“%s”应写成 地址:端口，如 127.0.0.1:8080", c.Listen))
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			f = append(f, wrong("public_url", "应当是以 http:// 或 https:// 开头的网址"))
		}
	}
	if why := databaseFault(c.DatabaseURL.Reveal()); why != "" {
		f = append(f, wrong("database.url", "%s", why))
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		f = append(f, wrong("log.format", "应当是 text 或 json"))
	}
	for _, p := range c.TrustedProxies {
		if _, err := netip.ParsePrefix(p); err != nil {
			f = append(f, wrong("trusted_proxies", "“%s”应写成网段，如 10.0.0.0/8", p))
		}
	}
	for _, more := range [][]finding{
		c.WeCom.check(), c.WeChat.check(), c.MiniProgram.check(), c.LLM.check("llm"), c.Embeddings.check("embeddings"),
		c.Speech.check("speech"),
	} {
		f = append(f, more...)
	}
	return f
}

// databaseFault never repeats the address, which holds a password.
func databaseFault(address string) string {
	if address == "" {
		return ""
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "网址的写法不对；密码里的特殊字符要写成 %40 这样的形式"
	case u.Scheme != "postgres" && u.Scheme != "postgresql":
		return "只支持 postgres://…；用 SQLite 请留空"
	case u.Port() != "" && !isPort(u.Port()):
		return "端口不对"
	}
	return ""
}

func isPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 0 && n <= 65535
}

func (w WeCom) check() []finding {
	const called = "wecom.corp_id"
	if w.CorpID == "" {
		return nil
	}
	var f []finding
	if w.AgentID == 0 {
		f = append(f, finding{"wecom.agent_id", "接入企业微信需要填写", called})
	}
	return append(f, credentials("wecom", called, w.Secret, w.Token, w.AESKey)...)
}

func (w WeChat) check() []finding {
	const called = "wechat.app_id"
	if w.AppID == "" {
		return nil
	}
	var f []finding
	if w.Mode != Encrypted && w.Mode != Plain {
		f = append(f, wrong("wechat.mode", "应当是 encrypted 或 plain"))
	}
	return append(f, credentials("wechat", called, w.Secret, w.Token, w.AESKey)...)
}

// longestTitle is the most bytes of a mini-program's title that the platforms show.
const longestTitle = 64

func (m MiniProgram) check() []finding {
	const called = "miniprogram.app_id"
	if m.AppID == "" {
		return nil
	}
	var f []finding
	if !strings.HasSuffix(m.Path, ".html") {
		f = append(f, finding{"miniprogram.path", "填了 AppID 就要填以 .html 结尾的页面", called})
	}
	if m.Title == "" || len(m.Title) > longestTitle {
		f = append(f, finding{"miniprogram.title", "填了 AppID 就要填名字，最多 20 个汉字", called})
	}
	return f
}

// check wants the name of the model: answers are marked with it, and vectors are kept under it.
func (e Endpoint) check(group string) []finding {
	if !e.On() || e.Model != "" {
		return nil
	}
	return []finding{{group + ".model", "填了网址就需要填写模型名称", group + ".base_url"}}
}

// credentials are what every channel needs once the setting called is there.
func credentials(group, called string, keys ...Secret) []finding {
	var f []finding
	for i, name := range []string{"secret", "token"} {
		if keys[i].Empty() {
			f = append(f, finding{group + "." + name, "需要填写", called})
		}
	}
	if aes := keys[2]; aes.Empty() {
		f = append(f, finding{group + ".aes_key", "需要填写", called})
	} else if len(aes.Reveal()) != 43 {
		f = append(f, wrong(group+".aes_key", "应当正好 43 个字符"))
	}
	return f
}
