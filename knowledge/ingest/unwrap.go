package ingest

import (
	"regexp"
	"unicode"
)

// row is a line as it stands on a page; widths are in Han characters.
type row struct {
	text          string
	indent, width float64
	// size is that of the type, in points, for rows of a PDF.
	size float64
	// placed says that the indent is known.
	placed bool
	// gap says that space separates the row from the one above.
	gap bool
}

// width counts a Han character as 1 and a narrow one as one half.
func width(s string) float64 {
	var w float64
	for _, r := range s {
		switch {
		case r == '\t':
			w += 2
		case r < 0x1100 && r != '　':
			w += 0.5
		case unicode.Is(unicode.Mn, r):
		default:
			w++
		}
	}
	return w
}

const (
	// fullRow is the part of the widest row from which a row counts as full.
	fullRow = 0.9
	// halfRow is the part from which a row may be one that breaks off early.
	halfRow = 0.6
	// narrowPage is the widest row of a text that was broken at a fixed width.
	narrowPage = 62
	// firstIndent is the least indent of the first row of a paragraph.
	firstIndent = 1.5
)

// brokenAtWidth says whether the lines of a text were broken at a width and not at paragraphs: many
// full ones end in the middle of a sentence.
func brokenAtWidth(rows []row) bool {
	widest := widestRow(rows)
	if widest > narrowPage || widest < 10 {
		return false
	}
	broken := 0
	for _, r := range rows {
		if r.indent+r.width >= fullRow*widest && !endsSentence(r.text) {
			broken++
		}
	}
	return broken >= 2 && broken*8 >= len(rows)
}

func widestRow(rows []row) float64 {
	var widest float64
	for _, r := range rows {
		widest = max(widest, r.indent+r.width)
	}
	return widest
}

// unwrap joins the rows of a page into paragraphs.
func unwrap(rows []row) []line {
	p := page{widest: widestRow(rows)}
	indented := 0
	for _, r := range rows {
		if r.placed && r.indent >= firstIndent {
			indented++
		}
	}
	p.indented = indented*5 >= len(rows)
	var lines []line
	for i, r := range rows {
		if i > 0 && p.continues(rows[i-1], r) {
			last := &lines[len(lines)-1]
			last.text = join(last.text, r.text)
			continue
		}
		lines = append(lines, line{text: r.text})
	}
	return lines
}

// page is what the rows of a text have in common.
type page struct {
	widest float64
	// indented says that paragraphs begin set in.
	indented bool
}

// listStart begins a line that never continues the one above, if that one ends a sentence.
var listStart = regexp.MustCompile(`^([一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|` +
	`\d{1,2}[.．、]|第[一二三四五六七八九十百零]+[编章节条]|附[件则表录])`)

// continues says whether a row goes on with the paragraph of the row above: that row is full, and
// this one is not set in like the first row of a paragraph. Where paragraphs are set in, a row that
// breaks off in a sentence need not be quite full.
func (p page) continues(above, r row) bool {
	if r.gap || r.placed && r.indent >= firstIndent {
		return false
	}
	if _, isHeading := heading(line{text: r.text}); isHeading {
		return false
	}
	full := above.indent+above.width >= fullRow*p.widest
	if endsSentence(above.text) {
		return full && r.placed && !listStart.MatchString(r.text)
	}
	return full || r.placed && p.indented && above.indent+above.width >= halfRow*p.widest
}

// join puts two rows of a paragraph together, with a space between words that need one.
func join(a, b string) string {
	last, first := []rune(a)[len([]rune(a))-1], []rune(b)[0]
	if last < 0x80 && first < 0x80 && unicode.IsLetter(last) && unicode.IsLetter(first) {
		return a + " " + b
	}
	return a + b
}
