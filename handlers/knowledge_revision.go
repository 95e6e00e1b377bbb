package handlers

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/knowledge"
)

// revisionView is one revision, or two versions of an item, with what differs.
type revisionView struct {
	knowledgeFrame
	item
	Title    string
	Revision historyLine
	// Comparing is set where two versions were chosen to be compared.
	Comparing bool
	Before    version
	After     version
	Changes   []change
	// IsDraft says that a decision is open; Own that the reader wrote it; Overtaken that it can
	// not be published, since something else was since it was begun.
	IsDraft   bool
	Own       bool
	Overtaken bool
	Reason    string
	MaxReason int
}

// revisionPage shows a draft against what counts now, and what was decided against what it replaced.
func (f *face) revisionPage(c echo.Context) error {
	v, err := f.revisionView(c)
	if err != nil {
		return err
	}
	return f.pages.render(c, http.StatusOK, "knowledge_revision.html", v)
}

func (f *face) revisionView(c echo.Context) (*revisionView, error) {
	ctx := c.Request().Context()
	id, err := strconv.ParseInt(c.Param("revision"), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("revision number: %w", knowledge.ErrNotFound)
	}
	r, err := f.o.Knowledge.Revisions.Revision(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read revision: %w", err)
	}
	v := &revisionView{
		knowledgeFrame: f.knowledgeFrame(c, "drafts"), Title: r.Subject, Revision: historyLineOf(r),
		IsDraft: r.State == knowledge.RevisionDraft, MaxReason: maxNote, After: versionOf(r),
	}
	if v.item, err = f.item(ctx, r.Kind, r.Key); err != nil {
		return nil, err
	}
	v.Own = r.Author == v.Member.Name
	v.Before = v.present()
	v.Overtaken = v.IsDraft && r.Base != v.base()
	if !v.IsDraft {
		v.Before, err = f.replaced(ctx, v.item, r)
	}
	v.Changes = changesOf(v.Before, v.After)
	return v, err
}

// replaced is the version that a revision was made from.
func (f *face) replaced(ctx context.Context, i item, r knowledge.Revision) (version, error) {
	if r.Base == 0 && i.Shipped == nil {
		return version{Name: "（新的）"}, nil
	}
	return f.versionByID(ctx, i, r.Base)
}

// comparePage shows what differs between any two versions of an item, the earlier one first.
func (f *face) comparePage(c echo.Context) error {
	ctx := c.Request().Context()
	i, err := f.item(ctx, knowledge.ItemKind(c.QueryParam("kind")), c.QueryParam("key"))
	if err != nil {
		return err
	}
	v := &revisionView{
		knowledgeFrame: f.knowledgeFrame(c, "list"), item: i, Comparing: true,
		Title: i.present().title(i.Key),
	}
	var ids [2]int64
	for n, name := range []string{"a", "b"} {
		if ids[n], err = strconv.ParseInt(c.QueryParam(name), 10, 64); err != nil {
			return fmt.Errorf("version to compare: %w", knowledge.ErrNotFound)
		}
	}
	if v.Before, err = f.versionByID(ctx, i, min(ids[0], ids[1])); err != nil {
		return err
	}
	if v.After, err = f.versionByID(ctx, i, max(ids[0], ids[1])); err != nil {
		return err
	}
	v.Changes = changesOf(v.Before, v.After)
	return f.pages.render(c, http.StatusOK, "knowledge_revision.html", v)
}

func (v version) title(otherwise string) string {
	switch {
	case v.Entry != nil:
		return v.Entry.Question
	case v.Document != nil:
		return v.Document.Title
	}
	return otherwise
}

// approve publishes a draft that somebody else wrote.
func (f *face) approve(c echo.Context) error {
	v, err := f.revisionView(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	_, err = f.o.Knowledge.Review.Publish(ctx, v.Revision.ID, v.Member.Name)
	if err != nil {
		return f.undecided(c, v, err)
	}
	return c.Redirect(http.StatusSeeOther, v.Address()+"&done=published")
}

// reject gives a draft back with a reason; its author may take it back without one.
func (f *face) reject(c echo.Context) error {
	form, err := readForm(c, maxPost)
	if err != nil {
		return err
	}
	v, err := f.revisionView(c)
	if err != nil {
		return err
	}
	v.Reason = form.Get("reason")
	reason := bot.CleanText(v.Reason, maxNote)
	if reason == "" && !v.Own {
		v.Notice = "请写明为什么退回，作者好照着改。"
		return f.pages.render(c, http.StatusBadRequest, "knowledge_revision.html", v)
	}
	ctx := c.Request().Context()
	_, err = f.o.Knowledge.Review.Reject(ctx, v.Revision.ID, v.Member.Name, reason)
	if err != nil {
		return f.undecided(c, v, err)
	}
	done := "rejected"
	if v.Own {
		done = "taken"
	}
	return c.Redirect(http.StatusSeeOther, "/desk/knowledge/drafts?done="+done)
}

// undecided shows the revision as it is now, with why nothing was decided.
func (f *face) undecided(c echo.Context, v *revisionView, err error) error {
	a := answerTo(err)
	if a.Status == http.StatusInternalServerError {
		return err
	}
	now, readErr := f.revisionView(c)
	if readErr != nil {
		return err
	}
	now.Notice, now.Reason = a.Words, v.Reason
	return f.pages.render(c, a.Status, "knowledge_revision.html", now)
}

// withdraw takes an item away at once; a wrong answer does not wait for a second person.
func (f *face) withdraw(c echo.Context) error {
	form, err := readForm(c, maxPost)
	if err != nil {
		return err
	}
	kind, key := knowledge.ItemKind(form.Get("kind")), form.Get("key")
	v, err := f.openItem(c, kind, key)
	if err != nil {
		return err
	}
	reason := bot.CleanText(form.Get("reason"), maxNote)
	if reason == "" {
		v.Notice = "还没有下架：请写明为什么。"
		return f.pages.render(c, http.StatusBadRequest, "knowledge_item.html", v)
	}
	_, err = f.o.Knowledge.Review.Withdraw(c.Request().Context(), knowledge.Withdrawal{
		Kind: kind, Key: key, Subject: v.present().title(key), By: v.Member.Name, Reason: reason,
	})
	if err != nil {
		a := answerTo(err)
		if a.Status == http.StatusInternalServerError {
			return err
		}
		v.Notice = "没有下架：" + a.Words
		return f.pages.render(c, a.Status, "knowledge_item.html", v)
	}
	return c.Redirect(http.StatusSeeOther, v.Address()+"&done=withdrawn")
}
