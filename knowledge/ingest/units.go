package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"rongjun/knowledge"
)

const numeral = `[零〇○一二三四五六七八九十百千0-9０-９]{1,9}`

var (
	unitLine    = regexp.MustCompile(`^第[\s　]*(` + numeral + `)[\s　]*(分编|编|章|节)(.*)$`)
	articleLine = regexp.MustCompile(
		`^第[\s　]*(` + numeral + `)[\s　]*条(?:[\s　]*之[\s　]*(` + numeral + `))?(.*)$`)
	annexLine = regexp.MustCompile(
		`^附[\s　]*(件|表|录|图)[\s　]*(?:` + numeral + `)?[\s　]*([:：].*|[\s　].*)?$`)
	// reference begins what follows a mention of an article or chapter inside a sentence.
	reference = regexp.MustCompile(`^(第|规定|的|、|，|,|。|；|和|或|至|到|所|及|与|之|以外|以下|以上|` +
		`中(的|规定|所|，)|[（(][零一二三四五六七八九十]|[～~—-])`)
)

// longHeading is more than any heading of a chapter has in characters.
const longHeading = 40

// heading recognises a line that names a book (编), part (分编), chapter (章) or section (节).
func heading(l line) (depth int, ok bool) {
	m := unitLine.FindStringSubmatch(l.text)
	if m == nil {
		return 0, false
	}
	name := m[3]
	if l.level == 0 && (strings.ContainsAny(name, "。；：，") || reference.MatchString(trim(name)) ||
		utf8.RuneCountInString(name) > longHeading) {
		return 0, false
	}
	return unitDepth[m[2]], true
}

// article is a line that begins an article.
type article struct {
	number, suffix int
	rest           string
}

// follows says that a comes straight after b: 第八条 or 第七条之一 after 第七条.
func (a article) follows(b article) bool {
	if a.number == b.number {
		return a.suffix == b.suffix+1
	}
	return a.number == b.number+1 && a.suffix == 0
}

// beginsArticle recognises a line that begins an article after the article before. A sentence may
// also begin with the number of an article it speaks of; what follows the number tells them apart.
func beginsArticle(l line, before article, sentenceOver bool) (article, bool) {
	m := articleLine.FindStringSubmatch(l.text)
	if m == nil {
		return article{}, false
	}
	a := article{rest: m[3]}
	var ok bool
	if a.number, ok = knowledge.ArticleNumber(halfWidth(m[1])); !ok {
		return article{}, false
	}
	if m[2] != "" {
		if a.suffix, ok = knowledge.ArticleNumber(halfWidth(m[2])); !ok {
			return article{}, false
		}
	}
	spaced := a.rest == "" || isBlank([]rune(a.rest)[0]) || strings.HasPrefix(a.rest, "【")
	mentioned := reference.MatchString(trim(a.rest))
	next := before.number == 0 || a.follows(before)
	switch {
	case l.bold || l.level > 0:
		return a, true
	case spaced && mentioned:
		return a, sentenceOver && next
	case spaced:
		return a, sentenceOver || next
	default:
		return a, sentenceOver && next && !mentioned
	}
}

func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

// endsSentence says that nothing of a sentence is left open at the end of a line.
func endsSentence(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, `”"）)`))
	return strings.ContainsRune("。；：:;！？", r)
}
