package answer

import (
	"regexp"
	"strconv"
	"time"

	"rongjun/knowledge"
)

// year is a year with the part of it that is said: 2019年, 2019年10月份, 2019年底, 2019年下半年, 2019年春天.
const year = `((?:19|20)\d\d)年?(?:(\d{1,2})月份?|年?([初底末尾])|([上下])半年|([春夏秋冬])天?)?`

// pastYear finds a year whose rules are asked about: 2019年那时候, 2015年的规定. A year that only
// dates an event (2019年退的伍) asks about today.
var pastYear = regexp.MustCompile(year + `(?:[^。!?,]{0,4}?)` +
	`(?:那时|那会|那阵|那年|那个时候|当时|的时候|时候的|前后|的(?:老)?(?:规定|政策|标准|条例|办法|规矩))`)

// pastEvent finds a year that dates something told, to which a question of its own then points back:
// 我2012年退役的，那时候退役金怎么算. Who asks of today after all says so.
var (
	pastEvent = regexp.MustCompile(year + `[^。!?]{0,12}[,，、 。]` +
		`(?:在)?(?:那时|那会|那阵|那年|那个时候|当时)[^。!?]*(?:怎么|多少|几|吗|什么|啥|咋|不|规定|政策|标准)`)
	ofToday = regexp.MustCompile(`现在|如今|今天|今年|眼下|还能|还可以|补发|补办|补偿|补领`)
)

// partOfYear are the months that words for a part of the year mean.
var partOfYear = map[string]time.Month{
	"初": time.January, "上": time.April, "春": time.April, "夏": time.July,
	"下": time.October, "秋": time.October, "冬": time.December, "底": time.December, "末": time.December,
	"尾": time.December,
}

// pastTime is a time gone by that is asked about: a day of it, and whether only its year was said.
type pastTime struct {
	day      knowledge.Date
	onlyYear bool
}

// pastTime finds the time that a question about the past means. Of a year alone it is the middle.
func (r *reader) pastTime(folded string, today knowledge.Date) (pastTime, bool) {
	m := pastYear.FindStringSubmatch(folded)
	if m == nil && !ofToday.MatchString(folded) {
		m = pastEvent.FindStringSubmatch(folded)
	}
	if m == nil {
		return pastTime{}, false
	}
	year, err := strconv.Atoi(m[1])
	if err != nil {
		return pastTime{}, false
	}
	t := pastTime{knowledge.Date{Year: year, Month: time.July, Day: 1}, true}
	if month, err := strconv.Atoi(m[2]); err == nil && month >= 1 && month <= 12 {
		t.day.Month, t.onlyYear = time.Month(month), false
	}
	if month := partOfYear[m[3]+m[4]+m[5]]; month != 0 {
		t.day.Month, t.onlyYear = month, false
	}
	return t, t.day.Before(today)
}

// days are those of the time whose law may be meant: of a year alone its middle and, where nothing is
// known of that, its end, for the law changes within years too.
func (t pastTime) days(today knowledge.Date) []knowledge.Date {
	days := []knowledge.Date{t.day}
	if end := (knowledge.Date{Year: t.day.Year, Month: time.December, Day: 31}); t.onlyYear && end.Before(today) {
		days = append(days, end)
	}
	return days
}
