package handlers

import (
	"net/url"
	"strings"

	"rongjun/knowledge"
)

// passageName is what a passage is part of, in words, and the page on which it can be read.
type passageName struct {
	Kind string
	Name string
	Page string
}

// passageNames know the entries and documents of an edition by the names of their passages.
type passageNames struct {
	questions map[string]string
	documents map[string]bool
	edition   Edition
}

func newPassageNames(e Edition) passageNames {
	n := passageNames{
		questions: make(map[string]string), documents: make(map[string]bool), edition: e,
	}
	for _, entry := range e.Entries {
		n.questions[entry.ID] = entry.Question
	}
	for _, d := range e.Documents {
		n.documents[d.Key] = true
	}
	return n
}

func (n passageNames) of(passage string) passageName {
	if id, ok := strings.CutPrefix(passage, "entry:"); ok {
		return passageName{"条目", n.questions[id], entryAddress(id)}
	}
	key, _, _ := strings.Cut(passage, "#")
	if key == passage {
		return passageName{"名录", passage, ""}
	}
	name := passageName{Kind: "文件", Name: passage}
	if cite, err := knowledge.ParseCitation(citedBy(passage)); err == nil {
		name.Name = n.edition.cite(cite)
	}
	if n.documents[key] {
		name.Page = documentAddress(key)
	}
	return name
}

// citedBy is the article that a passage of a document is part of: DOC#22 of DOC#22.1@2025-01-01/3.
func citedBy(passage string) string {
	key, rest, _ := strings.Cut(passage, "#")
	if end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		rest = rest[:end]
	}
	if rest == "" || rest == "0" {
		return key
	}
	return key + "#" + rest
}

// cite is a citation as contacts read it; a text that nobody knows is named by its key.
func (e Edition) cite(c knowledge.Citation) string {
	known, err := e.Lookup(c.Doc)
	if err != nil {
		return "《" + c.Doc + "》" + knowledge.ArticleName(c.Article)
	}
	line := "《" + known.Title + "》" + knowledge.ArticleName(c.Article)
	switch {
	case !known.Effective.IsZero() && !known.Repealed.IsZero():
		return line + "（" + known.Effective.Chinese() + "起施行，" + known.Repealed.Chinese() + "起失效）"
	case !known.Effective.IsZero():
		return line + "（" + known.Effective.Chinese() + "起施行）"
	case !known.Repealed.IsZero():
		return line + "（" + known.Repealed.Chinese() + "起失效）"
	}
	return line
}

func entryAddress(id string) string {
	return "/desk/knowledge/entry?id=" + url.QueryEscape(id)
}

func documentAddress(key string) string {
	return "/desk/knowledge/document?key=" + url.QueryEscape(key)
}
