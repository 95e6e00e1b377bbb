package directory

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"rongjun/knowledge"
	"rongjun/knowledge/figure"
)

// span is a run of days as a distance from today.
type span struct{ from, to int }

// dayWords are the plain words for days, the longer before the shorter they contain.
var dayWords = []struct {
	word string
	span span
}{
	{"大后天", span{3, 3}},
	{"后天", span{2, 2}},
	{"明天", span{1, 1}},
	{"明日", span{1, 1}},
	{"明儿", span{1, 1}},
	{"今天", span{0, 0}},
	{"今日", span{0, 0}},
	{"今儿", span{0, 0}},
	{"大前天", span{-3, -3}},
	{"前天", span{-2, -2}},
	{"昨天", span{-1, -1}},
	{"昨日", span{-1, -1}},
	{"这几天", span{0, 6}},
	{"近几天", span{0, 6}},
	{"最近几天", span{0, 6}},
	{"这两天", span{0, 2}},
	{"近期", span{0, 29}},
}

var (
	weekWords = regexp.MustCompile(`(每个?|下下|这个?|本|下个?|上个?)?(?:周|星期|礼拜)` +
		`(末|[一二三四五六日天1-7])?`)
	monthWords = regexp.MustCompile(`(?:^|[^0-9一二三四五六七八九十两几])` +
		`(每个?|这个?|本|下个?|上个?)?个?月(底|初|末)?`)
)

// Days reads the days that the text speaks of, as seen from today: 明天, 这周, 本周末, 下周三, 周六, 这个月, 月底,
// 11月28日, 28号. A week begins on Monday; a bare weekday is the next one that is not over; a day
// without a year is the next one, up to half a year back. It is not ok if the text names no days.
func Days(text string, today knowledge.Date) (from, to knowledge.Date, ok bool) {
	if day, ok := namedDay(text, today); ok {
		return day, day, true
	}
	for _, w := range dayWords {
		if strings.Contains(text, w.word) {
			return today.AddDays(w.span.from), today.AddDays(w.span.to), true
		}
	}
	if m := timeWord(monthWords, text); m != nil {
		from, to = month(today, shift(m[1]), m[2])
		return from, to, true
	}
	if m := timeWord(weekWords, text); m != nil {
		from, to = week(today, m[1], m[2])
		return from, to, true
	}
	return namedMonth(text, today)
}

// timeWord finds the first match that says which one or which part of it; 每周 and 周边 say neither.
func timeWord(pattern *regexp.Regexp, text string) []string {
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(m[1], "每") && (m[1] != "" || m[2] != "") {
			return m
		}
	}
	return nil
}

// shift is how many weeks or months the word goes forward.
func shift(word string) int {
	switch {
	case word == "下下":
		return 2
	case strings.HasPrefix(word, "下"):
		return 1
	case strings.HasPrefix(word, "上"):
		return -1
	}
	return 0
}

func week(today knowledge.Date, which, day string) (from, to knowledge.Date) {
	sinceMonday := (int(today.Time().Weekday()) + 6) % 7
	monday := today.AddDays(-sinceMonday + 7*shift(which))
	switch day {
	case "":
		return monday, monday.AddDays(6)
	case "末":
		return monday.AddDays(5), monday.AddDays(6)
	}
	n := strings.IndexAny("1234567", day)
	if n < 0 {
		n = strings.Index("一二三四五六日", strings.Replace(day, "天", "日", 1)) / len("一")
	}
	found := monday.AddDays(n)
	if which == "" && found.Before(today) {
		found = found.AddDays(7)
	}
	return found, found
}

func month(today knowledge.Date, shift int, part string) (from, to knowledge.Date) {
	first := knowledge.Date{Year: today.Year, Month: today.Month, Day: 1}.Time().AddDate(0, shift, 0)
	from = knowledge.DateOf(first)
	to = knowledge.DateOf(first.AddDate(0, 1, -1))
	switch part {
	case "初":
		to = from.AddDays(9)
	case "底", "末":
		from = to.AddDays(-9)
	}
	return from, to
}

// namedDay reads 2026年11月28日, 11月28日 and 28号.
func namedDay(text string, today knowledge.Date) (knowledge.Date, bool) {
	for _, f := range figure.All(text) {
		if day, err := knowledge.ParseDate(f.Value); err == nil && !day.IsZero() {
			return day, true
		}
		m, d, found := strings.Cut(strings.TrimSuffix(f.Value, "日"), "月")
		if month, day, ok := numbers(m, d); found && ok {
			return nearYear(today, time.Month(month), day), true
		}
		n, isDay := strings.CutSuffix(f.Value, "号")
		if _, day, ok := numbers("1", n); isDay && ok && day <= 31 && !houseNumber(text[:f.Start]) {
			return dayOfMonth(today, day), true
		}
	}
	return knowledge.Date{}, false
}

// houseNumber says whether the words before a number make it one of a house: 示例路12号.
func houseNumber(before string) bool {
	for _, street := range []string{"路", "街", "巷", "弄", "道", "楼", "院"} {
		if strings.HasSuffix(before, street) {
			return true
		}
	}
	return false
}

// namedMonth reads a month that stands alone: 12月.
func namedMonth(text string, today knowledge.Date) (from, to knowledge.Date, ok bool) {
	for _, f := range figure.All(text) {
		name, isMonth := strings.CutSuffix(f.Value, "月")
		if n, _, ok := numbers(name, "1"); isMonth && ok {
			first := nearYear(today, time.Month(n), 1)
			if first.Month == today.Month {
				first = today
			}
			from, to = month(first, 0, "")
			return from, to, true
		}
	}
	return from, to, false
}

func numbers(a, b string) (x, y int, ok bool) {
	x, errA := strconv.Atoi(a)
	y, errB := strconv.Atoi(b)
	return x, y, errA == nil && errB == nil
}

// nearYear gives a day without a year the year in which it is next, unless it was less than half a
// year ago.
func nearYear(today knowledge.Date, m time.Month, day int) knowledge.Date {
	found := knowledge.Date{Year: today.Year, Month: m, Day: day}
	switch gap := int(found.Time().Sub(today.Time()).Hours() / 24); {
	case gap < -182:
		found.Year++
	case gap > 182:
		found.Year--
	}
	return found
}

// dayOfMonth is the next day with that number, in this month or the following.
func dayOfMonth(today knowledge.Date, day int) knowledge.Date {
	for n := range 3 {
		first, last := month(today, n, "")
		found := first.AddDays(day - 1)
		if day <= last.Day && !found.Before(today) {
			return found
		}
	}
	return today
}
