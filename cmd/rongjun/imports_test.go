package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rule says what one package may import. Ours are the packages of this module it may name (a name
// that ends in "/..." stands for everything below it), Theirs the libraries that it alone may name.
type rule struct {
	ours   []string
	theirs []string
}

// table is the layout of the program. A package that is not in it is a package nobody thought about.
var table = map[string]rule{
	"cmd/rongjun": {ours: []string{"..."}, theirs: []string{"github.com/alecthomas/kong"}},
	"config":      {},
	"bot":         {ours: []string{"knowledge"}},
	"bot/answer":  {ours: []string{"bot", "bot/answer/...", "knowledge/..."}},
	// A model over what a message means and how it is written, fitted to labelled sentences.
	"bot/answer/kinds": {ours: []string{"knowledge/quant"}},
	// How far an entry answers a question, by such a model over the question, the entries found and
	// what is known of questions near to it.
	"bot/answer/extent": {
		ours:   []string{"bot/answer/kinds", "knowledge", "knowledge/quant"},
		theirs: []string{"github.com/viterin/vek"},
	},
	"bot/llm":   {theirs: []string{"github.com/sashabaranov/go-openai"}},
	"bot/media": {},
	"bot/staff": {ours: []string{"bot"}, theirs: []string{"golang.org/x/crypto"}},
	"bot/store": {ours: []string{"bot", "bot/staff", "knowledge/..."}, theirs: storeLibraries},
	// One client for all platforms of the WeChat family: time-outs, tokens, pace and redaction are
	// found in one place, and the channels stay free of each other.
	"bot/channel/platform": {ours: []string{"bot"}},
	// What the stand-ins for the platforms share; like them it is free of the client that it tests.
	"bot/channel/platform/platformtest": {},
	"bot/channel/wecom":                 {ours: []string{"bot", "bot/channel/platform"}, theirs: sdk},
	"bot/channel/wecom/wecomtest":       {ours: []string{"bot/channel/platform/platformtest"}},
	"bot/channel/wechat":                {ours: []string{"bot", "bot/channel/platform"}, theirs: sdk},
	"bot/channel/wechat/wechattest":     {ours: []string{"bot/channel/platform/platformtest"}},
	"bot/channel/webchat":               {ours: []string{"bot"}},
	"bot/eval":                          {ours: []string{"bot", "knowledge/..."}},
	"knowledge":                         {},
	"knowledge/figure":                  {ours: []string{"knowledge/lately"}},
	// What was made lately, bounded, for those who make the same thing over and over.
	"knowledge/lately":        {},
	"knowledge/text":          {theirs: []string{"github.com/longbridgeapp/opencc"}},
	"knowledge/index":         {ours: []string{"knowledge", "knowledge/lately", "knowledge/text"}, theirs: indexLibraries},
	"knowledge/embed":         {},
	"knowledge/embed/convert": {ours: []string{"knowledge/embed", "knowledge/guide"}},
	"knowledge/directory":     {ours: []string{"knowledge", "knowledge/text", "knowledge/figure"}},
	// A directory is read row by row when it comes in, so that what cannot be used is told at once.
	"knowledge/ingest": {ours: []string{"knowledge", "knowledge/directory"}, theirs: parsers},
	"knowledge/guide":  {ours: []string{"knowledge", "knowledge/directory", "knowledge/quant"}},
	// Rows of numbers in files, a byte a number.
	"knowledge/quant": {},
	// Shows pages to a real browser in tests, whoever makes the pages.
	"handlers/pagetest": {theirs: []string{"github.com/chromedp/chromedp", "github.com/chromedp/cdproto"}},
	"handlers":          {ours: []string{"bot", "bot/staff", "knowledge/..."}, theirs: webLibraries},
}

var (
	parsers = []string{
		"github.com/ledongthuc/pdf", "github.com/klippa-app/go-pdfium", "github.com/xuri/excelize",
		"codeberg.org/readeck/go-readability", "github.com/JohannesKaufmann/html-to-markdown",
	}
	sdk            = []string{"github.com/silenceper/wechat"}
	indexLibraries = []string{"github.com/philippgille/chromem-go", "github.com/viterin/vek"}
	webLibraries   = []string{"github.com/labstack/echo", "github.com/labstack/echo-contrib"}
	storeLibraries = []string{
		"github.com/uptrace/bun", "github.com/pressly/goose", "modernc.org/sqlite", "github.com/jackc/pgx",
	}
)

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "rongjun/...").Output()
	require.NoError(t, err)
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, p)
	}
}

func TestEveryPackageImportsOnlyWhatTheLayoutAllows(t *testing.T) {
	t.Parallel()
	owners := map[string][]string{}
	for name, r := range table {
		for _, library := range r.theirs {
			owners[library] = append(owners[library], name)
		}
	}
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, "rongjun/")
		r, known := table[name]
		if !assert.True(t, known, "package %s is not in the table of imports", name) {
			continue
		}
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, "rongjun/"); ok {
				assert.True(t, allows(r.ours, ours), "%s may not import %s", name, ours)
				continue
			}
			for library, by := range owners {
				if imported == library || strings.HasPrefix(imported, library+"/") {
					assert.True(t, slices.Contains(by, name), "%s may not import %s", name, imported)
				}
			}
		}
	}
}

func allows(ours []string, name string) bool {
	for _, o := range ours {
		if below, ok := strings.CutSuffix(o, "..."); ok {
			if strings.HasPrefix(name+"/", below) {
				return true
			}
		} else if o == name {
			return true
		}
	}
	return false
}

func TestTheTableRefusesWhatItShould(t *testing.T) {
	t.Parallel()
	assert.True(t, allows([]string{"knowledge/..."}, "knowledge"))
	assert.True(t, allows([]string{"knowledge/..."}, "knowledge/index"))
	assert.False(t, allows([]string{"knowledge"}, "knowledge/index"))
	assert.False(t, allows(nil, "bot"))
	assert.False(t, allows([]string{"bot"}, "bot/store"))
}
