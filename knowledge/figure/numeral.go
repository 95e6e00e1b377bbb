package figure

import (
	"math/big"
	"strings"
	"unicode/utf8"
)

// Number reads a whole string as one number, in Arabic digits, Chinese numerals or both (1万2千), and
// returns it in plain Arabic digits. 十五 is "15", 一百零一 "101", 二〇二四 "2024", 一万二 "12000".
func Number(s string) (value string, ok bool) {
	n, end := readNumber(fold(s).text, 0)
	if end == 0 || end != len(fold(s).text) {
		return "", false
	}
	return n.value, true
}

// number is a number as read: its value in digits, the same as a ratio, and how it was written.
type number struct {
	value   string
	ratio   *big.Rat
	chinese bool
	// runes counts the characters of the number.
	runes int
	// scale is the 万 or 亿 it ends with, else 1.
	scale int64
	// bareScale says that it consists of multipliers alone: 百, 千万.
	bareScale bool
	// pair holds the two numbers of an approximation such as 三四 or 一两.
	pair []number
}

const chineseDigits = "零一二三四五六七八九"

func digitOf(r rune) (int64, bool) {
	switch r {
	case '〇':
		return 0, true
	case '两':
		return 2, true
	}
	i := strings.IndexRune(chineseDigits, r)
	return int64(i / len("零")), i >= 0
}

func multiplierOf(r rune) (int64, bool) {
	switch r {
	case '十':
		return 10, true
	case '百':
		return 100, true
	case '千':
		return 1000, true
	case '万':
		return 10_000, true
	case '亿':
		return 100_000_000, true
	}
	return 0, false
}

// part is a piece of a number: digits or a multiplier.
type part struct {
	digits     string
	multiplier int64
	zero       bool
}

// readNumber reads the number that starts at byte i; the second result is its end, or i if there is
// none. Arabic and Chinese pieces may mix, as in 1万2千.
func readNumber(text string, i int) (number, int) {
	start := i
	n := number{chinese: true, scale: 1}
	var parts []part
	for i < len(text) {
		if end := arabicEnd(text, i); end > i {
			if len(parts) > 0 && parts[len(parts)-1].multiplier == 0 {
				break
			}
			n.chinese = false
			parts = append(parts, part{digits: strings.ReplaceAll(text[i:end], ",", "")})
			i = end
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if d, ok := digitOf(r); ok && mayFollow(parts) {
			parts = append(parts, part{digits: string('0' + rune(d)), zero: d == 0})
		} else if m, ok := multiplierOf(r); ok {
			parts = append(parts, part{multiplier: m})
		} else {
			break
		}
		i += size
	}
	if len(parts) == 0 {
		return number{}, start
	}
	n.runes = utf8.RuneCountInString(text[start:i])
	n.fill(parts)
	return n, i
}

// mayFollow says whether a Chinese digit may come next: never straight after Arabic digits.
func mayFollow(parts []part) bool {
	if len(parts) == 0 {
		return true
	}
	last := parts[len(parts)-1]
	return last.multiplier > 0 || len(last.digits) == 1
}

// arabicEnd is the end of the Arabic number at i, with thousands groups and a decimal part.
func arabicEnd(text string, i int) int {
	j := digitsEnd(text, i)
	if j == i {
		return i
	}
	for j-i <= 3 || text[max(i, j-4)] == ',' {
		if j >= len(text) || text[j] != ',' || digitsEnd(text, j+1) != j+4 {
			break
		}
		j += 4
	}
	if j < len(text) && text[j] == '.' {
		if k := digitsEnd(text, j+1); k > j+1 && (k >= len(text) || text[k] != '.') {
			return k
		}
	}
	return j
}

func digitsEnd(text string, i int) int {
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	return i
}

func (n *number) fill(parts []part) {
	last := parts[len(parts)-1]
	if last.multiplier >= 10_000 {
		n.scale = last.multiplier
	}
	n.bareScale = true
	positional := true
	for _, p := range parts {
		n.bareScale = n.bareScale && p.multiplier > 0
		positional = positional && p.multiplier == 0
	}
	if positional {
		n.fillPositional(parts)
		return
	}
	n.ratio = sum(parts)
	n.value = decimal(n.ratio)
}

func (n *number) fillPositional(parts []part) {
	var digits strings.Builder
	for _, p := range parts {
		digits.WriteString(p.digits)
	}
	n.value = digits.String()
	n.ratio, _ = new(big.Rat).SetString(n.value)
	if keep := len(n.value) > 1 && n.value[0] == '0' && n.value[1] != '.'; !keep {
		n.value = decimal(n.ratio)
	}
	if len(parts) != 2 || !n.chinese {
		return
	}
	a, b := parts[0].digits, parts[1].digits
	if b[0] == a[0]+1 || a == "3" && b == "5" {
		n.pair = []number{single(a), single(b)}
	}
}

func single(digit string) number {
	ratio, _ := new(big.Rat).SetString(digit)
	return number{value: digit, ratio: ratio, chinese: true, runes: 1, scale: 1}
}

// sum adds up a number with multipliers. A last digit that follows 百, 千 or 万 without 零 counts in
// the next place below, as people say it: 一万二 is 12000, 一百五 is 150.
func sum(parts []part) *big.Rat {
	total, section, digit := new(big.Rat), new(big.Rat), new(big.Rat)
	pending := false
	for i, p := range parts {
		switch {
		case p.multiplier == 0:
			digit.SetString(p.digits)
			pending = !p.zero
			if i == len(parts)-1 && i > 0 && parts[i-1].multiplier >= 100 && len(p.digits) == 1 {
				digit.Mul(digit, big.NewRat(parts[i-1].multiplier/10, 1))
				if parts[i-1].multiplier >= 10_000 {
					total.Add(total, digit)
					digit, pending = new(big.Rat), false
				}
			}
		case p.multiplier < 10_000:
			if !pending {
				digit.SetInt64(1)
			}
			section.Add(section, digit.Mul(digit, big.NewRat(p.multiplier, 1)))
			digit, pending = new(big.Rat), false
		default:
			section.Add(section, digit)
			if section.Sign() == 0 && total.Sign() == 0 {
				section.SetInt64(1)
			}
			// 一万亿: what stands before 亿 belongs to it as a whole.
			if p.multiplier > 10_000 {
				section.Add(section, total)
				total = new(big.Rat)
			}
			total.Add(total, section.Mul(section, big.NewRat(p.multiplier, 1)))
			section, digit, pending = new(big.Rat), new(big.Rat), false
		}
	}
	return total.Add(total, section.Add(section, digit))
}

// decimal writes a ratio in plain digits without needless zeros.
func decimal(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(8), "0")
}
