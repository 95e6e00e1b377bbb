package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ledongthuc/pdf"
)

// pageNumber is a row that holds nothing but the number of its page.
var pageNumber = regexp.MustCompile(`^[-—–·\s]*(第\s*)?\d{1,4}(\s*页)?(\s*[/／共]\s*\d{1,4}\s*页?)?[-—–·\s]*$`)

// pdfSource reads a PDF with the quick reader, and where that gives no legible text with the
// thorough one.
func (r *Reader) pdfSource(ctx context.Context, data []byte) (source, error) {
	rows, err := quickPDF(ctx, data, r.opts)
	if errors.Is(err, pdf.ErrInvalidPassword) {
		return source{}, fault(Encrypted, "PDF 设有密码，请去掉密码后再导入。", err)
	}
	var f *Fault
	if errors.As(err, &f) {
		return source{}, err
	}
	if err != nil || !legible(rowsText(rows)) {
		if rows, err = r.pdfium.rows(ctx, data, r.opts); err != nil {
			return source{}, err
		}
	}
	if !legible(rowsText(rows)) {
		return source{}, fault(NeedsOCR, "PDF 里没有文字，多半是扫描件，请先做文字识别（OCR）再导入。", nil)
	}
	return source{lines: unwrap(rows)}, nil
}

// quickPDF reads the rows of all pages with the reader in Go.
func quickPDF(ctx context.Context, data []byte, opts Options) (rows []row, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("read pdf: %v", p)
		}
	}()
	doc, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("open pdf: %w", err)
	}
	if doc.NumPage() > opts.MaxPages {
		return nil, tooManyPages(opts)
	}
	size := int64(0)
	for i := 1; i <= doc.NumPage(); i++ {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("read pdf: %w", err)
		}
		page := pageRows(doc.Page(i).Content().Text)
		if size += int64(len(rowsText(page))); size > opts.MaxText {
			return nil, fault(TooLarge, "PDF 里的文字太多，请拆分后再导入。", nil)
		}
		rows = append(rows, page...)
	}
	return rows, nil
}

func tooManyPages(opts Options) *Fault {
	return fault(TooLarge, fmt.Sprintf("PDF 超过 %d 页，请拆分后再导入。", opts.MaxPages), nil)
}

// pageRows puts the characters of a page together into rows, top to bottom.
func pageRows(glyphs []pdf.Text) []row {
	glyphs = slices.DeleteFunc(slices.Clone(glyphs), func(g pdf.Text) bool { return g.S == "" })
	slices.SortStableFunc(glyphs, func(a, b pdf.Text) int {
		switch {
		case a.Y-b.Y > sameRow*a.FontSize:
			return -1
		case b.Y-a.Y > sameRow*a.FontSize:
			return 1
		}
		return 0
	})
	var rows []row
	left := 0.0
	for i, from := 0, 0; i < len(glyphs); i++ {
		if i+1 < len(glyphs) && glyphs[i].Y-glyphs[i+1].Y <= sameRow*glyphs[i].FontSize {
			continue
		}
		r, x := glyphRow(glyphs[from : i+1])
		from = i + 1
		if r.text == "" || pageNumber.MatchString(r.text) {
			continue
		}
		if len(rows) == 0 || x < left {
			left = x
		}
		r.indent = x
		rows = append(rows, r)
	}
	for i := range rows {
		rows[i].indent = (rows[i].indent - left) / max(1, glyphs[0].FontSize)
	}
	return rows
}

// sameRow is how far apart, in sizes of the type, two characters of one row may stand.
const sameRow = 0.5

// glyphRow joins the characters of a row from left to right; x is where it begins, in points.
func glyphRow(glyphs []pdf.Text) (r row, x float64) {
	slices.SortStableFunc(glyphs, func(a, b pdf.Text) int {
		switch {
		case a.X < b.X:
			return -1
		case a.X > b.X:
			return 1
		}
		return 0
	})
	var b strings.Builder
	x = glyphs[0].X
	end := x
	for _, g := range glyphs {
		if g.X-end > g.FontSize && b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(g.S)
		// The reader does not advance by the widths of fonts for Chinese; every character counts.
		end = max(end, g.X) + max(g.W, width(g.S)*g.FontSize)
	}
	text := trim(b.String())
	return row{text: text, width: (end - x) / max(1, glyphs[0].FontSize), placed: true}, x
}

func rowsText(rows []row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r.text + "\n")
	}
	return b.String()
}
