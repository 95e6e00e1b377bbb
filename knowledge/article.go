package knowledge

import (
	"strconv"
	"strings"
)

// ArticleName writes an article number the way laws do: 22 → 第二十二条, 101 → 第一百零一条.
// It is empty for 0 and for numbers that no statute reaches.
func ArticleName(n int) string {
	if n < 1 || n > 9999 {
		return ""
	}
	return "第" + chineseNumber(n) + "条"
}

func chineseNumber(n int) string {
	const digits = "零一二三四五六七八九"
	names := []rune(digits)
	units := []string{"", "十", "百", "千"}
	written := strconv.Itoa(n)
	var out string
	zero := false
	for i, c := range written {
		d := int(c - '0')
		unit := units[len(written)-1-i]
		switch {
		case d == 0:
			zero = out != ""
		case d == 1 && unit == "十" && out == "":
			out += unit
		default:
			if zero {
				out += "零"
			}
			zero = false
			out += string(names[d]) + unit
		}
	}
	return out
}

// ArticleNumber reads a number as laws write it in the name of an article: 一百零一 → 101, 二〇 → 20,
// 22 → 22. It is what ArticleName writes, read backwards, and forgives 〇 and Arabic digits.
func ArticleNumber(s string) (n int, ok bool) {
	section, digit, digits := 0, 0, 0
	for _, r := range s {
		switch i := strings.IndexRune("零一二三四五六七八九", r); {
		case i >= 0:
			digit, digits = digit*10+i/len("零"), digits+1
		case r == '〇' || r == '○':
			digit, digits = digit*10, digits+1
		case r >= '0' && r <= '9':
			digit, digits = digit*10+int(r-'0'), digits+1
		default:
			unit, isUnit := map[rune]int{'十': 10, '百': 100, '千': 1000}[r]
			if !isUnit {
				return 0, false
			}
			if digits == 0 {
				digit = 1
			}
			section, digit, digits = section+digit*unit, 0, 0
		}
		if section > 9999 || digit > 9999 {
			return 0, false
		}
	}
	n = section + digit
	return n, n > 0 && n <= 9999
}
