package handlers

import (
	"context"
	"errors"
	"io"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/knowledge"
)

// Knowledge is what the pages about the knowledge stand on.
type Knowledge struct {
	// Edition is what is answered from now; false while it is being loaded.
	Edition func() (Edition, bool)
	// Answerer tries questions out. It is the one that chat asks.
	Answerer bot.Answerer
	// Trial tries questions out on a draft, before it is published.
	Trial     Trial
	Review    knowledge.ReviewStore
	Revisions knowledge.RevisionStore
	Importer  Importer
}

// Trial gives, for a draft, an answerer and the edition as they would be were it published now.
type Trial interface {
	Trial(ctx context.Context, draft knowledge.Revision) (bot.Answerer, Edition, error)
}

// Importer reads a file into a document. Where the file, or the region, is at fault the error is an
// *ImportError.
type Importer interface {
	// Import takes the region, as an editor writes it, for that of a text or of the rows of a directory that
	// name none; empty for none.
	Import(ctx context.Context, name string, content io.Reader, region string) (knowledge.Document, error)
}

// ImportError says why a file was not taken in.
type ImportError struct {
	// Reason tells the editor, in Chinese, what is wrong and what to do.
	Reason string
	Err    error
}

// Error is for logs.
func (e *ImportError) Error() string { return "import file: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *ImportError) Unwrap() error { return e.Err }

// Edition is one state of the knowledge that is answered from.
type Edition struct {
	// Entries are the guide's, as shipped and as published over it.
	Entries []knowledge.Entry
	// Shipped are the entries as they came with the program.
	Shipped []knowledge.Entry
	// Documents are the imported texts, each with the time in which it holds.
	Documents []knowledge.Document
	// Lookup finds an enactment by its key or an alias, or knowledge.ErrNotFound.
	Lookup func(key string) (knowledge.Enactment, error)
}

var errLoading = errors.New("knowledge is being loaded")

// edition is the state of the knowledge that one page is made from.
func (f *face) edition() (Edition, error) {
	e, ok := f.o.Knowledge.Edition()
	if !ok {
		return Edition{}, errLoading
	}
	return e, nil
}

// today is the day in China, where laws begin and end.
func (f *face) today() knowledge.Date {
	return knowledge.DateOf(f.o.Now().In(knowledge.China()))
}

// knowledgeFrame is what all pages about the knowledge have around them.
type knowledgeFrame struct {
	Member  staff.Member
	MayEdit bool
	// Page is which of the pages is open.
	Page string
	// Index is what there is to say of the index: that it is being made, or lacks something.
	Index string
	// Notice is what went wrong, Done what went well.
	Notice string
	Done   string
}

func (f *face) knowledgeFrame(c echo.Context, page string) knowledgeFrame {
	member := memberOf(c)
	return knowledgeFrame{
		Member: member, MayEdit: member.Role.May(staff.MayEdit), Page: page,
		Done:  doneWords[c.QueryParam("done")],
		Index: f.o.Ready(c.Request().Context()).Parts["index"].Reason,
	}
}

// doneWords say what went well before the browser was sent to a page.
var doneWords = map[string]string{
	"saved":     "草稿已保存，等另一位有编辑权限的同事批准。",
	"published": "已发布，几秒钟后的回答就按新内容。",
	"rejected":  "已退回。",
	"taken":     "草稿已撤回。",
	"withdrawn": "已下架，几秒钟后的回答不再使用。",
}

// mayEdit keeps those out who may only read.
func (f *face) mayEdit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !memberOf(c).Role.May(staff.MayEdit) {
			return errForbidden
		}
		return next(c)
	}
}
