package ingest

import (
	"regexp"
	"strings"

	"rongjun/knowledge"
)

// ending is what a text says at its end: from when it holds, until when, and what it ends.
type ending struct {
	effective, repealed knowledge.Date
	// atIssue says that it holds from the day it was issued: 自公布之日起施行.
	atIssue bool
	repeals []knowledge.Reference
}

var (
	effectDay = regexp.MustCompile(
		`自\s*` + dayPattern + `\s*(?:起|开始)\s*(?:正式)?\s*(?:施行|实施|执行|生效)`)
	effectIssue = regexp.MustCompile(`自\s*(?:公布|发布|印发|颁布|通过|下发|批准)之日起\s*(?:施行|实施|执行|生效)`)
	untilDay    = regexp.MustCompile(`有效期(?:限)?(?:为)?[^。；]{0,30}?至\s*` + dayPattern)
	years       = regexp.MustCompile(`有效期(?:限)?(?:为)?\s*([0-9一二三四五六七八九十]{1,3})\s*年`)
	titled      = regexp.MustCompile(`《((?:[^《》]|《[^《》]*》)+)》`)
	ends        = regexp.MustCompile(`同时废止|即行废止|予以废止|停止执行|同时失效`)
)

// lastClauses is how many clauses at the end may speak of effect and repeal.
const lastClauses = 3

// readEnding reads the last clauses.
func readEnding(clauses []knowledge.Clause) ending {
	var e ending
	for _, c := range clauses[max(0, len(clauses)-lastClauses):] {
		for _, sentence := range strings.FieldsFunc(c.Text, func(r rune) bool {
			return r == '。' || r == '\n'
		}) {
			e.take(sentence)
		}
	}
	if m := e.repealed; !m.IsZero() && !e.effective.IsZero() && !e.effective.Before(m) {
		e.repealed = knowledge.Date{}
	}
	return e
}

func (e *ending) take(sentence string) {
	own := outsideTitles(sentence)
	if m := effectDay.FindStringSubmatch(own); m != nil {
		if day, ok := dayOf(m[1:]); ok {
			e.effective = day
		}
	}
	e.atIssue = e.atIssue || effectIssue.MatchString(own)
	if m := untilDay.FindStringSubmatch(own); m != nil {
		if day, ok := dayOf(m[1:]); ok {
			e.repealed = day.AddDays(1)
		}
	}
	if m := years.FindStringSubmatch(own); m != nil && !e.effective.IsZero() {
		if n, ok := knowledge.ArticleNumber(m[1]); ok {
			e.repealed = knowledge.DateOf(e.effective.Time().AddDate(n, 0, 0))
		}
	}
	if ends.MatchString(own) {
		e.repeals = append(e.repeals, references(sentence)...)
	}
}

// references lists the titles a sentence names, each with the day of issue said before it.
func references(sentence string) []knowledge.Reference {
	var all []knowledge.Reference
	before := 0
	for _, m := range titled.FindAllStringSubmatchIndex(sentence, -1) {
		r := knowledge.Reference{Title: title(sentence[m[2]:m[3]])}
		if days := daysIn(sentence[before:m[0]]); len(days) > 0 {
			r.Issued = days[len(days)-1].day
		}
		all = append(all, r)
		before = m[1]
	}
	return all
}

// title writes a title as the register does: without 《》 around it, a title within it in 〈〉.
func title(s string) string {
	s = squeeze(s)
	for strings.HasPrefix(s, "《") && strings.HasSuffix(s, "》") && strings.Count(s, "《") == 1 {
		s = strings.TrimSuffix(strings.TrimPrefix(s, "《"), "》")
	}
	return strings.NewReplacer("《", "〈", "》", "〉", "<", "〈", ">", "〉").Replace(s)
}
