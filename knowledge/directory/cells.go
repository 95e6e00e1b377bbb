package directory

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"rongjun/knowledge"
)

// cells reads the cells of one row and notes what is wrong with them.
type cells struct {
	row knowledge.Row
	// refused is why the row cannot be used, doubts are what of it cannot.
	refused string
	doubts  []string
}

func (c *cells) text(column string) string {
	return strings.Join(strings.Fields(c.row.Cells[column]), " ")
}

// needed is a text without which the row cannot be used.
func (c *cells) needed(column string) string {
	value := c.text(column)
	if value == "" {
		c.refuse("没有写%s", column)
	}
	return value
}

// refuse keeps the first reason.
func (c *cells) refuse(format string, args ...any) {
	if c.refused == "" {
		c.refused = fmt.Sprintf(format, args...)
	}
}

func (c *cells) doubt(format string, args ...any) {
	c.doubts = append(c.doubts, fmt.Sprintf(format, args...))
}

// place says where the row stands.
func (c *cells) place() string {
	if c.row.Sheet == "" {
		return fmt.Sprintf("第%d行", c.row.Number)
	}
	return fmt.Sprintf("表“%s”第%d行", c.row.Sheet, c.row.Number)
}

// told are the refusal and the doubts as an editor reads them.
func (c *cells) told() []string {
	if c.refused != "" {
		return []string{c.place() + "：" + c.refused + "，这一行没有用。"}
	}
	var all []string
	for _, d := range c.doubts {
		all = append(all, c.place()+"："+d+"。")
	}
	return all
}

var (
	province = `(?:\p{Han}{1,8}(?:省|自治区|特别行政区)|北京市|天津市|上海市|重庆市)`
	wholeWay = regexp.MustCompile(`^` + province + `(?:/\p{Han}{2,20})*$`)
)

// region is the cell's, else the document's; either has to begin with the province.
func (c *cells) region(of knowledge.Region) knowledge.Region {
	said := strings.Trim(strings.ReplaceAll(c.text(ColumnRegion), "／", "/"), "/ ")
	if said == "" {
		said = string(of)
	}
	switch {
	case said == "":
		c.refuse("没有写地区")
	case !wholeWay.MatchString(said):
		c.refuse("地区“%s”要从省写起，如 浙江省/杭州市/西湖区", said)
	}
	return knowledge.Region(said)
}

var (
	writtenDay = regexp.MustCompile(
		`^(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?日?(?: 0?0:00(?::00)?)?$`)
	compactDay = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	dayTime    = regexp.MustCompile(`^([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：]00)?$`)
)

// day reads a day with its year; an empty cell is the zero day.
func (c *cells) day(column string) (day knowledge.Date, ok bool) {
	said := c.text(column)
	if said == "" {
		return day, true
	}
	m := writtenDay.FindStringSubmatch(said)
	if m == nil {
		m = compactDay.FindStringSubmatch(said)
	}
	if m == nil {
		return day, false
	}
	day, err := knowledge.ParseDate(fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3]))
	return day, err == nil
}

// dayThatCounts is a day that the row cannot be used without knowing.
func (c *cells) dayThatCounts(column string) knowledge.Date {
	day, ok := c.day(column)
	if !ok {
		c.refuse("%s“%s”不是 2026-11-28 这样的日期", column, c.text(column))
	}
	return day
}

// hour reads a time of day.
func (c *cells) hour(column string) string {
	said := c.text(column)
	m := dayTime.FindStringSubmatch(said)
	switch {
	case said == "":
		return ""
	case m == nil:
		c.doubt("%s“%s”不是 9:00 这样的时间，没有用", column, said)
		return ""
	}
	return m[1] + ":" + m[2]
}

// openings reads how many are wanted.
func (c *cells) openings() int {
	said := c.text(columnOpenings)
	n, err := strconv.Atoi(strings.TrimRight(said, "人名 "))
	if said != "" && (err != nil || n < 0) {
		c.doubt("%s“%s”不是数字，没有用", columnOpenings, said)
		return 0
	}
	return n
}

// list reads several values of one cell.
func (c *cells) list(column string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(c.text(column), func(r rune) bool {
		return strings.ContainsRune("、，,；;", r)
	}) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// The span of degrees in which China lies.
const (
	south, north = 3, 54
	west, east   = 73, 136
)

// point is where the row lies on the map; a position in doubt is left out, since a map would lead
// people astray.
func (c *cells) point() Point {
	lat, lon := c.text(columnLat), c.text(columnLon)
	if lat == "" && lon == "" {
		return Point{}
	}
	p := Point{}
	var errLat, errLon error
	p.Lat, errLat = strconv.ParseFloat(lat, 64)
	p.Lon, errLon = strconv.ParseFloat(lon, 64)
	within := func(v, least, most float64) bool { return v >= least && v <= most }
	switch {
	case errLat != nil || errLon != nil:
		c.doubt("纬度“%s”、经度“%s”不是两个数，位置没有用", lat, lon)
	case within(p.Lat, south, north) && within(p.Lon, west, east):
		return p
	case within(p.Lon, south, north) && within(p.Lat, west, east):
		c.doubt("纬度“%s”和经度“%s”像是写反了，位置没有用", lat, lon)
	default:
		c.doubt("纬度“%s”、经度“%s”不在中国，位置没有用", lat, lon)
	}
	return Point{}
}
