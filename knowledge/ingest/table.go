package ingest

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

// maxRows is the most rows of a directory; a province has some ten thousand stations.
const maxRows = 20_000

// table is a file read as a directory.
type table struct {
	// title stands alone in the first row, if anything does.
	title  string
	rows   []knowledge.Row
	doubts []string
	// left is how many bytes of text may still come.
	left int64
}

// columns are the headings of a sheet by their place; headings that no record has are "".
type columns []string

// header makes columns of the headings of a directory, and lists those that are passed over.
func header(cells []string) (columns, []string) {
	var known columns
	var ignored []string
	seen := make(map[string]bool)
	for _, c := range cells {
		heading := plainHeading(c)
		if heading != "" && (seen[heading] || directory.HoldingOf(heading) == directory.HoldsNothing) {
			ignored = append(ignored, heading)
			heading = ""
		}
		seen[heading] = true
		known = append(known, heading)
	}
	return known, ignored
}

// plainHeading is a heading without white space and the star of what must be filled in.
func plainHeading(cell string) string { return strings.Trim(squeeze(cell), "*＊") }

func isHeader(cells []string) bool {
	headings := make([]string, len(cells))
	for i, c := range cells {
		headings[i] = plainHeading(c)
	}
	return directory.IsHeader(headings)
}

func (t *table) ignore(sheet string, headings []string) {
	if len(headings) == 0 {
		return
	}
	where := ""
	if sheet != "" {
		where = "表“" + sheet + "”："
	}
	t.doubts = append(t.doubts, where+"没有用到的列："+strings.Join(headings, "、")+"。")
}

// add takes a row in, unless it is empty.
func (t *table) add(sheet string, number int, cols columns, cells []string) error {
	row := knowledge.Row{Sheet: sheet, Number: number, Cells: make(map[string]string)}
	for i, c := range cells {
		if c = trim(c); c != "" && i < len(cols) && cols[i] != "" {
			row.Cells[cols[i]] = c
			t.left -= int64(len(c))
		}
	}
	if len(row.Cells) == 0 {
		return nil
	}
	t.rows = append(t.rows, row)
	if t.left < 0 || len(t.rows) > maxRows {
		return fault(TooLarge, fmt.Sprintf("名录超过 %d 行或文字太多，请拆分后再导入。", maxRows), nil)
	}
	return nil
}

// csvSource reads a directory in comma-separated values; no text of a policy comes in that form.
func csvSource(text string, opts Options) (source, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	t := &table{left: opts.MaxText}
	var cols columns
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return source{}, fault(Damaged, "csv 文件看不懂，请另存为 xlsx 再导入。", err)
		}
		number, _ := r.FieldPos(0)
		switch title, filled := rowText(nil, cells); {
		case cols != nil:
			if err := t.add("", number, cols, cells); err != nil {
				return source{}, err
			}
		case filled == 0:
		case filled == 1 && t.title == "":
			t.title = title
		case !isHeader(cells):
			return source{}, notDirectory()
		default:
			var ignored []string
			cols, ignored = header(cells)
			t.ignore("", ignored)
		}
	}
	if cols == nil {
		return source{}, notDirectory()
	}
	return source{table: t}, nil
}

func notDirectory() error {
	return fault(Unsupported,
		"csv 只用来导入名录：第一行要有“名称”“类别”等列名。政策文件请用 docx、pdf、xlsx、html、md 或 txt。", nil)
}

// buildDirectory makes the document of a directory: its rows as they are, and what of them cannot be
// used as questions to the editor.
func buildDirectory(file string, s source, opts Options) (knowledge.Document, error) {
	name := readName(file)
	d := knowledge.Document{Rows: s.table.rows}
	d.Key, d.Title, d.Region = name.key, cmp.Or(s.table.title, name.title), opts.Region
	if err := s.sidecar.apply(&d); err != nil {
		return knowledge.Document{}, err
	}
	for i, row := range d.Rows {
		if p, ok := placeNamed(row.Cells[directory.ColumnRegion]); ok {
			d.Rows[i].Cells[directory.ColumnRegion] = string(p.within(d.Region).region)
		}
	}
	records, doubts := directory.Read(d)
	if len(records) == 0 {
		why := append(doubts, "第一行以下是空的。")[:min(3, len(doubts)+1)]
		return knowledge.Document{}, fault(Unusable, "名录里没有一行能用："+strings.Join(why, ""), nil)
	}
	for _, why := range append(s.table.doubts, doubts...) {
		doubt(&d, "rows", why)
	}
	var err error
	d.Hash, err = hashRows(d)
	return d, err
}

// hashRows identifies a directory by what its rows say, wherever they stand.
func hashRows(d knowledge.Document) (string, error) {
	sum := sha256.New()
	sum.Write([]byte(squeeze(d.Title) + "\n" + string(d.Region)))
	for _, row := range d.Rows {
		cells, err := json.Marshal(row.Cells)
		if err != nil {
			return "", fmt.Errorf("hash row: %w", err)
		}
		sum.Write(cells)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
