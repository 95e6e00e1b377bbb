package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Faults is everything that is wrong with the settings, a Chinese sentence each.
type Faults []string

// Error is all faults, a line each.
func (f Faults) Error() string { return strings.Join(f, "\n") }

// Load reads the settings. The file may be empty for none; lookup is os.LookupEnv or a test's own.
// The error, if any, is a Faults.
func Load(file string, lookup func(string) (string, bool)) (Config, error) {
	var c Config
	rows := c.Settings()
	var faults Faults
	for _, r := range rows {
		if why := r.value.set(r.Default); why != "" {
			return c, fmt.Errorf("default of %s: %s", r.Path, why)
		}
	}
	if file != "" {
		faults = append(faults, fromFile(file, rows)...)
	}
	for _, r := range rows {
		if s, ok := lookup(r.Environment()); ok {
			if why := r.value.set(s); why != "" {
				faults = append(faults, fmt.Sprintf("环境变量 %s：%s", r.Environment(), why))
			}
		}
	}
	faults = append(faults, c.check()...)
	if len(faults) > 0 {
		return c, faults
	}
	return c, nil
}

func fromFile(file string, rows []Setting) Faults {
	content, err := os.ReadFile(file)
	if err != nil {
		why := "读不了"
		if errors.Is(err, os.ErrNotExist) {
			why = "不存在"
		}
		return Faults{fmt.Sprintf("设置文件 %s %s", file, why)}
	}
	tree, err := parser.ParseBytes(content, 0)
	if err != nil {
		return Faults{fmt.Sprintf("设置文件 %s 不是合法的 YAML：%s", file, place(err))}
	}
	byPath := make(map[string]Setting, len(rows))
	for _, r := range rows {
		byPath[r.Path] = r
	}
	w := walker{file: file, rows: byPath, seen: make(map[string]bool)}
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			w.walk("", doc.Body)
		}
	}
	return w.faults
}

// place keeps the first line of a parser's message, which holds line and column.
func place(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}

// walker visits the settings of a file.
type walker struct {
	file   string
	rows   map[string]Setting
	seen   map[string]bool
	faults Faults
}

func (w *walker) fault(n ast.Node, format string, args ...any) {
	line := n.GetToken().Position.Line
	w.faults = append(w.faults,
		fmt.Sprintf("%s 第 %d 行：", w.file, line)+fmt.Sprintf(format, args...))
}

func (w *walker) walk(path string, n ast.Node) {
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			w.entry(path, v)
		}
	case *ast.MappingValueNode:
		w.entry(path, n)
	case *ast.CommentGroupNode, *ast.NullNode:
	default:
		w.leaf(path, n)
	}
}

func (w *walker) entry(path string, v *ast.MappingValueNode) {
	key := v.Key.String()
	if path != "" {
		key = path + "." + key
	}
	_, isSetting := w.rows[key]
	if !isSetting && !w.isGroup(key) {
		w.fault(v.Key, "没有“%s”这项设置", key)
		return
	}
	if isSetting && w.seen[key] {
		w.fault(v.Key, "“%s”写了两次", key)
	}
	w.seen[key] = true
	w.walk(key, v.Value)
}

func (w *walker) isGroup(path string) bool {
	for p := range w.rows {
		if strings.HasPrefix(p, path+".") {
			return true
		}
	}
	return false
}

func (w *walker) leaf(path string, n ast.Node) {
	row, ok := w.rows[path]
	if !ok {
		w.fault(n, "“%s”下面应当是一组设置", path)
		return
	}
	s, ok := scalar(n)
	if !ok {
		w.fault(n, "“%s”应当是一个值", path)
		return
	}
	if why := row.value.set(s); why != "" {
		w.fault(n, "%s：%s", path, why)
	}
}

// scalar is a value as written; a list of values is joined by commas.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.SequenceNode:
		var parts []string
		for _, v := range n.Values {
			s, ok := scalar(v)
			if !ok {
				return "", false
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, ","), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.String(), true
	}
	return "", false
}

// check looks at what settings mean together.
func (c *Config) check() Faults {
	var f Faults
	if _, port, err := net.SplitHostPort(c.Listen); err != nil || !isPort(port) {
		f = append(f, fmt.Sprintf("listen：“%s”应写成 地址:端口，如 127.0.0.1:8080", c.Listen))
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			f = append(f, "public_url：应当是以 http:// 或 https:// 开头的网址")
		}
	}
	db := c.DatabaseURL.Reveal()
	if db != "" && !strings.HasPrefix(db, "postgres://") && !strings.HasPrefix(db, "postgresql://") {
		f = append(f, "database.url：只支持 postgres://…；用 SQLite 请留空")
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		f = append(f, "log.format：应当是 text 或 json")
	}
	for _, p := range c.TrustedProxies {
		if _, err := netip.ParsePrefix(p); err != nil {
			f = append(f, fmt.Sprintf("trusted_proxies：“%s”应写成网段，如 10.0.0.0/8", p))
		}
	}
	return append(append(f, c.WeCom.check()...), c.WeChat.check()...)
}

func isPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 0 && n <= 65535
}

func (w WeCom) check() Faults {
	if w.CorpID == "" {
		return nil
	}
	var f Faults
	if w.AgentID == 0 {
		f = append(f, "wecom.agent_id：接入企业微信需要填写")
	}
	return append(f, credentials("wecom", w.Secret, w.Token, w.AESKey)...)
}

func (w WeChat) check() Faults {
	if w.AppID == "" {
		return nil
	}
	var f Faults
	if w.Mode != "encrypted" && w.Mode != "plain" {
		f = append(f, "wechat.mode：应当是 encrypted 或 plain")
	}
	return append(f, credentials("wechat", w.Secret, w.Token, w.AESKey)...)
}

func credentials(group string, key, token, aes Secret) Faults {
	var f Faults
	if key.Empty() {
		f = append(f, group+".secret：需要填写")
	}
	if token.Empty() {
		f = append(f, group+".token：需要填写")
	}
	if len(aes.Reveal()) != 43 {
		f = append(f, group+".aes_key：应当正好 43 个字符")
	}
	return f
}
