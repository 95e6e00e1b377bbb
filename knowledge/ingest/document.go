package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"rongjun/knowledge"
)

// source is a file as its format was read: lines, and what its own fields say.
type source struct {
	lines   []line
	matter  given
	sidecar given
	address string
	// unsure is what reading the format left open.
	unsure []knowledge.Doubt
	// table is set where the file is a directory and not a text.
	table *table
}

// build makes the document of a source: it cuts the text, reads what it says of itself and lists
// what it leaves open.
func build(file string, s source, opts Options) (knowledge.Document, error) {
	if s.table != nil {
		return buildDirectory(file, s, opts)
	}
	name := readName(file)
	d := knowledge.Document{
		Enactment: knowledge.Enactment{Key: name.key, Repealed: name.repealed, Source: s.address},
		Edition:   name.edition, Ended: name.ended, EndedIn: name.endedIn,
	}
	heading, _, front, found := findTitle(s.lines)
	text, isStatute := parseStatute(s.lines)
	if !isStatute {
		text = parseNotice(s.lines, afterHistory(s.lines, front))
	}
	d.Front, d.Clauses, d.Title = text.front, text.clauses, heading
	if !found {
		d.Title = name.title
		doubt(&d, "title", "正文里没有找到标题，暂用文件名。")
	}
	readMeta(&d, opts)
	d.Unsure = append(append(d.Unsure, s.unsure...), articleDoubts(d.Clauses)...)
	for _, g := range []given{s.matter, s.sidecar} {
		if err := g.apply(&d); err != nil {
			return knowledge.Document{}, err
		}
	}
	if len(d.Clauses) == 0 {
		return knowledge.Document{}, fault(Empty, "文件里没有正文。", nil)
	}
	d.Hash = hash(d)
	return d, nil
}

// afterHistory is the first line of a text without articles that belongs to its body: past the
// title and the lines under it that say who issued it and when.
func afterHistory(lines []line, i int) int {
	for i < len(lines)-1 {
		l := strings.Trim(lines[i].text, "（）()")
		number := fileNumber.FindString(l)
		dated := len(daysIn(l)) > 0 && historyVerb.MatchString(l) && !strings.HasSuffix(l, "。")
		if !dated && (number == "" || number != l) {
			break
		}
		i++
	}
	return i
}

// readMeta fills in what front, last clauses and signature say.
func readMeta(d *knowledge.Document, opts Options) {
	h := readHistory(d.Front)
	e := readEnding(d.Clauses)
	d.Adopted, d.Published, d.Revised = h.adopted, h.published, h.revised
	d.Issuer, d.Number = h.issuer, h.number
	if d.Published.Before(h.latest) && !d.Published.IsZero() && !h.revised.IsZero() {
		// The day is that of an earlier version.
		d.Published = knowledge.Date{}
	}
	if signed, by := signature(d.Clauses); d.Published.IsZero() && d.Adopted.IsZero() {
		d.Published = signed
		if d.Issuer == "" {
			d.Issuer = by
		}
	}
	if revised, _ := (knowledge.Document{Edition: d.Edition}).Start(); h.latest.Year < revised.Year &&
		!h.latest.IsZero() {
		d.Published, d.Number = knowledge.Date{}, ""
	}
	readPlace(d, opts)
	readEffect(d, h, e)
	d.Repeals = e.repeals
	if d.Repealed.IsZero() {
		d.Repealed = e.repealed
	}
	if d.Ended && d.Repealed.IsZero() {
		doubt(d, "repealed", "文件名写明已被取代或废止，但没有写从哪一天起。")
	}
	if d.Issuer == "" {
		doubt(d, "issuer", "文中没有写明由谁发布。")
	}
}

func readPlace(d *knowledge.Document, opts Options) {
	p, ok := placeOf(d.Issuer, d.Title)
	if !ok {
		d.Region = opts.Region
		why := "文中看不出适用于全国还是某个地区，暂按全国处理。"
		if opts.Region != "" {
			why = "文中看不出适用地区，暂按导入时给的“" + string(opts.Region) + "”。"
		}
		doubt(d, "region", why)
		return
	}
	p = p.within(opts.Region)
	d.Level, d.Region = p.level, p.region
	if !p.whole {
		doubt(d, "region", "“"+string(p.region)+"”属于哪个省没有写明，补全之前不会被引用。")
	}
	if p.level == "" {
		doubt(d, "level", "发布机关的级别看不出来。")
	}
}

// readEffect settles the day of effect where the text settles it.
func readEffect(d *knowledge.Document, h history, e ending) {
	d.Effective = e.effective
	revised := max(h.revised.Year, editionYear(d.Edition))
	switch {
	case d.Effective.IsZero() && !h.effective.IsZero():
		d.Effective = h.effective
	case d.Effective.IsZero() && e.atIssue && !d.Published.IsZero() && h.revised.IsZero():
		d.Effective = d.Published
	case d.Effective.IsZero() && e.atIssue:
		doubt(d, "effective", "文中写自公布之日起施行，但公布日或修订日需要核对。")
	case d.Effective.IsZero():
		doubt(d, "effective", "文中没有写从哪一天起施行。")
	case !h.effective.IsZero() && h.effective != d.Effective:
		doubt(d, "effective", fmt.Sprintf("抬头写%s施行，最后一条写%s施行。",
			h.effective.Chinese(), d.Effective.Chinese()))
	}
	if !d.Effective.IsZero() && (d.Effective.Before(h.revised) || d.Effective.Year < revised) {
		doubt(d, "effective", fmt.Sprintf(
			"这是%d年修改后的文本，文中的施行日%s是最初的，修改的内容从哪一天起施行需要核对。",
			revised, d.Effective.Chinese()))
	}
}

func editionYear(edition string) int {
	day, _ := (knowledge.Document{Edition: edition}).Start()
	return day.Year
}

func doubt(d *knowledge.Document, field, why string) {
	d.Unsure = append(d.Unsure, knowledge.Doubt{Field: field, Why: why})
}

// articleDoubts lists gaps and repeats in the numbers of the articles.
func articleDoubts(clauses []knowledge.Clause) []knowledge.Doubt {
	var all []knowledge.Doubt
	var before knowledge.Clause
	for _, c := range clauses {
		if c.Article == 0 {
			continue
		}
		a := article{number: c.Article, suffix: c.Suffix}
		b := article{number: before.Article, suffix: before.Suffix}
		if before.Article > 0 && !a.follows(b) {
			all = append(all, knowledge.Doubt{
				Field: "articles", Why: before.Name() + "之后是" + c.Name() + "，请核对正文是否完整。",
			})
		}
		before = c
	}
	return all
}

// hash identifies a text by its title and clauses, whatever its format and white space.
func hash(d knowledge.Document) string {
	sum := sha256.New()
	sum.Write([]byte(squeeze(d.Title)))
	for _, c := range d.Clauses {
		sum.Write([]byte(c.Effective.String() + c.Name() + squeeze(c.Heading+c.Text)))
	}
	return hex.EncodeToString(sum.Sum(nil))
}
