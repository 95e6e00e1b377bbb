package ingest

import "rongjun/knowledge"

// The depths of the headings of statutes.
const (
	depthBook = iota
	depthPart
	depthChapter
	depthSection
	depths
)

// unitDepth gives the depth of a heading by the word it is named with.
var unitDepth = map[string]int{
	"编": depthBook, "分编": depthPart, "章": depthChapter, "节": depthSection,
}

// headings are those in force at a place of a statute, and those read since the last clause.
type headings struct {
	current [depths]string
	waiting []unitHeading
}

type unitHeading struct {
	depth int
	text  string
}

func (h *headings) wait(depth int, text string) {
	h.waiting = append(h.waiting, unitHeading{depth: depth, text: text})
}

// enter puts waiting headings in force, up to the first that another one of its depth or above
// displaces before anything stands under it; it says whether there was such a one.
func (h *headings) enter() (empty bool) {
	for i, w := range h.waiting {
		h.current[w.depth] = w.text
		clear(h.current[w.depth+1:])
		if i+1 < len(h.waiting) && h.waiting[i+1].depth <= w.depth {
			h.waiting = h.waiting[i+1:]
			return true
		}
	}
	h.waiting = nil
	return false
}

// displaced takes out the waiting headings that make up a table of contents: those before the last
// one of the widest kind.
func (h *headings) displaced() []string {
	widest, from := depths, 0
	for i, w := range h.waiting {
		if w.depth <= widest {
			widest, from = w.depth, i
		}
	}
	contents := h.waiting[:from]
	h.waiting = h.waiting[from:]
	return texts(contents)
}

// drop takes out all waiting headings.
func (h *headings) drop() []string {
	all := texts(h.waiting)
	h.waiting = nil
	return all
}

func texts(list []unitHeading) []string {
	var out []string
	for _, w := range list {
		out = append(out, w.text)
	}
	return out
}

// clause is an empty clause of the article under the headings in force.
func (h *headings) clause(a article) knowledge.Clause {
	return knowledge.Clause{
		Book: h.current[depthBook], Part: h.current[depthPart],
		Chapter: h.current[depthChapter], Section: h.current[depthSection],
		Article: a.number, Suffix: a.suffix,
	}
}
