package figure

import (
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"
)

// item is a figure while it is being read.
type item struct {
	start, end int
	// fixed is the value of an item that is complete as it stands; num and unit then play no part.
	fixed string
	num   number
	unit  string
	// doubtful marks a numeral that counts only if a unit reaches it from what follows.
	doubtful bool
	// date parts, 0 where unknown.
	year, month, day int
}

func (it item) value() string {
	switch {
	case it.fixed != "":
		return it.fixed
	case it.year > 0 || it.month > 0:
		return dateValue(it.year, it.month, it.day)
	default:
		return it.num.value + it.unit
	}
}

var (
	isoDate = regexp.MustCompile(`^([12]\d{3})[-/.](\d{1,2})[-/.](\d{1,2})`)
	clock   = regexp.MustCompile(`^([01]?\d|2[0-4]):([0-5]\d)`)
	phone   = regexp.MustCompile(`^(?:0\d{2,3}[- ]\d{7,8}|[48]00[- ]\d{3,4}[- ]\d{3,4}|` +
		`1[3-9]\d[- ]\d{4}[- ]\d{4})`)
	weekday = regexp.MustCompile(`^(?:周|星期|礼拜)([一二三四五六日天1-7])`)
	percent = regexp.MustCompile(`^(百|千|万)分之`)
	halves  = regexp.MustCompile(`^(?:半(?:年|个月|月|天|日|个?小时|数|价)|一半|过半|百分百)`)
)

// scan reads the figures of a folded text one by one; what they share with their neighbours (a
// unit, a year) is settled afterwards.
func scan(text string) []item {
	first := strings.IndexFunc(text, mayBegin)
	if first < 0 {
		return nil
	}
	var items []item
	masks := masked(text)
	for i := first; i < len(text); {
		for len(masks) > 0 && masks[0].end <= i {
			masks = masks[1:]
		}
		if len(masks) > 0 && masks[0].start <= i {
			i = masks[0].end
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		end := i
		if mayBegin(r) {
			var found []item
			found, end = readItem(text, i)
			items = append(items, found...)
		}
		if end == i {
			end += size
		}
		i = end
	}
	return items
}

// begins are the characters, beside digits, of which one begins every figure: numerals, and what
// weekdays and halves begin with.
const begins = chineseDigits + "〇两十百千万亿周星礼半过"

// mayBegin says whether a figure may begin with a character. Most characters begin none, which is told
// much sooner than by all the patterns.
func mayBegin(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= '0' && r <= '9'
	}
	return strings.ContainsRune(begins, r)
}

// readItem reads the figure at i. An end beyond i without items means: a numeral that is no figure.
func readItem(text string, i int) ([]item, int) {
	if it, ok := readFixed(text, i); ok {
		return []item{it}, it.end
	}
	if m := percent.FindString(text[i:]); m != "" {
		return readPerMany(text, i, m)
	}
	n, end := readNumber(text, i)
	if end == i {
		return nil, i
	}
	if strings.HasPrefix(text[end:], "分之") {
		if over, to := readNumber(text, end+len("分之")); to > end+len("分之") {
			return []item{{start: i, end: to, fixed: over.value + "/" + n.value}}, to
		}
	}
	return readQuantity(text, i, end, n)
}

func readFixed(text string, i int) (item, bool) {
	rest := text[i:]
	if startsNumber(text, i) {
		if m := isoDate.FindStringSubmatch(rest); m != nil && endsNumber(text, i+len(m[0])) {
			it := item{start: i, end: i + len(m[0])}
			it.year, it.month, it.day = atoi(m[1]), atoi(m[2]), atoi(m[3])
			if it.validDate() {
				return it, true
			}
		}
		if m := phone.FindString(rest); m != "" && endsNumber(text, i+len(m)) {
			digits := strings.NewReplacer("-", "", " ", "").Replace(m)
			return item{start: i, end: i + len(m), fixed: digits}, true
		}
		if m := clock.FindStringSubmatch(rest); m != nil && endsNumber(text, i+len(m[0])) {
			value := clockValue(text, i, atoi(m[1]), atoi(m[2]))
			return item{start: i, end: i + len(m[0]), fixed: value}, true
		}
	}
	if m := weekday.FindStringSubmatch(rest); m != nil && !countsTimes(text[i+len(m[0]):]) {
		return item{start: i, end: i + len(m[0]), fixed: "周" + dayName(m[1])}, true
	}
	if m := halves.FindString(rest); m != "" {
		return item{start: i, end: i + len(m), fixed: halfValue(m)}, true
	}
	return item{}, false
}

// countsTimes tells 每周一次 (once a week) from 周一 (Monday).
func countsTimes(rest string) bool {
	for _, unit := range []string{"次", "回", "天", "节", "遍", "个"} {
		if strings.HasPrefix(rest, unit) {
			return true
		}
	}
	return false
}

func dayName(s string) string {
	switch s {
	case "天", "日", "7":
		return "日"
	case "1", "2", "3", "4", "5", "6":
		return string([]rune(chineseDigits)[s[0]-'0'])
	}
	return s
}

func halfValue(s string) string {
	switch s {
	case "百分百":
		return "100%"
	case "半月":
		return "半个月"
	case "半天":
		return "半日"
	case "半个小时":
		return "半小时"
	case "一半", "过半":
		return "半数"
	}
	return s
}

// readPerMany reads 百分之五, 千分之三, 万分之五.
func readPerMany(text string, i int, prefix string) ([]item, int) {
	from := i + len(prefix)
	n, end := readNumber(text, from)
	if end == from {
		return nil, from
	}
	n, end = readFraction(text, end, n)
	unit := map[string]string{"百分之": "%", "千分之": "‰", "万分之": "‱"}[prefix]
	return []item{{start: i, end: end, num: n, unit: unit}}, end
}

// readFraction reads the decimal part of a Chinese number, 点五 in 三点五. The caller knows that no
// time of day is meant.
func readFraction(text string, end int, n number) (number, int) {
	const point = "点"
	if !n.chinese || !strings.HasPrefix(text[end:], point) {
		return n, end
	}
	fraction, to := readNumber(text, end+len(point))
	if to == end+len(point) || !fraction.chinese || fraction.scale > 1 {
		return n, end
	}
	n.value += "." + fraction.value
	n.ratio, _ = new(big.Rat).SetString(n.value)
	return n, to
}

// readQuantity reads the unit after a number and decides whether the number is a figure at all.
func readQuantity(text string, i, end int, n number) ([]item, int) {
	unit, to := readUnit(text, end, !n.chinese)
	if unit == clockUnit {
		if decimal, after := readFraction(text, end, n); after > end {
			if u, last := readUnit(text, after, false); u != "" && u != "分" {
				n, end, unit, to = decimal, after, u, last
			}
		}
	}
	if n.pair != nil && unit != "" {
		_, size := utf8.DecodeRuneInString(text[i:])
		first := item{start: i, end: i + size, num: n.pair[0], unit: unit}
		second := item{start: i + size, end: to, num: n.pair[1], unit: unit}
		return []item{first, second}, to
	}
	it := item{start: i, end: end, num: n, unit: unit}
	if unit != "" {
		it.end = to
		it.addHalf(text)
	}
	switch {
	case !n.chinese:
		if i > 0 && asciiLetter(text[i-1]) {
			return nil, end
		}
	case n.bareScale && n.value != "10" && unit != "元":
		return nil, end
	case n.runes > 1:
	case unit == clockUnit && n.value == "1" && !afternoon.MatchString(text[:i]):
		return nil, end
	case unit == "" && n.value != "1" && hasClassifier(text[end:]):
	case unit == "":
		it.doubtful = true
	}
	if unit == clockUnit {
		it.readClock(text)
	}
	return []item{it}, it.end
}

// addHalf reads the half in 一年半.
func (it *item) addHalf(text string) {
	if !strings.HasPrefix(text[it.end:], "半") || halves.MatchString(text[it.end:]) {
		return
	}
	switch it.unit {
	case "年", "日", "小时", "岁", "倍":
		it.num.value += ".5"
		it.end += len("半")
	}
}

func startsNumber(text string, i int) bool {
	return i == 0 || text[i-1] < '0' || text[i-1] > '9'
}

func endsNumber(text string, i int) bool {
	return i >= len(text) || text[i] < '0' || text[i] > '9'
}

func asciiLetter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
