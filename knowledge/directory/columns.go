package directory

// ColumnRegion is the heading under which each row says where it belongs.
const ColumnRegion = "地区"

// The other headings of the columns of a directory in a file.
const (
	columnKind    = "类别"
	columnLevel   = "级别"
	columnName    = "名称"
	columnAddress = "地址"
	columnPhone   = "电话"
	columnHours   = "开放时间"
	columnMatters = "办理事项"
	columnLat     = "纬度"
	columnLon     = "经度"
	columnSource  = "来源"
	columnChecked = "核对日期"

	columnDay      = "日期"
	columnFrom     = "开始"
	columnTo       = "结束"
	columnVenue    = "场地"
	columnPost     = "岗位"
	columnEmployer = "单位"
	columnOpenings = "人数"
	columnPay      = "待遇"
	columnNeeds    = "要求"

	columnMerchant = "商家"
	columnWhat     = "内容"
	columnWhom     = "对象"
	columnFirst    = "开始日期"
	columnLast     = "截止日期"
)

// Holding is what the cells of a column hold; a spreadsheet keeps days and times as numbers.
type Holding int

// What columns hold.
const (
	HoldsNothing Holding = iota
	HoldsText
	HoldsDays
	HoldsTimes
)

// HoldingOf tells what the column under a heading holds, HoldsNothing under one that no record has.
func HoldingOf(heading string) Holding {
	switch heading {
	case columnChecked, columnDay, columnFirst, columnLast:
		return HoldsDays
	case columnFrom, columnTo:
		return HoldsTimes
	case columnKind, columnLevel, columnName, ColumnRegion, columnAddress, columnPhone, columnHours,
		columnMatters, columnLat, columnLon, columnSource, columnVenue, columnPost, columnEmployer,
		columnOpenings, columnPay, columnNeeds, columnMerchant, columnWhat, columnWhom:
		return HoldsText
	}
	return HoldsNothing
}

// IsHeader reports whether headings are those of a directory: 名称, 类别 and at least one more of its
// columns, which a table in the text of a policy does not have together.
func IsHeader(headings []string) bool {
	known := make(map[string]bool)
	for _, h := range headings {
		known[h] = HoldingOf(h) != HoldsNothing
	}
	n := 0
	for _, is := range known {
		if is {
			n++
		}
	}
	return known[columnName] && known[columnKind] && n > 2
}
