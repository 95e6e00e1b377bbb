package ingest

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"rongjun/knowledge"
)

// named is what the name of a file says of the text in it.
type named struct {
	key, title, edition string
	repealed            knowledge.Date
	ended               bool
	endedIn             int
}

var (
	inBrackets = regexp.MustCompile(`[（(]([^（）()]*)[）)]$`)
	editionTag = regexp.MustCompile(`^((?:19|20)\d{2}(?:-\d{2}-\d{2})?)(?:年|修订|修正|版)*$`)
	endedTag   = regexp.MustCompile(`(废止|取代|失效|停止执行|替代)`)
	yearInTag  = regexp.MustCompile(`(?:19|20)\d{2}`)
)

// readName takes a file's name apart: 退役士兵安置条例(2011,2024-09-01废止).md.
func readName(file string) named {
	base := path.Base(file)
	n := named{key: strings.TrimSuffix(base, path.Ext(base))}
	rest := trim(n.key)
	for {
		m := inBrackets.FindStringSubmatch(rest)
		if m == nil {
			break
		}
		tags := strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune(",，、;； ", r) })
		known := false
		for _, tag := range tags {
			known = n.takeTag(tag) || known
		}
		if !known {
			break
		}
		rest = trim(strings.TrimSuffix(rest, m[0]))
	}
	n.title = title(rest)
	return n
}

// takeTag reads one of the words in brackets; it says whether it is one that speaks of the version.
func (n *named) takeTag(tag string) bool {
	if m := editionTag.FindStringSubmatch(tag); m != nil {
		if _, err := knowledge.ParseDate(m[1]); err == nil || len(m[1]) == len("2019") {
			n.edition = m[1]
			return true
		}
	}
	if !endedTag.MatchString(tag) {
		return false
	}
	n.ended = true
	if m := isoDay.FindStringSubmatch(tag); m != nil {
		if day, err := knowledge.ParseDate(m[1]); err == nil {
			n.repealed = day
			return true
		}
	}
	if year := yearInTag.FindString(tag); year != "" {
		n.endedIn, _ = strconv.Atoi(year)
	}
	return true
}
