package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"rongjun/knowledge"
)

const docxBody = "word/document.xml"

// xmlOverhead is how many bytes of markup a byte of text may come with.
const xmlOverhead = 10

// docxSource reads the paragraphs of a Word document; a row of a table is one line.
func docxSource(z *zip.Reader, opts Options) (source, error) {
	data, err := readEntry(z, docxBody, opts.MaxText*xmlOverhead)
	if err != nil {
		return source{}, err
	}
	p := docxParser{decoder: xml.NewDecoder(bytes.NewReader(data))}
	for {
		token, err := p.decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return source{}, fault(Damaged, "Word 文件的内容损坏。", err)
		}
		if err := p.take(token); err != nil {
			return source{}, fault(Damaged, "Word 文件的内容损坏。", err)
		}
	}
	s := source{lines: p.lines}
	if p.numbered {
		s.unsure = append(s.unsure, knowledge.Doubt{
			Field: "articles", Why: "文档用了自动编号，编号不在文字里，请核对条款号。",
		})
	}
	return s, nil
}

// docxParser follows the elements of a document.
type docxParser struct {
	decoder *xml.Decoder
	lines   []line
	// text is the paragraph that is open; cells are the texts of the table row that is open.
	text   strings.Builder
	level  int
	bold   bool
	inText bool
	cells  []string
	depth  int
	// numbered says that Word makes numbers which are not in the text.
	numbered bool
}

func (p *docxParser) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		p.end(t.Name.Local)
	case xml.CharData:
		if p.inText {
			p.text.Write(t)
		}
	}
	return nil
}

func (p *docxParser) start(t xml.StartElement) error {
	switch t.Name.Local {
	case "Fallback", "del", "moveFrom":
		// The same text again for old programs, and text that was struck out.
		if err := p.decoder.Skip(); err != nil {
			return err
		}
	case "p":
		if p.depth == 0 {
			p.text.Reset()
		}
		p.level, p.bold = 0, false
	case "pStyle":
		p.level = headingLevel(attribute(t, "val"))
	case "outlineLvl":
		if v := attribute(t, "val"); len(v) == 1 && v[0] >= '0' && v[0] < '6' {
			p.level = int(v[0]-'0') + 1
		}
	case "numPr":
		p.numbered = true
	case "b":
		off := attribute(t, "val") == "0" || attribute(t, "val") == "false"
		p.bold = p.bold || p.text.Len() == 0 && !off
	case "t":
		p.inText = true
	case "tab":
		p.text.WriteByte(' ')
	case "br", "cr":
		p.text.WriteByte('\n')
	case "tbl":
		p.depth++
	case "tc":
		if p.depth == 1 {
			p.text.Reset()
		}
	}
	return nil
}

func (p *docxParser) end(name string) {
	switch name {
	case "t":
		p.inText = false
	case "p":
		if p.depth > 0 {
			p.text.WriteByte(' ')
			return
		}
		p.paragraph()
	case "tc":
		if p.depth == 1 {
			p.cells = append(p.cells, strings.Join(strings.Fields(p.text.String()), " "))
		}
	case "tr":
		if p.depth == 1 {
			if text := trim(strings.Join(p.cells, " | ")); trim(strings.Trim(text, "| ")) != "" {
				p.lines = append(p.lines, line{text: text})
			}
			p.cells = nil
		}
	case "tbl":
		p.depth--
	}
}

func (p *docxParser) paragraph() {
	for i, l := range plainLines(p.text.String()) {
		l.bold = p.bold && i == 0
		l.level = p.level
		p.lines = append(p.lines, l)
	}
	p.text.Reset()
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// headingLevel reads the level from the name of a style: Heading1, heading 2, 标题1; Title is 1.
// Word in Chinese names the first six heading styles 1 to 6.
func headingLevel(style string) int {
	style = strings.ToLower(squeeze(style))
	if style == "title" || style == "标题" {
		return 1
	}
	number := strings.TrimPrefix(strings.TrimPrefix(style, "heading"), "标题")
	if number == style && len(style) != 1 || len(number) != 1 || number[0] < '1' || number[0] > '6' {
		return 0
	}
	return int(number[0] - '0')
}
