package figure_test

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rongjun/knowledge/figure"
)

// written spells n in Chinese as statutes do.
func written(n int) string {
	if n == 0 {
		return "零"
	}
	var b strings.Builder
	gap := false
	for _, section := range []struct {
		size int
		unit string
	}{{100_000_000, "亿"}, {10_000, "万"}, {1, ""}} {
		part := n / section.size
		n %= section.size
		if part == 0 {
			gap = b.Len() > 0
			continue
		}
		if b.Len() > 0 && (gap || part < 1000) {
			b.WriteString("零")
		}
		b.WriteString(underTenThousand(part) + section.unit)
		gap = false
	}
	return b.String()
}

func underTenThousand(n int) string {
	digits := []rune("零一二三四五六七八九")
	var b strings.Builder
	gap := false
	for _, place := range []struct {
		size int
		unit string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / place.size
		n %= place.size
		if d == 0 {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteString("零")
			gap = false
		}
		b.WriteString(string(digits[d]) + place.unit)
	}
	return b.String()
}

func TestEveryWrittenNumberIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(
			rapid.IntRange(0, 9999), rapid.IntRange(0, 999_999_999_999),
		).Draw(t, "n")
		forms := []string{written(n), strconv.Itoa(n)}
		if rest, ok := strings.CutPrefix(written(n), "一十"); ok {
			forms = append(forms, "十"+rest)
		}
		for _, s := range forms {
			if got, ok := figure.Number(s); !ok || got != strconv.Itoa(n) {
				t.Fatalf("%s is read as %q (%t), want %d", s, got, ok, n)
			}
		}
	})
}

func TestAFigureReadsTheSameInChineseAndArabicDigits(t *testing.T) {
	units := []string{"年", "个月", "日", "岁", "倍", "级", "元", "个工作日", "次", "平方米", "小时"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 999).Draw(t, "n")
		unit := rapid.SampledFrom(units).Draw(t, "unit")
		chinese := figure.All("共" + written(n) + unit + "，")
		arabic := figure.All("共" + strconv.Itoa(n) + unit + "，")
		if len(chinese) != 1 || len(arabic) != 1 || chinese[0].Value != arabic[0].Value {
			t.Fatalf("%s%s: %v, %d%s: %v", written(n), unit, chinese, n, unit, arabic)
		}
	})
}
