package handlers

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rongjun/knowledge"
)

// entryFields are what an editor can change of an entry, in the order of the page.
func entryFields() []field[knowledge.Entry] {
	type entry = knowledge.Entry
	return []field[entry]{
		typed(formField{
			Name: "question", Label: "问题", Hint: "用大白话写，就像来访者会问的那样。", Required: true,
		}, func(e *entry) *string { return &e.Question }),
		linesField(formField{
			Name: "phrasings", Label: "别的问法", Rows: 6, Hint: "一行一种，最好六种以上：老人怎么说、家属怎么说、方言怎么说。",
		}, func(e *entry) *[]string { return &e.Phrasings }),
		typed(formField{
			Name: "short", Label: "简答", Kind: "text", Rows: 3, Required: true,
			Counted: knowledge.MaxShort, Hint: "最先看到的一段话。",
		}, func(e *entry) *string { return &e.Short }),
		typed(formField{Name: "details", Label: "详细说明", Kind: "text", Rows: 4},
			func(e *entry) *string { return &e.Details }),
		typed(formField{Name: "who", Label: "谁可以", Kind: "text", Rows: 2},
			func(e *entry) *string { return &e.Who }),
		typed(formField{
			Name: "how_much", Label: "多少钱", Kind: "text", Rows: 2,
			Hint: "只写依据的条文里有的数目；没有的写由谁定。",
		}, func(e *entry) *string { return &e.HowMuch }),
		linesField(formField{Name: "bring", Label: "要带什么", Rows: 3, Hint: "一行一样。"},
			func(e *entry) *[]string { return &e.Bring }),
		typed(formField{Name: "where", Label: "到哪里办", Kind: "text", Rows: 2},
			func(e *entry) *string { return &e.Where }),
		typed(formField{Name: "when", Label: "什么时候、多久", Kind: "text", Rows: 2},
			func(e *entry) *string { return &e.When }),
		typed(formField{Name: "appeal", Label: "不服怎么办", Kind: "text", Rows: 2},
			func(e *entry) *string { return &e.Appeal }),
		typed(formField{
			Name: "limits", Label: "留给别处定的", Kind: "text", Rows: 2,
			Hint: "国家条文没有定、留给省市或部队定的，写明由谁定。",
		}, func(e *entry) *string { return &e.Limits }),
		citesField(),
		linesField(formField{
			Name: "related", Label: "相关条目", Rows: 2, Hint: "一行一个条目标识。",
		}, func(e *entry) *[]string { return &e.Related }),
		typed(formField{Name: "topic", Label: "主题", Required: true, Narrow: true},
			func(e *entry) *string { return &e.Topic }),
		regionField(formField{Name: "region", Label: "适用地区"},
			func(e *entry) *knowledge.Region { return &e.Region }),
		dateField(formField{Name: "review", Label: "复核日期", Hint: "到这一天前再看一遍。"},
			func(e *entry) *knowledge.Date { return &e.Review }),
	}
}

// citesField is the citations, one a line as KEY#ARTICLE.
func citesField() field[knowledge.Entry] {
	return field[knowledge.Entry]{
		formField: formField{
			Name: "cites", Label: "依据", Kind: "text", Rows: 3, Required: true, Max: maxArea,
			Hint: "一行一条，写成“退役军人安置条例(2024)#22”，最要紧的在最前；没有条号的文件不写 # 和数字。",
		},
		lined: true,
		read: func(e knowledge.Entry) string {
			var lines []string
			for _, c := range e.Cites {
				lines = append(lines, c.String())
			}
			return strings.Join(lines, "\n")
		},
		write: func(e *knowledge.Entry, s string) string {
			e.Cites = nil
			for _, line := range linesOf(s) {
				c, err := knowledge.ParseCitation(line)
				if err != nil {
					return "“" + line + "”看不懂：# 后面应是条号，如 #22。"
				}
				e.Cites = append(e.Cites, c)
			}
			if len(e.Cites) == 0 {
				return "至少要有一条依据。"
			}
			return ""
		},
	}
}

var entryIDForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+){0,9}$`)

// maxEntryID is the most characters of an entry's ID.
const maxEntryID = 60

// checkEntryID says what is wrong with the ID of a new entry.
func checkEntryID(id string, e Edition) string {
	taken := func(known knowledge.Entry) bool { return known.ID == id }
	switch {
	case len(id) > maxEntryID || !entryIDForm.MatchString(id):
		return "标识只能用小写字母、数字和短横，如 card-lost。"
	case slices.ContainsFunc(e.Shipped, taken), slices.ContainsFunc(e.Entries, taken):
		return "这个标识已经有条目用了。"
	}
	return ""
}

// checkAgainst says what is wrong with fields that name other things, by the name of the field.
func (e Edition) checkAgainst(entry knowledge.Entry) map[string]string {
	wrong := make(map[string]string)
	for _, c := range entry.Cites {
		if words := e.checkCite(c); words != "" {
			wrong["cites"] = words
			break
		}
	}
	for _, id := range entry.Related {
		known := func(other knowledge.Entry) bool { return other.ID == id }
		if !slices.ContainsFunc(e.Entries, known) || id == entry.ID {
			wrong["related"] = "没有“" + id + "”这个条目，或者就是它自己。"
			break
		}
	}
	return wrong
}

// checkCite says why a citation cannot be cited: nobody knows the text, or the text that was
// imported has no such article.
func (e Edition) checkCite(c knowledge.Citation) string {
	known, err := e.Lookup(c.Doc)
	if err != nil {
		return "“" + c.Doc + "”没有登记，也没有导入。请核对写法，或者先导入这份文件。"
	}
	for _, d := range e.Documents {
		if d.Key != known.Key || c.Article == 0 {
			continue
		}
		has := func(clause knowledge.Clause) bool { return clause.Article == c.Article }
		if len(d.Clauses) > 0 && !slices.ContainsFunc(d.Clauses, has) {
			return fmt.Sprintf("《%s》里没有第 %d 条。", known.Title, c.Article)
		}
	}
	return ""
}

// citeLine is how a citation will read, or what is wrong with it.
type citeLine struct {
	Typed string `json:"typed"`
	Reads string `json:"reads"`
	Wrong string `json:"wrong,omitempty"`
}

// citeLines reads what stands in the field of citations, a line each.
func (e Edition) citeLines(text string, today knowledge.Date) []citeLine {
	var out []citeLine
	for _, line := range linesOf(text) {
		c, err := knowledge.ParseCitation(line)
		read := citeLine{Typed: line}
		if err != nil {
			read.Wrong = "看不懂：# 后面应是条号。"
		} else {
			read.Reads, read.Wrong = e.cite(c), e.checkCite(c)
		}
		if known, err := e.Lookup(c.Doc); err == nil && read.Wrong == "" && !known.InForce(today) {
			read.Wrong = "今天不在施行，回答里不会引用。"
		}
		out = append(out, read)
	}
	return out
}
