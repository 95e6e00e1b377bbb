package handlers

import (
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

// editView is the page of an entry or a document.
type editView struct {
	knowledgeFrame
	item
	// New is whether the entry is only being made; NewID is the ID that was typed for it.
	New        bool
	NewID      string
	NewIDWrong string
	Title      string
	Marks      []mark
	// ReadOnly is set for who may only look.
	ReadOnly bool
	Controls []formField
	Cites    []citeLine
	Note     string
	// Base, Seen and From say what the form was made from: what stood, the latest revision there
	// was, and the version whose body it holds.
	Base int64
	Seen int64
	From int64
	// FromName is set where the form holds something else than what stands.
	FromName string
	Open     []draftLine
	Versions []historyLine
	Topics   []string
	Document *documentView
	Today    knowledge.Date
}

// Comparable is whether there are two versions to be compared.
func (v *editView) Comparable() bool {
	return len(v.Versions) > 1 || v.Shipped != nil && len(v.Versions) > 0
}

// draftLine is an open draft beside the form.
type draftLine struct {
	ID     int64
	Author string
	At     string
	Note   string
	Mine   bool
}

// historyLine is one revision in the history of an item.
type historyLine struct {
	ID      int64
	At      string
	Author  string
	State   string
	Outcome string
	Note    string
	HasBody bool
	Stands  bool
}

// maxEdit bounds the form of an item: every field full fits.
const maxEdit = 1 << 20

func (f *face) entryPage(c echo.Context) error {
	v, err := f.openItem(c, knowledge.ItemEntry, c.QueryParam("id"))
	if err != nil {
		return err
	}
	return f.pages.render(c, http.StatusOK, "knowledge_item.html", v)
}

func (f *face) documentPage(c echo.Context) error {
	key, err := f.documentKey(c.Request().Context(), c.QueryParam("key"))
	if err != nil {
		return err
	}
	v, err := f.openItem(c, knowledge.ItemDocument, key)
	if err != nil {
		return err
	}
	return f.pages.render(c, http.StatusOK, "knowledge_item.html", v)
}

// openItem makes the page of an item with the version that was asked for, else the member's own open
// draft, else what stands.
func (f *face) openItem(
	c echo.Context, kind knowledge.ItemKind, key string,
) (*editView, error) {
	v, err := f.editView(c, kind, key)
	if err != nil {
		return nil, err
	}
	shown, err := f.versionShown(c, v)
	if err != nil {
		return nil, err
	}
	v.From = shown.ID
	if shown.ID != v.Base && !shown.empty() {
		v.FromName = shown.Name
	}
	if err := v.show(shown); err != nil {
		return nil, err
	}
	e, err := f.edition()
	if err != nil {
		return nil, err
	}
	v.look(e, shown)
	return v, nil
}

// editView makes the page without the form's values.
func (f *face) editView(
	c echo.Context, kind knowledge.ItemKind, key string,
) (*editView, error) {
	v := &editView{knowledgeFrame: f.knowledgeFrame(c, "list"), Today: f.today()}
	v.ReadOnly = !v.MayEdit
	if kind == knowledge.ItemEntry && key == "" {
		if v.ReadOnly {
			return nil, errForbidden
		}
		v.New, v.item = true, item{Kind: kind}
		return v, nil
	}
	var err error
	if v.item, err = f.item(c.Request().Context(), kind, key); err != nil {
		return nil, err
	}
	v.Base, v.Seen = v.base(), v.newest()
	for _, r := range v.drafts() {
		v.Open = append(v.Open, draftLine{
			ID: r.ID, Author: authorName(r.Author), At: clockOf(r.Created), Note: r.Note,
			Mine: r.Author == v.Member.Name,
		})
	}
	for _, r := range v.History {
		v.Versions = append(v.Versions, historyLineOf(r))
	}
	return v, nil
}

func historyLineOf(r knowledge.Revision) historyLine {
	line := historyLine{
		ID: r.ID, At: clockOf(r.Created), Author: authorName(r.Author), Note: r.Note,
		State: revisionWords[r.State], Stands: r.State.Stands(), HasBody: r.Subject != "",
	}
	decided := ""
	if !r.Decided.IsZero() {
		decided = clockOf(r.Decided) + " "
	}
	switch {
	case r.State == knowledge.RevisionRejected && r.Approver == r.Author:
		line.Outcome = decided + "作者自己撤回"
	case r.State == knowledge.RevisionRejected:
		line.Outcome = decided + r.Approver + "退回：" + r.Reason
	case r.Approver != "":
		line.Outcome = decided + r.Approver + "批准"
	case r.Reason != "":
		line.Outcome, line.HasBody = "原因："+r.Reason, false
	}
	return line
}

func (f *face) versionShown(c echo.Context, v *editView) (version, error) {
	ctx := c.Request().Context()
	if asked := c.QueryParam("from"); asked != "" {
		id, err := strconv.ParseInt(asked, 10, 64)
		if err != nil {
			return version{}, fmt.Errorf("version %q: %w", asked, knowledge.ErrNotFound)
		}
		shown, err := f.versionByID(ctx, v.item, id)
		if err == nil && shown.ID != v.Base {
			v.Note = "恢复到：" + shown.Name
		}
		return shown, err
	}
	for _, r := range v.drafts() {
		if r.Author == v.Member.Name && v.MayEdit {
			v.Note = r.Note
			return f.versionByID(ctx, v.item, r.ID)
		}
	}
	if shown := v.present(); !shown.empty() {
		return shown, nil
	}
	return f.lastBody(c, v)
}

// lastBody is the latest version that says something, for an item that was withdrawn or is a draft.
func (f *face) lastBody(c echo.Context, v *editView) (version, error) {
	for _, r := range v.Versions {
		if r.HasBody {
			return f.versionByID(c.Request().Context(), v.item, r.ID)
		}
	}
	if v.Shipped != nil {
		return f.versionByID(c.Request().Context(), v.item, 0)
	}
	return version{}, nil
}

// show fills the form with a version.
func (v *editView) show(shown version) error {
	switch {
	case v.Kind == knowledge.ItemEntry && shown.Entry != nil:
		v.Controls, v.Title = controls(entryFields(), *shown.Entry), shown.Entry.Question
	case v.Kind == knowledge.ItemEntry:
		v.Controls, v.Title = controls(entryFields(), knowledge.Entry{}), "新条目"
	case shown.Document != nil:
		v.Controls, v.Title = controls(documentFields(), *shown.Document), shown.Document.Title
	default:
		return fmt.Errorf("document %q without a body: %w", v.Key, knowledge.ErrNotFound)
	}
	return nil
}

// look adds what the edition says of the item.
func (v *editView) look(e Edition, shown version) {
	if shown.Document != nil {
		v.Document = newDocumentView(*shown.Document, e, v.Today)
	}
	for _, control := range v.Controls {
		if control.Name == "cites" {
			v.Cites = e.citeLines(control.Value, v.Today)
		}
	}
	for _, entry := range e.Entries {
		if !slices.Contains(v.Topics, entry.Topic) {
			v.Topics = append(v.Topics, entry.Topic)
		}
	}
	v.Marks = v.marks(v.Today)
}

// Address is where the item is shown.
func (i item) Address() string {
	if i.Kind == knowledge.ItemDocument {
		return documentAddress(i.Key)
	}
	return entryAddress(i.Key)
}

// citePreview tells a script how citations will read.
func (f *face) citePreview(c echo.Context) error {
	form, err := readForm(c, maxPost)
	if err != nil {
		return err
	}
	e, err := f.edition()
	if err != nil {
		return err
	}
	lines := e.citeLines(bot.CleanText(form.Get("cites"), maxArea), f.today())
	return c.JSON(http.StatusOK, map[string][]citeLine{"lines": lines})
}

// number reads a number of a form; what is none is 0.
func number(form url.Values, name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(form.Get(name)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
