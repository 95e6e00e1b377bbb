package ingest

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode/utf32"

	xunicode "golang.org/x/text/encoding/unicode"
)

// decodeText makes UTF-8 of a text in UTF-8, UTF-16 with a mark, GBK or GB18030. A file that is no
// text in any of them is a fault.
func decodeText(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe, 0, 0}):
		data, _ = utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewDecoder().Bytes(data)
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		data, _ = xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM).NewDecoder().Bytes(data)
	case !utf8.Valid(data):
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil || !legible(string(decoded)) {
			return "", fault(Damaged, "内容不是文字：既不是 UTF-8，也不是 GBK。", err)
		}
		data = decoded
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	if bytes.IndexByte(data, 0) >= 0 || !utf8.ValidString(text) {
		return "", fault(Damaged, "内容不是文字，文件的扩展名可能写错了。", nil)
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), nil
}

// legibleShare is the least share of Han characters, letters and digits in a text that was read
// rightly.
const legibleShare = 0.3

// legible says whether a text looks like one that was read rightly: enough of it is Han or words,
// and nothing of it is a mark for what could not be read.
func legible(text string) bool {
	total, words, bad := 0, 0, 0
	for _, r := range text {
		switch {
		case isBlank(r):
			continue
		case r == utf8.RuneError || unicode.Is(unicode.Co, r) || r < ' ':
			bad++
		case unicode.Is(unicode.Han, r), r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			words++
		}
		total++
	}
	return total > 0 && float64(words) >= legibleShare*float64(total) && bad*50 <= total
}

// textSource reads plain text, mending lines that were broken at a fixed width.
func textSource(text string) source {
	var rows []row
	gap := false
	for l := range strings.Lines(text) {
		content := trim(l)
		if content == "" {
			gap = true
			continue
		}
		lead := l[:strings.Index(l, content)]
		rows = append(rows, row{
			text: content, indent: width(lead), width: width(content), placed: true, gap: gap,
		})
		gap = false
	}
	if !brokenAtWidth(rows) {
		return source{lines: plainLines(text)}
	}
	return source{lines: unwrap(rows)}
}
