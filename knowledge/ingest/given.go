package ingest

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"rongjun/knowledge"
)

// given is what a person states in front matter or a sidecar. The second names of some fields are
// those of the national database of laws.
type given struct {
	Title      string           `yaml:"title"`
	Number     string           `yaml:"number"`
	Issuer     string           `yaml:"issuer"`
	Author     string           `yaml:"author"`
	Level      knowledge.Level  `yaml:"level"`
	Region     knowledge.Region `yaml:"region"`
	Adopted    knowledge.Date   `yaml:"adopted"`
	Published  knowledge.Date   `yaml:"published"`
	PublishedX knowledge.Date   `yaml:"publication_date"`
	Effective  knowledge.Date   `yaml:"effective"`
	EffectiveX knowledge.Date   `yaml:"effective_date"`
	Repealed   knowledge.Date   `yaml:"repealed"`
	Replaces   []string         `yaml:"replaces"`
	ReplacedBy []string         `yaml:"replaced_by"`
	Aliases    []string         `yaml:"aliases"`
	Source     string           `yaml:"source"`
	URLs       []string         `yaml:"urls"`
	Note       string           `yaml:"note"`
	Status     string           `yaml:"status"`
	Amended    []amendment      `yaml:"amended"`
}

// amendment is an article that was amended singly after the text was issued.
type amendment struct {
	Article string         `yaml:"article"`
	From    knowledge.Date `yaml:"from"`
	Text    string         `yaml:"text"`
}

// readGiven reads front matter, which may hold fields of other programs; a sidecar is ours alone,
// so a field it misspells is an error.
func readGiven(text string, options ...yaml.DecodeOption) (given, error) {
	var g given
	if strings.TrimSpace(text) == "" {
		return g, nil
	}
	if err := yaml.UnmarshalWithOptions([]byte(text), &g, options...); err != nil {
		return given{}, fault(BadMeta, "文件的说明信息（YAML）看不懂，请检查写法和日期（如 2024-09-01）。", err)
	}
	if l := g.Level; l != "" && l != knowledge.LevelNational && l != knowledge.LevelProvince &&
		l != knowledge.LevelCity && l != knowledge.LevelCounty {
		return given{}, fault(BadMeta, "级别只能写 国家、省、市、县。", nil)
	}
	return g, nil
}

// apply writes what was stated over what was read and notes which fields it settles.
func (g given) apply(d *knowledge.Document) error {
	text := func(field string, to *string, values ...string) {
		for _, v := range values {
			if v != "" {
				*to = v
				settle(d, field)
				return
			}
		}
	}
	day := func(field string, to *knowledge.Date, values ...knowledge.Date) {
		for _, v := range values {
			if !v.IsZero() {
				*to = v
				settle(d, field)
				return
			}
		}
	}
	list := func(field string, to *[]string, value []string) {
		if len(value) > 0 {
			*to = value
			settle(d, field)
		}
	}
	text("title", &d.Title, title(g.Title))
	text("number", &d.Number, g.Number)
	text("issuer", &d.Issuer, g.Issuer, g.Author)
	text("level", (*string)(&d.Level), string(g.Level))
	text("region", (*string)(&d.Region), string(g.Region))
	text("source", &d.Source, append([]string{g.Source}, g.URLs...)...)
	text("note", &d.Note, g.Note)
	day("adopted", &d.Adopted, g.Adopted)
	day("published", &d.Published, g.Published, g.PublishedX)
	day("effective", &d.Effective, g.Effective, g.EffectiveX)
	day("repealed", &d.Repealed, g.Repealed)
	list("replaces", &d.Replaces, g.Replaces)
	list("replaced_by", &d.ReplacedBy, g.ReplacedBy)
	list("aliases", &d.Aliases, g.Aliases)
	d.Ended = d.Ended || containsAny(g.Status, "已修改", "已废止", "已失效", "已修订")
	return g.amend(d)
}

func (g given) amend(d *knowledge.Document) error {
	for _, a := range g.Amended {
		found, ok := beginsArticle(line{text: trim(a.Article), bold: true}, article{}, true)
		lines := strings.Split(strings.TrimSpace(a.Text), "\n")
		amended := knowledge.Clause{
			Article: found.number, Suffix: found.suffix,
			Text: strings.Join(lines, "\n"), Paragraphs: paragraphs(lines),
		}
		next, err := d.Amend(a.From, amended)
		if !ok || err != nil {
			return fault(BadMeta, fmt.Sprintf(
				"说明信息里 amended 的“%s”在正文中找不到，或施行日期不对。", a.Article), err)
		}
		*d = next
	}
	return nil
}

// settle marks a field as stated and takes the doubts about it away.
func settle(d *knowledge.Document, field string) {
	d.Given = append(d.Given, field)
	var left []knowledge.Doubt
	for _, doubt := range d.Unsure {
		if doubt.Field != field {
			left = append(left, doubt)
		}
	}
	d.Unsure = left
}
