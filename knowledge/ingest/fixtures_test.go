package ingest_test

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// smallLaw is a regulation in our own words, one paragraph a line.
var smallLaw = []string{
	"海滨市退役军人图书借阅试行办法",
	"（2024年5月6日海滨市人民政府令第12号公布　自2024年7月1日起施行）",
	"第一章 总则",
	"第一条 为了方便退役军人读书学习，丰富他们的文化生活，结合本市图书馆的实际情况，制定本办法。",
	"第二条 本办法适用于在本市居住的退役军人。退役军人的配偶和未成年子女可以参照本办法借阅图书，但是每次借阅的数量减半计算。",
	"第二章 借阅",
	"第三条 退役军人凭下列证件之一办理借阅证：",
	"（一）退役军人优待证；",
	"（二）退出现役证件和居民身份证。",
	"借阅证长期有效。遗失借阅证的，应当及时到原办理的图书馆声明，图书馆在三个工作日以内免费补办。",
	"第四条 每次可以借阅图书十册，期限六十日，期满可以续借一次；逾期不还的，暂停借阅。",
	"第五条 本办法自2024年7月1日起施行。2015年3月2日海滨市人民政府发布的《海滨市军人图书借阅规定》同时废止。",
}

// docx packs paragraphs as Word does.
func docx(t testing.TB, body string) []byte {
	t.Helper()
	return packed(t, map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types/>`,
		"word/document.xml": `<?xml version="1.0" encoding="UTF-8"?><w:document ` +
			`xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` +
			body + `</w:body></w:document>`,
	})
}

func packed(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// wordParagraphs writes each paragraph in two runs, as Word often splits them.
func wordParagraphs(paragraphs []string) string {
	var b strings.Builder
	for _, p := range paragraphs {
		half := len([]rune(p)) / 2
		b.WriteString("<w:p>")
		for _, run := range []string{string([]rune(p)[:half]), string([]rune(p)[half:])} {
			b.WriteString(`<w:r><w:t xml:space="preserve">`)
			_ = xml.EscapeText(&b, []byte(run))
			b.WriteString("</w:t></w:r>")
		}
		b.WriteString("</w:p>")
	}
	return b.String()
}

// rows breaks paragraphs at a width in Han characters, the first row of each set in by two.
func rows(paragraphs []string, width float64) []string {
	var out []string
	for _, p := range paragraphs {
		row, w := "", 0.0
		for _, r := range "　　" + p {
			if w >= width {
				out = append(out, row)
				row, w = "", 0
			}
			row += string(r)
			if r < 0x80 {
				w -= 0.5
			}
			w++
		}
		out = append(out, row)
	}
	return out
}

// rowsOnPage is how many rows a page of the PDFs has.
const rowsOnPage = 40

// pdfPages writes a PDF in a font that is not embedded, in the encoding that name tells:
// UniGB-UCS2-H or GBK-EUC-H. Each page has its number at its foot.
func pdfPages(t testing.TB, lines []string, encoding string) []byte {
	t.Helper()
	var pages []string
	for n := 1; len(lines) > 0; n++ {
		here := lines[:min(rowsOnPage, len(lines))]
		lines = lines[len(here):]
		var content strings.Builder
		show := func(x, y int, text string) {
			fmt.Fprintf(&content, "BT /F1 12 Tf %d %d Td <%s> Tj ET\n", x, y, glyphs(t, text, encoding))
		}
		for i, l := range here {
			text := strings.TrimLeft(l, "　")
			show(60+12*(len([]rune(l))-len([]rune(text))), 790-18*i, text)
		}
		show(290, 30, fmt.Sprintf("- %d -", n))
		pages = append(pages, content.String())
	}
	font := "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /" + encoding +
		" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light " +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 " +
		"/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 " +
		"/FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 /Descent -200 " +
		"/CapHeight 700 /StemV 80 >> >>] >>"
	return pdfFile(font, "", pages...)
}

func glyphs(t testing.TB, text, encoding string) string {
	t.Helper()
	if encoding == "GBK-EUC-H" {
		data, err := simplifiedchinese.GBK.NewEncoder().String(text)
		require.NoError(t, err)
		return hex.EncodeToString([]byte(data))
	}
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04x", u)
	}
	return b.String()
}

// pdfFile puts the objects of a PDF together; trailer is added to its end.
func pdfFile(font, trailer string, pages ...string) []byte {
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "", font}
	var kids []string
	for _, content := range pages {
		n := len(objects) + 1
		kids = append(kids, fmt.Sprintf("%d 0 R", n))
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "+
				"/Resources << /Font << /F1 3 0 R >> >> >>", n+1),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>",
		strings.Join(kids, " "), len(pages))
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, trailer, start)
	return b.Bytes()
}

// encrypted says in a trailer that a PDF has a password.
const encrypted = `/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] ` +
	`/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 ` +
	`/O <aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa> ` +
	`/U <bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb> >>`
