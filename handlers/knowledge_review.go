package handlers

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rongjun/knowledge"
)

// draftsView lists what waits for a second person.
type draftsView struct {
	knowledgeFrame
	Mine   []draftRow
	Others []draftRow
}

type draftRow struct {
	ID     int64
	Kind   knowledge.ItemKind
	Title  string
	Author string
	At     string
	Note   string
}

func (f *face) draftsPage(c echo.Context) error {
	v := draftsView{knowledgeFrame: f.knowledgeFrame(c, "drafts")}
	open, err := f.o.Knowledge.Revisions.Revisions(c.Request().Context(), knowledge.RevisionFilter{
		State: knowledge.RevisionDraft, Limit: everything,
	})
	if err != nil {
		return fmt.Errorf("list drafts: %w", err)
	}
	for _, r := range open {
		row := draftRow{
			ID: r.ID, Kind: r.Kind, Title: cmp.Or(r.Subject, r.Key), Author: authorName(r.Author),
			At: clockOf(r.Created), Note: r.Note,
		}
		if r.Author == v.Member.Name {
			v.Mine = append(v.Mine, row)
		} else {
			v.Others = append(v.Others, row)
		}
	}
	return f.pages.render(c, http.StatusOK, "knowledge_drafts.html", v)
}

// reviewView lists what an editor has to look at.
type reviewView struct {
	knowledgeFrame
	Days   int
	Ahead  []int
	Groups []findingGroup
}

type findingGroup struct {
	ID    string
	Name  string
	Hint  string
	Found []findingLine
}

// findingLine is a finding with the items concerned.
type findingLine struct {
	Why   string
	Day   string
	Late  bool
	Items []passageName
}

// ahead are the days that a review may look ahead, the first unless another is asked for.
var ahead = []int{90, 30, 365}

func (f *face) reviewPage(c echo.Context) error {
	e, err := f.edition()
	if err != nil {
		return err
	}
	v := reviewView{knowledgeFrame: f.knowledgeFrame(c, "review"), Days: ahead[0], Ahead: ahead}
	for _, days := range ahead {
		if c.QueryParam("days") == strconv.Itoa(days) {
			v.Days = days
		}
	}
	v.Groups = f.findings(e, v.Days)
	return f.pages.render(c, http.StatusOK, "knowledge_review.html", v)
}

func (f *face) findings(e Edition, days int) []findingGroup {
	today := f.today()
	found := knowledge.Review(e.Documents, today, days)
	found = append(found, knowledge.ReviewEntries(e.Entries, e.Lookup, today, days)...)
	found = append(found, knowledge.Doubts(e.Documents)...)
	names := newPassageNames(e)
	byKind := make(map[knowledge.FindingKind][]findingLine)
	for _, finding := range found {
		line := findingLine{Why: finding.Why}
		if !finding.Day.IsZero() {
			line.Day, line.Late = finding.Day.Chinese(), finding.Day.Before(today)
		}
		for _, key := range finding.Docs {
			line.Items = append(line.Items, names.item(key))
		}
		byKind[finding.Kind] = append(byKind[finding.Kind], line)
	}
	return []findingGroup{
		{
			"conflicts", "互相矛盾", "不能同时成立的说法，以及依据已经失效的条目。",
			byKind[knowledge.Conflict],
		},
		{"undated", "缺日期", "不知道从什么时候起、到什么时候止有效的文件。", byKind[knowledge.NoDates]},
		{"unsure", "导入时的疑问", "文件里没有写明、等您来定的事。", byKind[knowledge.Unsure]},
		{
			"due", "快到期", fmt.Sprintf("%d 天以内开始施行、失效或该复核的。", days),
			byKind[knowledge.Due],
		},
	}
}

// item names an entry or a document of a finding.
func (n passageNames) item(ref string) passageName {
	if strings.HasPrefix(ref, knowledge.EntryRef("")) {
		return n.of(ref)
	}
	name := passageName{Kind: "文件", Name: n.edition.cite(knowledge.Citation{Doc: ref})}
	if n.documents[ref] {
		name.Page = documentAddress(ref)
	}
	return name
}
