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
var pageNumber = regexp.MustCompile(`^[-—–·\s]*(第\s*)?\d{1,4}(\s*页)?` +
	`(\s*[/／共]\s*\d{1,4}\s*页?)?[-—–·\s]*$`)

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
	indent(rows)
	return rows, nil
}

// indent counts the indents of rows, which are points from the edge of the page, from where
// the leftmost row begins.
func indent(rows []row) {
	left := 0.0
	for i, r := range rows {
		if i == 0 || r.indent < left {
			left = r.indent
		}
	}
	for i := range rows {
		rows[i].indent = (rows[i].indent - left) / rows[i].size
	}
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
	from := 0
	for i, g := range glyphs {
		if i+1 < len(glyphs) && g.Y-glyphs[i+1].Y <= sameRow*g.FontSize {
			continue
		}
		if r := glyphRow(glyphs[from : i+1]); r.text != "" && !pageNumber.MatchString(r.text) {
			rows = append(rows, r)
		}
		from = i + 1
	}
	return rows
}

// sameRow is how far apart, in sizes of the type, two characters of one row may stand.
const sameRow = 0.5

// glyphRow joins the characters of a row from left to right; its indent is where it begins, in
// points.
func glyphRow(glyphs []pdf.Text) row {
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
	size := max(1, glyphs[0].FontSize)
	end := glyphs[0].X
	for _, g := range glyphs {
		if g.X-end > g.FontSize && b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(g.S)
		// The reader does not advance by the widths of fonts for Chinese; every character counts.
		end = max(end, g.X) + max(g.W, width(g.S)*g.FontSize)
	}
	return row{
		text: trim(b.String()), indent: glyphs[0].X, width: (end - glyphs[0].X) / size,
		size: size, placed: true,
	}
}

func rowsText(rows []row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r.text + "\n")
	}
	return b.String()
}
