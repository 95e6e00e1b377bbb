package ingest

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"rongjun/knowledge"
)

// dayPattern is a day as official texts write it: 2024年9月1日, 二〇二四年九月一日, with spaces.
const dayPattern = `([0-9０-９零〇○Ｏ一二三四五六七八九]{4})\s*年\s*([0-9０-９一二三四五六七八九十]{1,3})\s*月` +
	`\s*([0-9０-９一二三四五六七八九十]{1,3})\s*日`

var (
	dayInText = regexp.MustCompile(dayPattern)
	dayAlone  = regexp.MustCompile(`^[（(]?` + dayPattern + `[）)]?$`)
	// isoDay is the short form, found in names of files.
	isoDay = regexp.MustCompile(`(?:^|\D)((?:19|20)\d{2}-\d{2}-\d{2})(?:\D|$)`)
)

// dayOf reads the parts that dayPattern found; ok is false for a day no calendar has.
func dayOf(parts []string) (day knowledge.Date, ok bool) {
	year, okYear := yearOf(parts[0])
	month, okMonth := knowledge.ArticleNumber(halfWidth(parts[1]))
	date, okDate := knowledge.ArticleNumber(halfWidth(parts[2]))
	if !okYear || !okMonth || !okDate {
		return knowledge.Date{}, false
	}
	day = knowledge.Date{Year: year, Month: time.Month(month), Day: date}
	return day, day == knowledge.DateOf(day.Time())
}

// yearOf reads the four digits of a year, in Arabic or Chinese digits.
func yearOf(s string) (int, bool) {
	digits := strings.Map(func(r rune) rune {
		if r == '〇' || r == '○' || r == 'Ｏ' {
			return '0'
		}
		if i := strings.IndexRune("零一二三四五六七八九", r); i >= 0 {
			return '0' + rune(i/len("零"))
		}
		return r
	}, halfWidth(s))
	year, err := strconv.Atoi(digits)
	return year, err == nil && year >= 1900 && year < 2200
}

// found is a day and where it stands in its text.
type found struct {
	day        knowledge.Date
	start, end int
}

// longSentence is more bytes than a sentence about dates has.
const longSentence = 8192

// daysIn finds the days a text names, except in titles it quotes. A text far longer than a sentence
// is nothing that speaks of its own dates.
func daysIn(text string) []found {
	var all []found
	if len(text) > longSentence {
		return nil
	}
	for _, m := range dayInText.FindAllStringSubmatchIndex(text, -1) {
		parts := []string{text[m[2]:m[3]], text[m[4]:m[5]], text[m[6]:m[7]]}
		day, ok := dayOf(parts)
		if ok && !insideTitle(text, m[0]) {
			all = append(all, found{day: day, start: m[0], end: m[1]})
		}
	}
	return all
}

// insideTitle says whether byte i of the text stands between 《 and 》.
func insideTitle(text string, i int) bool {
	return strings.LastIndex(text[:i], "《") > strings.LastIndex(text[:i], "》")
}
