package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

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
	for _, r := range rows {
		if why := r.value.set(r.Default); why != "" {
			return c, fmt.Errorf("default of %s: %s", r.Path, why)
		}
	}
	w := walker{file: file, rows: rows, places: make(map[string]string)}
	if file != "" {
		w.read()
	}
	for _, r := range rows {
		if s, ok := lookup(r.Environment()); ok {
			w.places[r.Path] = fmt.Sprintf("环境变量 %s：", r.Environment())
			if why := r.value.set(s); why != "" {
				w.faults = append(w.faults, w.places[r.Path]+why)
			}
		}
	}
	for _, f := range c.check() {
		w.faults = append(w.faults, w.places[f.at]+f.path+"："+f.words)
	}
	if len(w.faults) > 0 {
		return c, w.faults
	}
	return c, nil
}

// read takes the settings of the file.
func (w *walker) read() {
	content, err := os.ReadFile(w.file)
	if err != nil {
		why := "读不了"
		if errors.Is(err, os.ErrNotExist) {
			why = "不存在"
		}
		w.faults = append(w.faults, fmt.Sprintf("设置文件 %s %s", w.file, why))
		return
	}
	content = bytes.TrimPrefix(content, []byte("\uFEFF")) // some editors begin a file with it
	if !utf8.Valid(content) {
		w.faults = append(w.faults, fmt.Sprintf("设置文件 %s 应当用 UTF-8 编码保存", w.file))
		return
	}
	tree, err := parser.ParseBytes(content, 0)
	if err != nil {
		w.faults = append(w.faults, fmt.Sprintf("设置文件 %s %s不是合法的 YAML", w.file, place(err)))
		return
	}
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			w.walk("", doc.Body)
		}
	}
}

// place is where a parser's message, which begins with "[line:column]", finds the fault.
func place(err error) string {
	var line, column int
	if _, scanned := fmt.Sscanf(err.Error(), "[%d:%d]", &line, &column); scanned != nil {
		return ""
	}
	return fmt.Sprintf("第 %d 行第 %d 列", line, column)
}

// walker visits the settings of a file.
type walker struct {
	file string
	rows []Setting
	// places says where each setting was set, as the beginning of a sentence.
	places map[string]string
	faults Faults
}

func (w *walker) place(n ast.Node) string {
	return fmt.Sprintf("%s 第 %d 行：", w.file, n.GetToken().Position.Line)
}

func (w *walker) fault(n ast.Node, format string, args ...any) {
	w.faults = append(w.faults, w.place(n)+fmt.Sprintf(format, args...))
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
	_, isSetting := w.row(key)
	if !isSetting && !w.isGroup(key) {
		w.fault(v.Key, "没有“%s”这项设置", key)
		return
	}
	if isSetting && w.places[key] != "" {
		w.fault(v.Key, "“%s”写了两次", key)
	}
	w.places[key] = w.place(v.Key)
	w.walk(key, v.Value)
}

func (w *walker) row(path string) (Setting, bool) {
	i := slices.IndexFunc(w.rows, func(r Setting) bool { return r.Path == path })
	if i < 0 {
		return Setting{}, false
	}
	return w.rows[i], true
}

func (w *walker) isGroup(path string) bool {
	return slices.ContainsFunc(w.rows, func(r Setting) bool {
		return strings.HasPrefix(r.Path, path+".")
	})
}

func (w *walker) leaf(path string, n ast.Node) {
	row, ok := w.row(path)
	switch {
	case path == "":
		w.fault(n, "文件里应当是“名称: 值”这样的设置")
		return
	case !ok:
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
