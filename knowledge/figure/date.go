package figure

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// dateValue writes the parts that are known: 2024-09-01, 2024-09, 2024年, 9月1日, 9月.
func dateValue(year, month, day int) string {
	switch {
	case year > 0 && month > 0 && day > 0:
		return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	case year > 0 && month > 0:
		return fmt.Sprintf("%04d-%02d", year, month)
	case month > 0 && day > 0:
		return fmt.Sprintf("%d月%d日", month, day)
	case month > 0:
		return fmt.Sprintf("%d月", month)
	}
	return fmt.Sprintf("%d年", year)
}

func (it item) validDate() bool {
	if it.day == 0 {
		return it.month >= 1 && it.month <= 12
	}
	year := it.year
	if year == 0 {
		year = 2024
	}
	day := time.Date(year, time.Month(it.month), it.day, 0, 0, 0, 0, time.UTC)
	return int(day.Month()) == it.month && day.Day() == it.day
}

// joinDates makes one item of the year, month and day that stand directly after each other.
func joinDates(text string, items []item) []item {
	var out []item
	for _, it := range items {
		it.readDatePart()
		if len(out) > 0 && strings.TrimSpace(text[out[len(out)-1].end:it.start]) == "" {
			if joined, ok := join(out[len(out)-1], it); ok {
				out[len(out)-1] = joined
				continue
			}
		}
		out = append(out, it)
	}
	return out
}

// readDatePart marks calendar years (four digits) and months; 30日 alone stays a number of days.
func (it *item) readDatePart() {
	n := atoi(it.num.value)
	switch {
	case it.fixed != "":
	case it.unit == "年" && n >= 1000 && n < 3000:
		it.year = n
	case it.unit == "月" && n >= 1 && n <= 12:
		it.month = n
	}
}

func join(a, b item) (item, bool) {
	if a.fixed != "" || b.fixed != "" || a.day > 0 {
		return a, false
	}
	joined := a
	joined.end = b.end
	switch n := atoi(b.num.value); {
	case a.year > 0 && a.month == 0 && b.month > 0 && b.year == 0:
		joined.month = b.month
	case a.month > 0 && (b.unit == "日" || b.unit == "号") && n >= 1 && n <= 31:
		joined.day = n
	default:
		return a, false
	}
	return joined, joined.validDate()
}

// shareDates gives the second day of a range what it leaves out: in 11月28日至29日 the month, in
// 2026年11月28日至12月1日 the year.
func shareDates(text string, items []item) []item {
	for i := 1; i < len(items); i++ {
		a, b := items[i-1], items[i]
		if a.month == 0 || !isRange(text[a.end:b.start]) {
			continue
		}
		switch {
		case b.month > 0 && b.year == 0:
			b.year = a.year
		case a.day > 0 && b.month == 0 && (b.unit == "日" || b.unit == "号"):
			b.year, b.month, b.day = a.year, a.month, atoi(b.num.value)
		default:
			continue
		}
		if b.validDate() {
			items[i] = b
		}
	}
	return items
}

// afternoon is what before an hour adds twelve to it.
var afternoon = regexp.MustCompile(`(?:下午|晚上|傍晚|夜里|晚) ?$`)

func clockValue(text string, start, hour, minute int) string {
	if hour < 12 && afternoon.MatchString(text[:start]) {
		hour += 12
	}
	return fmt.Sprintf("%d:%02d", hour, minute)
}

// readClock turns 下午3点半 and 9时30分 into 15:30 and 9:30. Hours beyond 24 stay as they are.
func (it *item) readClock(text string) {
	hour := atoi(it.num.value)
	if hour > 24 || it.num.ratio == nil || !it.num.ratio.IsInt() {
		it.fixed = it.num.value + clockUnit
		return
	}
	minute := 0
	if rest := text[it.end:]; strings.HasPrefix(rest, "半") {
		minute, it.end = 30, it.end+len("半")
	} else if n, end := readNumber(text, it.end); end > it.end {
		if after, ok := strings.CutPrefix(text[end:], "分"); ok && atoi(n.value) < 60 {
			minute = atoi(n.value)
			it.end = len(text) - len(strings.TrimPrefix(after, "钟"))
		}
	}
	it.fixed = clockValue(text, it.start, hour, minute)
}
