package figure

import (
	"math/big"
	"strings"
)

// isRange says whether the text between two numbers makes them the ends of a range.
func isRange(between string) bool {
	switch strings.TrimSpace(between) {
	case "至", "到", "-", "--", "~":
		return true
	}
	return false
}

// isList says whether the text between two numbers makes them a list under one unit.
func isList(between string) bool {
	switch strings.TrimSpace(between) {
	case "、", "和", "或", "或者", "及", "与":
		return true
	}
	return false
}

// shareUnits gives a number without unit that of the number it stands before in a range or list:
// 一至四级, 5、6级, 2至5万元, 百分之五至十.
func shareUnits(text string, items []item) []item {
	for i := len(items) - 2; i >= 0; i-- {
		a, b := items[i], items[i+1]
		between := text[a.end:b.start]
		ranged := isRange(between)
		switch {
		case a.fixed != "" || a.month > 0 || !ranged && !isList(between):
		case a.unit == "" && b.unit != "":
			items[i].unit = b.unit
			items[i].num = scaled(a.num, b.num)
			if b.unit == clockUnit {
				items[i].readClock(text)
			}
		case a.unit == "" && ranged:
			items[i].num = scaled(a.num, b.num)
		case ranged && a.unit == "%" && b.unit == "" && b.fixed == "":
			items[i+1].unit = "%"
		}
	}
	return items
}

// scaled lends the 万 of the second number to the first: in 2至5万元 the 2 is 20000, in 5000至2万元
// the 5000 stays.
func scaled(a, b number) number {
	if a.scale > 1 || b.scale == 1 || a.ratio == nil || b.ratio == nil {
		return a
	}
	scale := big.NewRat(b.scale, 1)
	if a.ratio.Cmp(new(big.Rat).Quo(b.ratio, scale)) >= 0 {
		return a
	}
	a.ratio = new(big.Rat).Mul(a.ratio, scale)
	a.value = decimal(a.ratio)
	return a
}
