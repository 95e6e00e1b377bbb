package ingest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"rongjun/knowledge/directory"
)

// headerWithin is how many rows may stand above the headings of a sheet.
const headerWithin = 5

// bookTable reads a workbook as a directory if one of its sheets is one; the others are told. Without
// such a sheet there is no table.
func bookTable(book *excelize.File, opts Options) (*table, error) {
	t := &table{left: opts.MaxText}
	var others []string
	found := false
	for i, sheet := range book.GetSheetList() {
		if i >= opts.MaxPages {
			break
		}
		g, err := openGrid(book, sheet)
		if err != nil {
			return nil, err
		}
		is, err := g.read(t)
		if err != nil {
			return nil, err
		}
		found = found || is
		if !is && !g.empty {
			others = append(others, sheet)
		}
	}
	if !found {
		return nil, nil
	}
	for _, sheet := range others {
		t.doubts = append(t.doubts, "表“"+sheet+"”没有“名称”“类别”等列名，没有用。")
	}
	return t, nil
}

// grid is one sheet with its cells as they are stored: what is shown of a number may be rounded, and a
// day may be shown without its year.
type grid struct {
	book  *excelize.File
	sheet string
	rows  *excelize.Rows
	// early says that the days of the workbook are counted from 1904.
	early bool
	empty bool
	title string
	cols  columns
	// merged are, by column, the cells that hold for the rows below them too.
	merged map[int][]span
}

// span is a value that holds from one row to another.
type span struct {
	from, to int
	value    string
}

func openGrid(book *excelize.File, sheet string) (*grid, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, fault(Damaged, "表格“"+sheet+"”打不开。", err)
	}
	g := &grid{book: book, sheet: sheet, rows: rows, empty: true}
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		g.early = *props.Date1904
	}
	return g, nil
}

// read adds the rows of the sheet to the table, if it is a directory.
func (g *grid) read(t *table) (is bool, err error) {
	defer func() { _ = g.rows.Close() }()
	for number := 1; g.rows.Next(); number++ {
		cells, err := g.rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return false, fault(Damaged, "表格“"+g.sheet+"”读到一半出错。", err)
		}
		text, filled := rowText(nil, cells)
		g.empty = g.empty && filled == 0
		switch {
		case filled == 0 && (g.cols != nil || number <= headerWithin):
		case g.cols != nil:
			if err := t.add(g.sheet, number, g.cols, g.plain(number, cells)); err != nil {
				return false, err
			}
		case filled == 1 && number <= headerWithin:
			if g.title == "" {
				g.title = text
			}
		case !isHeader(cells):
			return false, nil
		default:
			if err := g.begin(t, cells); err != nil {
				return false, err
			}
		}
	}
	return g.cols != nil, nil
}

// begin takes the headings in.
func (g *grid) begin(t *table, cells []string) error {
	var ignored []string
	g.cols, ignored = header(cells)
	t.ignore(g.sheet, ignored)
	if t.title == "" {
		t.title = g.title
	}
	cellsMerged, err := g.book.GetMergeCells(g.sheet)
	if err != nil {
		return fault(Damaged, "表格“"+g.sheet+"”打不开。", err)
	}
	g.merged = make(map[int][]span)
	for _, m := range cellsMerged {
		col, from, errFrom := excelize.CellNameToCoordinates(m.GetStartAxis())
		_, to, errTo := excelize.CellNameToCoordinates(m.GetEndAxis())
		if errFrom != nil || errTo != nil || to == from || col > len(g.cols) {
			continue
		}
		value, err := g.book.GetCellValue(g.sheet, m.GetStartAxis(), excelize.Options{RawCellValue: true})
		if err == nil && value != "" {
			g.merged[col-1] = append(g.merged[col-1], span{from, to, value})
		}
	}
	return nil
}

// plain fills in what is merged and writes days and times as people do.
func (g *grid) plain(number int, cells []string) []string {
	out := make([]string, len(g.cols))
	copy(out, cells)
	for i := range out {
		for _, m := range g.merged[i] {
			if number >= m.from && number <= m.to {
				out[i] = m.value
			}
		}
		switch directory.HoldingOf(g.cols[i]) {
		case directory.HoldsDays:
			out[i] = g.day(out[i])
		case directory.HoldsTimes:
			out[i] = clock(out[i])
		}
	}
	return out
}

// The numbers that stand for days between 1982 and 2119 in a spreadsheet.
const firstDay, lastDay = 30_000, 80_000

func (g *grid) day(cell string) string {
	n, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
	if err != nil || n < firstDay || n > lastDay {
		return cell
	}
	day, err := excelize.ExcelDateToTime(math.Floor(n), g.early)
	if err != nil {
		return cell
	}
	return day.Format(time.DateOnly)
}

// clock writes a share of a day as a time.
func clock(cell string) string {
	n, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
	if err != nil || n < 0 || n >= 1 {
		return cell
	}
	minutes := int(math.Round(n * 24 * 60))
	return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
}
