package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/knowledge"
)

// maxNote is the most characters of a note or a reason.
const maxNote = 500

// saveEntry keeps an entry as a draft. What cannot be kept comes back as it was typed.
func (f *face) saveEntry(c echo.Context) error {
	form, err := readForm(c, maxEdit)
	if err != nil {
		return err
	}
	v, err := f.editView(c, knowledge.ItemEntry, c.QueryParam("id"))
	if err != nil {
		return err
	}
	e, err := f.edition()
	if err != nil {
		return err
	}
	entry := knowledge.Entry{ID: v.Key}
	if v.New {
		v.NewID = strings.TrimSpace(form.Get("id"))
		v.NewIDWrong, entry.ID = checkEntryID(v.NewID, e), v.NewID
	}
	var sound bool
	v.Controls, sound = readControls(entryFields(), &entry, form)
	sound = v.wrong(e.checkAgainst(entry)) && sound && v.NewIDWrong == ""
	v.Title = entry.Question
	v.look(e, version{})
	return f.saveDraft(c, v, form, attempt{
		sound: sound,
		draft: knowledge.Draft{Kind: knowledge.ItemEntry, Key: entry.ID, Entry: &entry},
	})
}

// saveDocument keeps a document with other metadata as a draft; its text is that of the version
// which the form was made from.
func (f *face) saveDocument(c echo.Context) error {
	form, err := readForm(c, maxEdit)
	if err != nil {
		return err
	}
	v, err := f.editView(c, knowledge.ItemDocument, c.QueryParam("key"))
	if err != nil {
		return err
	}
	e, err := f.edition()
	if err != nil {
		return err
	}
	v.From = number(form, "from")
	before, err := f.versionByID(c.Request().Context(), v.item, v.From)
	if err != nil {
		return err
	}
	if before.Document == nil {
		return fmt.Errorf("document %q without a body: %w", v.Key, knowledge.ErrNotFound)
	}
	after := *before.Document
	var sound bool
	v.Controls, sound = readControls(documentFields(), &after, form)
	sound = v.wrong(e.checkDocument(after)) && sound
	after = decided(*before.Document, after, form["confirmed"])
	v.Title = before.Document.Title
	v.look(e, before)
	v.Document.Confirmed = form["confirmed"]
	return f.saveDraft(c, v, form, attempt{
		sound: sound,
		draft: knowledge.Draft{Kind: knowledge.ItemDocument, Key: v.Key, Document: &after},
	})
}

// attempt is a draft as it was typed and whether its fields are sound.
type attempt struct {
	sound bool
	draft knowledge.Draft
}

// wrong marks controls; it reports whether there was nothing to mark.
func (v *editView) wrong(words map[string]string) bool {
	for i, control := range v.Controls {
		if control.Wrong == "" {
			v.Controls[i].Wrong = words[control.Name]
		}
	}
	return len(words) == 0
}

// saveDraft saves what is sound and was not overtaken, and shows the page again otherwise.
func (f *face) saveDraft(c echo.Context, v *editView, form url.Values, a attempt) error {
	a.draft.Author, a.draft.Base = v.Member.Name, v.Base
	a.draft.Note = bot.CleanText(form.Get("why"), maxNote)
	v.Note = form.Get("why")
	if !a.sound {
		v.Notice = "还没有保存：请改好标红的地方。"
		return f.pages.render(c, http.StatusBadRequest, "knowledge_item.html", v)
	}
	saved, err := f.savedAlready(c, v.item, a.draft)
	switch {
	case err != nil:
		return err
	case saved != 0:
		return c.Redirect(http.StatusSeeOther, revisionAddress(saved)+"?done=saved")
	}
	if words := v.overtaken(number(form, "seen"), number(form, "base")); words != "" {
		v.Notice = words
		return f.pages.render(c, http.StatusConflict, "knowledge_item.html", v)
	}
	if v.unchanged(a.draft) {
		v.Notice = "和现在用着的内容一样，没有什么要保存。"
		return f.pages.render(c, http.StatusBadRequest, "knowledge_item.html", v)
	}
	r, err := f.o.Knowledge.Review.SaveDraft(c.Request().Context(), a.draft)
	if err != nil {
		answer := answerTo(err)
		if answer.Status == http.StatusInternalServerError {
			return err
		}
		v.Notice = "还没有保存：" + answer.Words
		return f.pages.render(c, answer.Status, "knowledge_item.html", v)
	}
	return c.Redirect(http.StatusSeeOther, revisionAddress(r.ID)+"?done=saved")
}

// savedAlready finds the member's own open draft that says the very same, as when a form is sent
// twice.
func (f *face) savedAlready(c echo.Context, i item, d knowledge.Draft) (int64, error) {
	for _, r := range i.drafts() {
		if r.Author != d.Author || r.Note != d.Note || r.Base != d.Base {
			continue
		}
		own, err := f.versionByID(c.Request().Context(), i, r.ID)
		if err != nil {
			return 0, err
		}
		if alike(own.Entry, d.Entry) && alike(own.Document, d.Document) {
			return r.ID, nil
		}
	}
	return 0, nil
}

// overtaken says what others did to the item since the form was made. The form that comes back
// knows it, so that saving once more is a decision.
func (v *editView) overtaken(seen, base int64) string {
	var lines []string
	for _, r := range v.History {
		switch {
		case r.State.Stands() && r.ID != base:
			who := r.Approver
			if r.State == knowledge.RevisionWithdrawn || who == "" {
				who = authorName(r.Author)
			}
			lines = append(lines, who+"已在"+clockOf(r.Decided)+revisionWords[r.State]+"了另一版。")
		case r.ID > seen && r.State == knowledge.RevisionDraft:
			lines = append(lines, authorName(r.Author)+"在"+clockOf(r.Created)+"保存了一份草稿。")
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return "还没有保存：您打开这一页以后，" + strings.Join(lines, "") +
		"您写的都还在下面。请先在“历史”里看看有什么不同，再决定要不要保存。"
}

// unchanged reports whether the draft says what counts now.
func (v *editView) unchanged(d knowledge.Draft) bool {
	now := v.present()
	if d.Entry != nil {
		return now.Entry != nil && len(changes(entryFields(), *now.Entry, *d.Entry)) == 0
	}
	return now.Document != nil && alike(now.Document, d.Document)
}

func revisionAddress(id int64) string {
	return "/desk/knowledge/revisions/" + strconv.FormatInt(id, 10)
}
