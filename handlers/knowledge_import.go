package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
	"rongjun/knowledge"
)

// The limits of an import from a browser: of one file, of one request and of its time.
const (
	maxUpload     = 20 << 20
	maxUploads    = 100 << 20
	maxFiles      = 50
	uploadsWithin = 10 * time.Minute
)

// importView is the page to import files.
type importView struct {
	knowledgeFrame
	Results   []uploaded
	MaxUpload int
	MaxFiles  int
}

// uploaded is what became of one file.
type uploaded struct {
	Name string `json:"name"`
	// Outcome is "draft", "unchanged" or "failed".
	Outcome string `json:"outcome"`
	Title   string `json:"title,omitempty"`
	// Words say what became of it.
	Words   string   `json:"words"`
	Doubts  []string `json:"doubts,omitempty"`
	Address string   `json:"address,omitempty"`
}

func (f *face) importPage(c echo.Context) error {
	return f.pages.render(c, http.StatusOK, "knowledge_import.html", f.importView(c))
}

func (f *face) importView(c echo.Context) importView {
	return importView{
		knowledgeFrame: f.knowledgeFrame(c, "import"), MaxUpload: maxUpload, MaxFiles: maxFiles,
	}
}

// importFiles takes files in one after the other, each as a draft.
func (f *face) importFiles(c echo.Context) error {
	results, err := f.takeFiles(c)
	if wantsJSON(c.Request()) {
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string][]uploaded{"files": results})
	}
	status, v := http.StatusOK, f.importView(c)
	v.Results = results
	if err != nil {
		a := answerTo(err)
		if a.Status == http.StatusInternalServerError {
			return err
		}
		status, v.Notice = a.Status, a.Words
	}
	return f.pages.render(c, status, "knowledge_import.html", v)
}

var (
	errUploadSize = errors.New("upload too large")
	errNoFiles    = errors.New("no files")
)

func (f *face) takeFiles(c echo.Context) ([]uploaded, error) {
	if err := giveTime(c, f.o.Now().Add(uploadsWithin)); err != nil {
		return nil, err
	}
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxUploads)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fmt.Errorf("read upload: %w: %w", bot.ErrInvalid, err)
	}
	var results []uploaded
	region := ""
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF) && len(results) == 0:
			return nil, errNoFiles
		case errors.Is(err, io.EOF):
			return results, nil
		case err != nil:
			return results, brokenUpload(err)
		}
		if part.FormName() == "region" { // comes before the files
			if region, err = readLine(part); err != nil {
				return results, brokenUpload(err)
			}
		}
		if part.FormName() != "files" || part.FileName() == "" {
			continue
		}
		if len(results) == maxFiles {
			return results, errUploadSize
		}
		result, err := f.takePart(c, part, region)
		if err != nil {
			return results, err
		}
		results = append(results, result)
	}
}

// readLine reads a short field of a form.
func readLine(part *multipart.Part) (string, error) {
	said, err := io.ReadAll(io.LimitReader(part, 4*maxLine))
	return strings.TrimSpace(bot.CleanText(string(said), maxLine)), err
}

// giveTime lifts the limits of a connection for an upload until then.
func giveTime(c echo.Context, until time.Time) error {
	control := http.NewResponseController(c.Response())
	err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until))
	if err != nil {
		return fmt.Errorf("lift limits of upload: %w", err)
	}
	return nil
}

// brokenUpload tells what is too large from what broke off.
func brokenUpload(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fmt.Errorf("%w: %w", errUploadSize, err)
	}
	return fmt.Errorf("read upload: %w: %w", bot.ErrInvalid, err)
}

func (f *face) takePart(c echo.Context, part *multipart.Part, region string) (uploaded, error) {
	name := bot.CleanText(path.Base(strings.ReplaceAll(part.FileName(), `\`, "/")), maxLine)
	content := &bounded{Reader: part, left: maxUpload}
	doc, err := f.o.Knowledge.Importer.Import(c.Request().Context(), name, content, region)
	result := uploaded{Name: name, Outcome: "failed"}
	fault, isFault := errors.AsType[*ImportError](err)
	switch {
	case content.over:
		result.Words = fmt.Sprintf("文件超过 %d MB，请拆分后再导入。", maxUpload>>20)
		return result, nil
	case isFault:
		result.Words = fault.Reason
		return result, nil
	case content.err != nil:
		return result, brokenUpload(content.err)
	case err != nil:
		return result, fmt.Errorf("import: %w", err)
	}
	return f.draftOf(c.Request().Context(), memberOf(c).Name, result, doc)
}

// draftOf keeps what was read as a draft, unless it says nothing new.
func (f *face) draftOf(
	ctx context.Context, author string, result uploaded, doc knowledge.Document,
) (uploaded, error) {
	result.Title, result.Address = doc.Title, documentAddress(doc.Key)
	i, err := f.item(ctx, knowledge.ItemDocument, doc.Key)
	if err != nil && !errors.Is(err, knowledge.ErrNotFound) {
		return result, err
	}
	if now := i.present(); now.Document != nil && now.Document.Hash == doc.Hash {
		result.Outcome, result.Words = "unchanged", "和已经发布的是同一份，不用再导入。"
		return result, nil
	}
	r, err := f.o.Knowledge.Review.SaveDraft(ctx, knowledge.Draft{
		Kind: knowledge.ItemDocument, Key: doc.Key, Base: i.base(), Author: author,
		Note: "从文件导入：" + result.Name, Document: &doc,
	})
	switch {
	case errors.Is(err, knowledge.ErrInvalid):
		result.Words = "看不出文件的标题，请在文件开头写上标题再导入。"
		return result, nil
	case err != nil:
		return result, fmt.Errorf("keep import: %w", err)
	}
	for _, d := range doc.Unsure {
		if !slices.Contains(result.Doubts, d.Why) {
			result.Doubts = append(result.Doubts, d.Why)
		}
	}
	result.Outcome, result.Address = "draft", revisionAddress(r.ID)
	result.Words = fmt.Sprintf("读出 %d 条，已存为草稿，等另一位同事批准。", len(shownClauses(doc)))
	return result, nil
}

// bounded reads so much and not more, and remembers how the reading ended.
type bounded struct {
	io.Reader
	left int
	over bool
	err  error
}

var errOver = errors.New("file is too large")

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= n; b.left < 0 {
		b.over = true
		return 0, errOver
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}
