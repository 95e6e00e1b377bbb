package answer

import (
	"regexp"
	"strconv"
	"time"

	"rongjun/knowledge"
)

// pastYear finds a year whose rules are asked about: 2019年那时候, 2015年的规定. A year that only
// dates an event (2019年退的伍) asks about today.
var pastYear = regexp.MustCompile(`((?:19|20)\d\d)年?(?:(\d{1,2})月份?)?(?:[^。!?,]{0,4}?)` +
	`(?:那时|那会|那阵|那年|那个时候|当时|的时候|时候的|前后|的(?:老)?(?:规定|政策|标准|条例|办法|规矩))`)

// pastEvent finds a year that dates something told, to which a question of its own then points back:
// 我2012年退役的，那时候退役金怎么算. Who asks of today after all says so.
var (
	pastEvent = regexp.MustCompile(`((?:19|20)\d\d)年?(?:(\d{1,2})月份?)?[^。!?]{0,12}[,，、 。]` +
		`(?:在)?(?:那时|那会|那阵|那年|那个时候|当时)[^。!?]*(?:怎么|多少|几|吗|什么|啥|咋|不|规定|政策|标准)`)
	ofToday = regexp.MustCompile(`现在|如今|今天|今年|眼下|还能|还可以|补发|补办|补偿|补领`)
)

// pastDay is the day a question about the past means, in the middle of the year unless the month is
// said.
func (r *reader) pastDay(folded string, today knowledge.Date) (knowledge.Date, bool) {
	m := pastYear.FindStringSubmatch(folded)
	if m == nil && !ofToday.MatchString(folded) {
		m = pastEvent.FindStringSubmatch(folded)
	}
	if m == nil {
		return knowledge.Date{}, false
	}
	year, err := strconv.Atoi(m[1])
	if err != nil {
		return knowledge.Date{}, false
	}
	day := knowledge.Date{Year: year, Month: time.July, Day: 1}
	if month, err := strconv.Atoi(m[2]); err == nil && month >= 1 && month <= 12 {
		day.Month = time.Month(month)
	}
	return day, day.Before(today)
}
