package ingest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// xlsxSource reads a workbook: each sheet under its name, each row as one line that says which
// column a value stands in.
func xlsxSource(data []byte, opts Options) (source, error) {
	unpacked := max(freeUnpacked, opts.MaxRatio*int64(len(data)))
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: unpacked, UnzipXMLSizeLimit: unpacked,
	})
	if err != nil {
		return source{}, fault(Damaged, "表格文件打不开，请另存为 xlsx 再导入。", err)
	}
	defer func() { _ = book.Close() }()
	if t, err := bookTable(book, opts); t != nil || err != nil {
		return source{table: t}, err
	}
	var s source
	size := int64(0)
	for i, sheet := range book.GetSheetList() {
		if i >= opts.MaxPages {
			return source{}, fault(TooLarge, fmt.Sprintf("表格超过 %d 张，请拆分后再导入。", opts.MaxPages), nil)
		}
		lines, err := sheetLines(book, sheet, opts.MaxText-size)
		if err != nil {
			return source{}, err
		}
		for _, l := range lines {
			size += int64(len(l.text))
		}
		s.lines = append(s.lines, lines...)
	}
	return s, nil
}

// sheetLines reads one sheet. The first row of one cell alone is its title; the first row of
// several names the columns.
func sheetLines(book *excelize.File, sheet string, limit int64) ([]line, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, fault(Damaged, "表格“"+sheet+"”打不开。", err)
	}
	defer func() { _ = rows.Close() }()
	lines := []line{{text: sheet, level: 2}}
	var columns []string
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return nil, fault(Damaged, "表格“"+sheet+"”读到一半出错。", err)
		}
		text, filled := rowText(columns, cells)
		switch {
		case filled == 0:
			continue
		case columns == nil && filled == 1 && len(lines) == 1:
			lines = append([]line{{text: text, level: 1}}, lines...)
			continue
		case columns == nil && filled > 1:
			columns = cells
			continue
		}
		lines = append(lines, line{text: text})
		if limit -= int64(len(text)); limit < 0 {
			return nil, fault(TooLarge, "表格里的文字太多，请拆分后再导入。", nil)
		}
	}
	if columns != nil && len(lines) == 1 {
		text, _ := rowText(nil, columns)
		lines = append(lines, line{text: text})
	}
	return lines, nil
}

// rowText writes a row as 列名：值；列名：值 and counts the cells that hold something.
func rowText(columns, cells []string) (text string, filled int) {
	var parts []string
	for i, c := range cells {
		c = strings.Join(strings.Fields(c), " ")
		if c == "" {
			continue
		}
		if i < len(columns) && trim(columns[i]) != "" {
			c = squeeze(columns[i]) + "：" + c
		}
		parts = append(parts, c)
	}
	return strings.Join(parts, "；"), len(parts)
}
