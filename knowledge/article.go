package knowledge

import "strconv"

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
