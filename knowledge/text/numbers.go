package text

import "strings"

// spellNumbers writes numbers of up to four digits as Chinese numerals, the way statutes do, and
// 两 as 二. Years and longer numbers, which statutes too write in digits, stay as they are.
func spellNumbers(s string) string {
	if strings.IndexFunc(s, isDigit) < 0 && !strings.ContainsRune(s, '两') {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		digits := s[i : i+countDigits(s[i:])]
		if digits == "" {
			i += copyUntilDigit(&b, s[i:])
			continue
		}
		i += len(digits)
		percent := strings.HasPrefix(s[i:], "%")
		if percent {
			b.WriteString("百分之")
			i++
		}
		b.WriteString(spell(digits))
	}
	return b.String()
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func countDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(rune(s[n])) {
		n++
	}
	return n
}

// copyUntilDigit copies the text before the next digit and returns its length.
func copyUntilDigit(b *strings.Builder, s string) int {
	n := strings.IndexFunc(s, isDigit)
	if n < 0 {
		n = len(s)
	}
	b.WriteString(strings.ReplaceAll(s[:n], "两", "二"))
	return n
}

// spell gives the Chinese numeral of 1 to 9999, without years (1900 to 2099) and numbers that begin
// with a zero, such as parts of telephone numbers.
func spell(digits string) string {
	year := len(digits) == 4 && (digits[:2] == "19" || digits[:2] == "20")
	if len(digits) > 4 || digits[0] == '0' || year {
		return digits
	}
	numerals := []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	units := []string{"", "十", "百", "千"}
	var b strings.Builder
	gap := false
	for i, c := range digits {
		if c == '0' {
			gap = true
			continue
		}
		if gap {
			b.WriteString("零")
			gap = false
		}
		unit := units[len(digits)-1-i]
		if i > 0 || c != '1' || unit != "十" {
			b.WriteString(numerals[c-'0'])
		}
		b.WriteString(unit)
	}
	return b.String()
}
