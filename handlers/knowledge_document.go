package handlers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

// documentFields are what an editor can change of a document; its text is the file's.
func documentFields() []field[knowledge.Document] {
	type document = knowledge.Document
	levels := []string{
		"", string(knowledge.LevelNational), string(knowledge.LevelProvince),
		string(knowledge.LevelCity), string(knowledge.LevelCounty),
	}
	return []field[document]{
		typed(formField{Name: "title", Label: "标题", Required: true, Hint: "全称，不带书名号和年份。"},
			func(d *document) *string { return &d.Title }),
		typed(formField{Name: "number", Label: "文号", Narrow: true},
			func(d *document) *string { return &d.Number }),
		typed(formField{Name: "issuer", Label: "发布机关", Narrow: true},
			func(d *document) *string { return &d.Issuer }),
		typed(formField{Name: "level", Label: "级别", Kind: "choice", Options: levels, Narrow: true},
			func(d *document) *string { return (*string)(&d.Level) }),
		regionField(formField{Name: "region", Label: "适用地区"},
			func(d *document) *knowledge.Region { return &d.Region }),
		dateField(formField{Name: "adopted", Label: "通过日期"},
			func(d *document) *knowledge.Date { return &d.Adopted }),
		dateField(formField{Name: "published", Label: "公布日期"},
			func(d *document) *knowledge.Date { return &d.Published }),
		dateField(formField{Name: "effective", Label: "施行日期"},
			func(d *document) *knowledge.Date { return &d.Effective }),
		dateField(formField{Name: "repealed", Label: "失效日期", Hint: "不再有效的第一天。"},
			func(d *document) *knowledge.Date { return &d.Repealed }),
		linesField(formField{
			Name: "replaces", Label: "取代了", Rows: 2, Hint: "一行一个文件标识。",
		}, func(d *document) *[]string { return &d.Replaces }),
		linesField(formField{
			Name: "replaced_by", Label: "被什么取代", Rows: 2, Hint: "一行一个文件标识。",
		}, func(d *document) *[]string { return &d.ReplacedBy }),
		typed(formField{Name: "source", Label: "官方网址"},
			func(d *document) *string { return &d.Source }),
		typed(formField{Name: "note", Label: "备注", Kind: "text", Rows: 2},
			func(d *document) *string { return &d.Note }),
	}
}

// checkDocument says what is wrong with fields that must agree, by the name of the field.
func (e Edition) checkDocument(d knowledge.Document) map[string]string {
	wrong := make(map[string]string)
	levels := []knowledge.Level{
		"", knowledge.LevelNational, knowledge.LevelProvince, knowledge.LevelCity, knowledge.LevelCounty,
	}
	switch {
	case !slices.Contains(levels, d.Level):
		wrong["level"] = "级别只能是国家、省、市、县。"
	case d.Level == knowledge.LevelNational && d.Region != "":
		wrong["region"] = "国家级的文件适用全国，地区应空着。"
	case d.Level != "" && d.Level != knowledge.LevelNational && d.Region == "":
		wrong["region"] = "地方的文件要写明地区。"
	}
	if !d.Repealed.IsZero() && !d.Effective.Before(d.Repealed) {
		wrong["repealed"] = "失效日期应晚于施行日期。"
	}
	for name, keys := range map[string][]string{
		"replaces": d.Replaces, "replaced_by": d.ReplacedBy,
	} {
		for _, key := range keys {
			if _, err := e.Lookup(key); err != nil || key == d.Key {
				wrong[name] = "没有登记，也没有导入“" + key + "”，或者就是它自己。"
			}
		}
	}
	return wrong
}

// decided is the document as an editor left it: what was changed or confirmed counts as stated by a
// person and is no doubt any more.
func decided(before, after knowledge.Document, confirmed []string) knowledge.Document {
	stated := slices.Clone(confirmed)
	for _, f := range documentFields() {
		if f.read(before) != f.read(after) {
			stated = append(stated, f.Name)
		}
	}
	after.Given, after.Unsure = slices.Clone(before.Given), nil
	for _, name := range stated {
		if !slices.Contains(after.Given, name) {
			after.Given = append(after.Given, name)
		}
	}
	for _, doubt := range before.Unsure {
		if !slices.Contains(stated, doubt.Field) {
			after.Unsure = append(after.Unsure, doubt)
		}
	}
	return after
}

// documentChanges are the fields and clauses that differ between two versions of a document.
func documentChanges(before, after knowledge.Document) []change {
	out := changes(documentFields(), before, after)
	old := namedClauses(before)
	now := namedClauses(after)
	for _, c := range now.order {
		if old.texts[c] != now.texts[c] {
			out = append(out, change{c, difference(old.texts[c], now.texts[c])})
		}
	}
	for _, c := range old.order {
		if _, kept := now.texts[c]; !kept {
			out = append(out, change{c, difference(old.texts[c], "")})
		}
	}
	return out
}

// clauseTexts are the clauses of a document by name, in order.
type clauseTexts struct {
	order []string
	texts map[string]string
}

func namedClauses(d knowledge.Document) clauseTexts {
	t := clauseTexts{texts: make(map[string]string)}
	for _, c := range shownClauses(d) {
		name := c.Name() + c.Heading
		if name == "" {
			name = "正文"
		}
		if !c.Effective.IsZero() {
			name += "（" + c.Effective.Chinese() + "起）"
		}
		unique := name
		for n := 2; ; n++ {
			if _, taken := t.texts[unique]; !taken {
				break
			}
			unique = fmt.Sprintf("%s·%d", name, n)
		}
		t.order = append(t.order, unique)
		t.texts[unique] = c.Text
	}
	return t
}

// shownClauses are the clauses of a text, and the records of a directory as contacts read them.
func shownClauses(d knowledge.Document) []knowledge.Clause {
	if !d.IsDirectory() {
		return d.Clauses
	}
	records, _ := directory.Read(d)
	clauses := make([]knowledge.Clause, len(records))
	for i, r := range records {
		name, text, _ := strings.Cut(r.Text(), "\n")
		clauses[i] = knowledge.Clause{Heading: name, Text: text}
	}
	return clauses
}

// alike reports whether two bodies say the same.
func alike(a, b any) bool {
	was, err := json.Marshal(a)
	if err != nil {
		return false
	}
	now, err := json.Marshal(b)
	return err == nil && string(was) == string(now)
}
