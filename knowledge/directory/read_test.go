package directory_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
)

// listed is a directory whose rows are written as 列=值 列=值, the first standing in row 2.
func listed(rows ...string) knowledge.Document {
	d := knowledge.Document{Enactment: knowledge.Enactment{Key: "机构", Title: "西湖区名录"}}
	for i, row := range rows {
		cells := make(map[string]string)
		for _, cell := range strings.Fields(row) {
			heading, value, _ := strings.Cut(cell, "=")
			cells[heading] = value
		}
		d.Rows = append(d.Rows, knowledge.Row{Sheet: "表1", Number: i + 2, Cells: cells})
	}
	return d
}

const here = " 地区=浙江省/杭州市/西湖区"

func TestRowsBecomeRecordsWithTheirSource(t *testing.T) {
	records, doubts := directory.Read(listed(
		"类别=服务站 级别=街道乡镇 名称=北山站 地址=某路1号 电话=0571-85110000 开放时间=周一至周五9:00至17:00 "+
			"办理事项=优待证、关系转接，就业 纬度=30.26 经度=120.14 来源=区公告 核对日期=2026年11月1日"+here,
		"类别=招聘会 名称=冬季专场 日期=2026-11-28 开始=9:00 结束=16:00 场地=体育馆 岗位=仓管 单位=甲公司 人数=5人 待遇=面议"+here,
		"类别=招聘会 名称=冬季专场 日期=2026-11-28 岗位=保安"+here,
		"类别=优惠 名称=购书 商家=某书店 内容=八折 对象=持优待证 开始日期=2026/11/1 截止日期=20261231"+here,
	))
	assert.Empty(t, doubts)
	require.Len(t, records, 3)
	assert.Equal(t, "place:服务站/浙江省/杭州市/西湖区/北山站", records[0].Ref())
	assert.Equal(t, "北山站（服务站）\n地区：浙江省杭州市西湖区\n地址：某路1号\n时间：周一至周五9:00至17:00\n"+
		"电话：0571-85110000\n办理：优待证、关系转接、就业\n核对日期：2026年11月1日\n来源：区公告", records[0].Text())
	assert.Equal(t, "冬季专场（招聘会）\n时间：2026年11月28日（周六）9:00至16:00\n地点：体育馆\n地区：浙江省杭州市西湖区\n"+
		"岗位：仓管，5人，甲公司，面议；保安\n来源：西湖区名录", records[1].Text())
	assert.Equal(t, "购书（优惠）\n商家：某书店\n地址：没有登记\n内容：八折\n对象：持优待证\n开始日期：2026年11月1日\n"+
		"有效期至：2026年12月31日\n来源：西湖区名录", records[2].Text())
	spot, ok := directory.SpotOf(records[0])
	assert.True(t, ok)
	assert.Equal(t, "北山站", spot.Name)
}

func TestARowThatCannotBeUsedIsTold(t *testing.T) {
	for row, why := range map[string]string{
		"类别=饭店 名称=甲" + here:                    "不认识类别“饭店”",
		"类别=服务站" + here:                        "没有写名称",
		"名称=甲" + here:                          "没有写类别",
		"类别=服务站 名称=甲":                          "没有写地区",
		"类别=服务站 名称=甲 地区=西湖区":                   "地区“西湖区”要从省写起",
		"类别=招聘会 名称=甲" + here:                   "没有写日期",
		"类别=招聘会 名称=甲 日期=2026-02-30" + here:     "日期“2026-02-30”不是",
		"类别=招聘会 名称=甲 日期=11月28日" + here:         "日期“11月28日”不是",
		"类别=优惠 名称=甲 内容=八折" + here:              "没有写商家",
		"类别=优惠 名称=甲 商家=乙" + here:               "没有写内容",
		"类别=优惠 名称=甲 商家=乙 内容=八折 截止日期=年底" + here: "截止日期“年底”不是",
		"类别=优惠 名称=甲 商家=乙 内容=丙 开始日期=2026-2-1 截止日期=2026-1-1" + here: "截止日期早于开始日期",
	} {
		records, doubts := directory.Read(listed(row))
		assert.Empty(t, records, row)
		require.Len(t, doubts, 1, row)
		assert.Contains(t, doubts[0], "表“表1”第2行："+why, row)
		assert.Contains(t, doubts[0], "这一行没有用", row)
	}
	records, doubts := directory.Read(listed("类别=医院 名称=甲"+here, "类别=医院 名称=甲 电话=120"+here))
	assert.Len(t, records, 1)
	assert.Equal(t, []string{"表“表1”第3行：和表“表1”第2行的类别、地区、名称一样，这一行没有用。"}, doubts)
}

func TestACellInDoubtIsLeftOutAndTold(t *testing.T) {
	for cell, why := range map[string]string{
		"电话=办公室": "不像能拨的号码", "电话=57185110000": "不像能拨的号码", "电话=0571-85110000、多年不用": "不像能拨的号码",
		"电话=1380000111": "不像能拨的号码", "纬度=120.1 经度=30.2": "像是写反了", "纬度=30.2": "不是两个数",
		"纬度=10.2 经度=10.1": "不在中国", "级别=省会": "不认识级别", "核对日期=去年": "不是 2026-11-28 这样的日期",
	} {
		records, doubts := directory.Read(listed("类别=服务站 名称=甲 来源=乙 " + cell + here))
		require.Len(t, records, 1, cell)
		require.Len(t, doubts, 1, cell)
		assert.Contains(t, doubts[0], "表“表1”第2行：", cell)
		assert.Contains(t, doubts[0], why, cell)
		assert.Equal(t, directory.Place{
			ID: "服务站/浙江省/杭州市/西湖区/甲", Kind: directory.Station, Name: "甲", Region: "浙江省/杭州市/西湖区",
			Origin: directory.Origin{Source: "乙"},
		}, records[0], cell)
	}
	for cell, why := range map[string]string{
		"开始=早上": "不是 9:00 这样的时间", "人数=若干 岗位=甲": "不是数字", "单位=甲公司": "没有写岗位",
	} {
		records, doubts := directory.Read(listed("类别=招聘会 名称=甲 日期=2026-11-28 " + cell + here))
		require.Len(t, records, 1, cell)
		require.Len(t, doubts, 1, cell)
		assert.Contains(t, doubts[0], why)
	}
	_, doubts := directory.Read(listed("类别=招聘会 名称=甲 日期=2026-11-28 场地=东馆"+here,
		"类别=招聘会 名称=甲 日期=2026-11-28 场地=西馆"+here))
	assert.Equal(t, []string{"表“表1”第3行：场地“西馆”和表“表1”第2行的不一样，没有用。"}, doubts)
}

func TestPhonesOfAllKindsAreKeptAsWritten(t *testing.T) {
	for _, phone := range []string{
		"0571-85110000", "057185110000", "85110000", "12345", "13800001111", "400-800-1234", "4008001234",
		"（0571）85110000", "0571-85110000转8012", "0571-85110000-802", "+8657185110000", "85110000、85110001",
		"138-0000-1111",
	} {
		records, doubts := directory.Read(listed("类别=窗口 名称=甲 电话=" + phone + here))
		assert.Empty(t, doubts, phone)
		require.Len(t, records, 1)
		assert.Contains(t, records[0].Text(), "电话："+phone)
	}
}

func TestOfTwoDirectoriesTheOneCheckedLastCounts(t *testing.T) {
	older := listed("类别=医院 名称=甲 电话=85110000 核对日期=2026-01-01"+here, "类别=医院 名称=乙 电话=85110001"+here)
	newer := listed("类别=医院 名称=甲 电话=85110002 核对日期=2026-06-01"+here, "类别=医院 名称=乙 电话=85110003"+here)
	for _, docs := range [][]knowledge.Document{{older, newer}, {newer, older}} {
		records := directory.Gather(docs)
		require.Len(t, records, 2)
		assert.Contains(t, records[0].Text(), "85110002")
	}
	assert.Contains(t, directory.Gather([]knowledge.Document{older, newer})[1].Text(), "85110003")
}

func TestTheDocumentsRegionStandsInForRowsWithoutOne(t *testing.T) {
	d := listed("类别=医院 名称=甲")
	d.Region = "浙江省/杭州市"
	records, doubts := directory.Read(d)
	assert.Empty(t, doubts)
	require.Len(t, records, 1)
	assert.Contains(t, records[0].Text(), "地区：浙江省杭州市\n")
}

func TestALongListOfPostsIsCutAndSaysSo(t *testing.T) {
	var rows []string
	for range 14 {
		rows = append(rows, "类别=招聘会 名称=甲 日期=2026-11-28 岗位=保安"+here)
	}
	records, _ := directory.Read(listed(rows...))
	require.Len(t, records, 1)
	text := records[0].Text()
	assert.Equal(t, 12, strings.Count(text, "保安"))
	assert.Contains(t, text, "共有14个岗位，这里只列前12个")
}
