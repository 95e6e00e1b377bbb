package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var titleEnd = regexp.MustCompile(`(法|条例|办法|规定|决定|通知|意见|细则|方案|公告|通告|函|规则|解释|批复|` +
	`规划|纲要|制度|章程|指南|措施|标准|目录|答复|须知|流程)([（(].{1,20}[）)])?》?$`)

// longTitle is more characters than a title has.
const longTitle = 100

// titleLines looks at this many lines for a title.
const titleLines = 8

// findTitle finds the title among the first lines: what the format marks as such, else the first
// line, or up to three lines together, that ends as titles of law end. from and to are the lines it
// takes; found is false if there is none.
func findTitle(lines []line) (name string, from, to int, found bool) {
	for i, l := range lines[:min(len(lines), titleLines)] {
		if (l.level == 1 || l.bold && i < 2) && utf8.RuneCountInString(l.text) <= longTitle {
			return title(l.text), i, i + 1, true
		}
	}
	for i := range lines[:min(len(lines), titleLines)] {
		joined := ""
		for j := i; j < min(len(lines), i+3); j++ {
			text := lines[j].text
			if strings.ContainsAny(text, "。；：:") || fileNumber.MatchString(text) ||
				historyVerb.MatchString(text) && len(daysIn(text)) > 0 {
				break
			}
			joined += text
			if utf8.RuneCountInString(joined) > longTitle {
				break
			}
			if titleEnd.MatchString(squeeze(joined)) {
				return title(joined), i, j + 1, true
			}
		}
	}
	return "", 0, 0, false
}
