package ingest

import (
	"bytes"
	"regexp"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	htmltomarkdown "github.com/JohannesKaufmann/html-to-markdown/v2"
	"golang.org/x/net/html"
)

// siteName is what web pages append to the title of a text.
var siteName = regexp.MustCompile(`\s*[_|｜—–-]\s*[^_|｜—–-]*$`)

// leastArticle is the fewest characters that the main part of a page has; where less is found, the
// whole page is read.
const leastArticle = 100

// htmlSource reads the main part of a web page.
func htmlSource(text string) (source, error) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return source{}, fault(Damaged, "网页打不开。", err)
	}
	name := ""
	page := doc
	if article, err := readability.FromDocument(doc, nil); err == nil && article.Node != nil {
		name = article.Title()
		var b strings.Builder
		if article.RenderText(&b) == nil && len([]rune(squeeze(b.String()))) >= leastArticle {
			page = article.Node
		}
	}
	md, err := htmltomarkdown.ConvertNode(page)
	if err != nil {
		return source{}, fault(Damaged, "网页的内容看不懂。", err)
	}
	s := source{lines: readMarkdown(string(bytes.TrimSpace(md))).lines}
	if name = pageTitle(name, s.lines); name != "" {
		s.lines = append([]line{{text: name, level: 1}}, s.lines...)
	}
	return s, nil
}

// pageTitle is the title to put before the lines of a page, empty if one stands there.
func pageTitle(name string, lines []line) string {
	for _, l := range lines[:min(len(lines), titleLines)] {
		if l.level == 1 {
			return ""
		}
	}
	for !titleEnd.MatchString(name) && siteName.MatchString(name) {
		name = siteName.ReplaceAllString(name, "")
	}
	for i := range lines[:min(len(lines), titleLines)] {
		if name != "" && squeeze(lines[i].text) == squeeze(name) {
			lines[i].level = 1
			return ""
		}
	}
	return trim(name)
}
