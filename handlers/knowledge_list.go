package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/knowledge"
)

// listView is the catalogue of entries and documents.
type listView struct {
	knowledgeFrame
	Filter  listFilter
	Kinds   []listChoice
	States  []listChoice
	Topics  []string
	Rows    []listRow
	Found   int
	Before  string
	After   string
	PageNo  int
	PageAll int
}

type listFilter struct {
	Text  string
	Kind  string
	Topic string
	State string
}

// listChoice is one thing to filter by.
type listChoice struct {
	Value string
	Name  string
}

// listRow is one entry or document of the catalogue.
type listRow struct {
	Kind    knowledge.ItemKind
	Key     string
	Title   string
	Address string
	Topic   string
	Region  knowledge.Region
	// Dates says from when and until when a document holds; for an entry when it is reviewed.
	Dates string
	Marks []mark
	// searched is what the filter's text may stand in.
	searched string
}

// perPage is how many rows a page of the catalogue has.
const perPage = 40

var (
	listKinds = []listChoice{
		{"", "条目和文件"},
		{string(knowledge.ItemEntry), "只看条目"},
		{string(knowledge.ItemDocument), "只看文件"},
	}
	listStates = []listChoice{
		{"", "所有状态"},
		{"draft", "有草稿待批"},
		{"published", "本单位发布"},
		{"shipped", "随程序发布"},
		{"withdrawn", "已下架"},
		{"due", "该复核了"},
		{"undated", "缺日期"},
	}
	stateMarks = map[string]mark{
		"draft": markDraft, "published": markPublished, "shipped": markShipped,
		"withdrawn": markWithdrawn, "due": markDue, "undated": markUndated,
	}
)

func (f *face) listPage(c echo.Context) error {
	rows, err := f.catalogue(c.Request().Context())
	if err != nil {
		return err
	}
	v := listView{
		knowledgeFrame: f.knowledgeFrame(c, "list"), Kinds: listKinds, States: listStates,
		Filter: listFilter{
			Text: bot.CleanText(c.QueryParam("text"), maxLine), Kind: c.QueryParam("kind"),
			Topic: c.QueryParam("topic"), State: c.QueryParam("state"),
		},
	}
	for _, r := range rows {
		if r.Topic != "" && !slices.Contains(v.Topics, r.Topic) {
			v.Topics = append(v.Topics, r.Topic)
		}
		if v.Filter.passes(r) {
			v.Rows = append(v.Rows, r)
		}
	}
	slices.Sort(v.Topics)
	asked, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil {
		asked = 1
	}
	v.turn(asked)
	return f.pages.render(c, http.StatusOK, "knowledge_list.html", v)
}

// turn keeps the rows of one page.
func (v *listView) turn(asked int) {
	v.Found = len(v.Rows)
	v.PageAll = max(1, (v.Found+perPage-1)/perPage)
	v.PageNo = min(max(1, asked), v.PageAll)
	from := (v.PageNo - 1) * perPage
	v.Rows = v.Rows[from:min(from+perPage, v.Found)]
	if v.PageNo > 1 {
		v.Before = v.Filter.address(v.PageNo - 1)
	}
	if v.PageNo < v.PageAll {
		v.After = v.Filter.address(v.PageNo + 1)
	}
}

func (l listFilter) address(page int) string {
	query := url.Values{"page": {strconv.Itoa(page)}}
	for name, value := range map[string]string{
		"text": l.Text, "kind": l.Kind, "topic": l.Topic, "state": l.State,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return "/desk/knowledge?" + query.Encode()
}

// passes reports whether a row is to be listed: every word of the text stands somewhere in it.
func (l listFilter) passes(r listRow) bool {
	if l.Kind != "" && string(r.Kind) != l.Kind || l.Topic != "" && r.Topic != l.Topic {
		return false
	}
	if wanted, known := stateMarks[l.State]; known && !slices.Contains(r.Marks, wanted) {
		return false
	}
	for _, word := range strings.Fields(strings.ToLower(l.Text)) {
		if !strings.Contains(r.searched, word) {
			return false
		}
	}
	return true
}

// catalogue lists everything: entries by ID, then documents by title.
func (f *face) catalogue(ctx context.Context) ([]listRow, error) {
	e, err := f.edition()
	if err != nil {
		return nil, err
	}
	heads, err := f.heads(ctx)
	if err != nil {
		return nil, err
	}
	rows := append(entryRows(e, heads, f.today()), documentRows(e, heads, f.today())...)
	return rows, nil
}

// heads tell, of every item that was touched here, what stands of it and whether a draft is open.
type heads map[headKey]head

type headKey struct {
	kind knowledge.ItemKind
	key  string
}

type head struct {
	subject  string
	standing knowledge.RevisionState
	draft    bool
}

// everything is a limit that no list of revisions reaches.
const everything = 1 << 30

func (f *face) heads(ctx context.Context) (heads, error) {
	all := make(heads)
	for _, state := range []knowledge.RevisionState{
		knowledge.RevisionDraft, knowledge.RevisionWithdrawn, knowledge.RevisionPublished,
	} {
		list, err := f.o.Knowledge.Revisions.Revisions(ctx, knowledge.RevisionFilter{
			State: state, Limit: everything,
		})
		if err != nil {
			return nil, fmt.Errorf("list revisions: %w", err)
		}
		for _, r := range list {
			at := headKey{r.Kind, r.Key}
			h := all[at]
			h.subject = r.Subject
			if state == knowledge.RevisionDraft {
				h.draft = true
			} else {
				h.standing = state
			}
			all[at] = h
		}
	}
	return all, nil
}

func (h head) marks(shipped bool) []mark {
	var marks []mark
	switch {
	case h.standing == knowledge.RevisionWithdrawn:
		marks = append(marks, markWithdrawn)
	case h.standing == knowledge.RevisionPublished:
		marks = append(marks, markPublished)
	case shipped:
		marks = append(marks, markShipped)
	default:
		marks = append(marks, markNew)
	}
	if h.draft {
		marks = append(marks, markDraft)
	}
	return marks
}
