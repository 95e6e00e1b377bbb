package figure

import (
	"strings"
	"unicode/utf8"
)

// folded is a text with look-alike characters made equal. at[i] is the offset in the original of
// byte i of the folded text; it has one element more than the text has bytes.
type folded struct {
	text string
	at   []int
}

// lookAlikes are the characters that figures are written with in more than one way.
var lookAlikes = strings.NewReplacer(
	"％", "%", "．", ".", "：", ":", "／", "/", "－", "-", "–", "-", "—", "-", "―", "-",
	"～", "~", "∼", "~", "〜", "~", "\u00a0", " ", "\u3000", " ", "（", "(", "）", ")",
	"兩", "两", "萬", "万", "億", "亿", "個", "个", "級", "级", "歲", "岁", "點", "点", "時", "时",
	"鐘", "钟", "塊", "块", "週", "周", "號", "号", "條", "条", "項", "项", "節", "节", "編", "编",
	"圓", "元", "圆", "元", "○", "〇", "Ｏ", "〇",
	"０", "0", "１", "1", "２", "2", "３", "3", "４", "4",
	"５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
)

func fold(text string) folded {
	var b strings.Builder
	b.Grow(len(text))
	at := make([]int, 0, len(text)+1)
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		r := lookAlikes.Replace(text[i : i+size])
		b.WriteString(r)
		for range len(r) {
			at = append(at, i)
		}
		i += size
	}
	return folded{text: b.String(), at: append(at, len(text))}
}
