package ingest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"rongjun/knowledge/directory"
	"rongjun/knowledge/ingest"
)

// workbook is a file with one sheet, 机构, and what else is done to it.
func workbook(t testing.TB, rows [][]any, more func(*excelize.File)) []byte {
	t.Helper()
	book := excelize.NewFile()
	require.NoError(t, book.SetSheetName("Sheet1", "机构"))
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		require.NoError(t, err)
		require.NoError(t, book.SetSheetRow("机构", cell, &row))
	}
	if more != nil {
		more(book)
	}
	data, err := book.WriteToBuffer()
	require.NoError(t, err)
	return data.Bytes()
}

func TestAWorkbookOfPlacesIsADirectory(t *testing.T) {
	fair := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	data := workbook(t, [][]any{
		{"西湖区退役军人服务名录"},
		{"*名称", "类别", "地区", "电话", "纬度", "经度", "联系人", "日期", "开始", "岗位"},
		{"北山站", "服务站", "浙江省杭州市西湖区", "0571-85110000", 30.2612345678, 120.1412345678, "某某"},
		{},
		{"无类站", "驿站", "浙江省/杭州市/西湖区"},
		{"冬季专场", "招聘会", "杭州市西湖区", nil, nil, nil, nil, fair, 0.375, "仓管"},
		{nil, nil, nil, nil, nil, nil, nil, nil, nil, "保安"},
	}, func(book *excelize.File) {
		for _, col := range []string{"A", "B", "C", "H", "I"} {
			require.NoError(t, book.MergeCell("机构", col+"6", col+"7"))
		}
		_, err := book.NewSheet("填写说明")
		require.NoError(t, err)
		require.NoError(t, book.SetCellValue("填写说明", "A1", "一行一个机构。"))
	})
	d, err := read(t, "机构.xlsx", data, ingest.Options{Region: "浙江省/杭州市"})
	require.NoError(t, err)
	assert.True(t, d.IsDirectory())
	assert.Equal(t, "机构", d.Key)
	assert.Equal(t, "西湖区退役军人服务名录", d.Title)
	assert.Empty(t, d.Clauses)
	var told []string
	for _, u := range d.Unsure {
		assert.Equal(t, "rows", u.Field)
		told = append(told, u.Why)
	}
	assert.Equal(t, []string{
		"表“机构”：没有用到的列：联系人。", "表“填写说明”没有“名称”“类别”等列名，没有用。",
		"表“机构”第5行：不认识类别“驿站”，这一行没有用。",
	}, told)
	records, _ := directory.Read(d)
	require.Len(t, records, 2)
	station, ok := records[0].(directory.Place)
	require.True(t, ok)
	assert.Equal(t, directory.Point{Lat: 30.2612345678, Lon: 120.1412345678}, station.At)
	assert.Contains(t, records[1].Text(), "时间：2026年11月28日（周六）9:00")
	assert.Contains(t, records[1].Text(), "岗位：仓管；保安")
}

const csvRows = "类别,名称,地区,地址,备注\r\n服务站,北山站,浙江省/杭州市/西湖区,某路1号,\r\n" +
	"窗口,,浙江省/杭州市/西湖区,某路2号,没有名称\r\n"

func TestADirectoryIsTheSameInBothEncodingsOfCSV(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(csvRows)
	require.NoError(t, err)
	plain, err := read(t, "机构.csv", []byte("\ufeff"+csvRows), ingest.Options{})
	require.NoError(t, err)
	same, err := read(t, "机构.csv", []byte(gbk), ingest.Options{})
	require.NoError(t, err)
	assert.Equal(t, plain, same)
	assert.Equal(t, "机构", plain.Title)
	require.Len(t, plain.Unsure, 2)
	assert.Equal(t, "没有用到的列：备注。", plain.Unsure[0].Why)
	assert.Equal(t, "第3行：没有写名称，这一行没有用。", plain.Unsure[1].Why)
	records, _ := directory.Read(plain)
	require.Len(t, records, 1)
	changed, err := read(t, "机构.csv", []byte(csvRows+"医院,甲院,浙江省/杭州市,,\n"), ingest.Options{})
	require.NoError(t, err)
	assert.NotEqual(t, plain.Hash, changed.Hash)
}

func TestAListWithoutAUsableRowIsNotImported(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		kind ingest.Kind
		says string
	}{
		"no region":     {"类别,名称,地址\n服务站,北山站,某路\n", ingest.Unusable, "没有一行能用：第2行：没有写地区"},
		"nothing below": {"类别,名称,地址\n", ingest.Unusable, "第一行以下是空的"},
		"other columns": {"姓名,电话\n某某,1\n", ingest.Unsupported, "名称"},
		"a policy":      {"名称,类别,标准\n优待金,甲,1\n", ingest.Unsupported, "名称"},
	} {
		_, err := read(t, "机构.csv", []byte(c.text), ingest.Options{})
		var f *ingest.Fault
		require.True(t, errors.As(err, &f), name)
		assert.Equal(t, c.kind, f.Kind, name)
		assert.Contains(t, f.Reason, c.says, name)
	}
	d, err := read(t, "标准.xlsx",
		workbook(t, [][]any{{"名称", "类别", "标准"}, {"优待金", "甲", 1}}, nil), ingest.Options{})
	require.NoError(t, err)
	assert.False(t, d.IsDirectory(), "a table of a policy stays a text")
	assert.Len(t, d.Clauses, 1)
}
