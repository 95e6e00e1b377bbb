package figure

import "strings"

// Set holds the figures of one or more texts.
type Set struct {
	values map[string]bool
	// bare are the numbers that stand without a unit; numbers are all, whatever their unit.
	bare, numbers map[string]bool
}

// NewSet collects the figures of the texts.
func NewSet(texts ...string) Set {
	s := Set{
		values: make(map[string]bool), bare: make(map[string]bool), numbers: make(map[string]bool),
	}
	for _, text := range texts {
		for _, f := range read(text, true) {
			s.add(f.Value)
		}
	}
	return s
}

func (s Set) add(value string) {
	s.values[value] = true
	num, unit := split(value)
	s.numbers[num] = true
	if unit == "" {
		s.bare[num] = true
	}
	// A day carries its month and year, so that "2024年起" stands where "2024年9月1日" does.
	if y, m, d, ok := dateParts(value); ok {
		s.values[dateValue(0, m, d)] = true
		s.values[dateValue(0, m, 0)] = true
		if y > 0 {
			s.values[dateValue(y, m, 0)] = true
			s.values[dateValue(y, 0, 0)] = true
		}
	}
}

// Has reports whether the figure stands in the set: with the same value, as a less exact date, or
// as the same number where one of the two has no unit.
func (s Set) Has(f Figure) bool {
	if s.values[f.Value] {
		return true
	}
	num, unit := split(f.Value)
	if unit == "号" && s.values[num+"日"] || unit == "日" && s.values[num+"号"] {
		return true
	}
	if num == "" {
		return false
	}
	if unit == "" {
		return s.numbers[num]
	}
	return s.bare[num]
}

// Missing returns the figures of the text that stand in none of the sources.
func Missing(text string, sources ...string) []Figure {
	set := NewSet(sources...)
	var missing []Figure
	for _, f := range All(text) {
		if !set.Has(f) {
			missing = append(missing, f)
		}
	}
	return missing
}

// split parts a value into its number and unit; values that are no quantity (days, times,
// fractions) have neither.
func split(value string) (num, unit string) {
	end := digitsEnd(value, 0)
	if end < len(value) && value[end] == '.' {
		end = digitsEnd(value, end+1)
	}
	if end < len(value) && strings.IndexByte("-:/", value[end]) >= 0 || strings.Contains(value, "月") &&
		!strings.HasSuffix(value, "个月") {
		return "", ""
	}
	return value[:end], value[end:]
}

func dateParts(value string) (year, month, day int, ok bool) {
	if parts := strings.Split(value, "-"); len(parts) > 1 {
		year, month = atoi(parts[0]), atoi(parts[1])
		if len(parts) > 2 {
			day = atoi(parts[2])
		}
		return year, month, day, true
	}
	m, rest, found := strings.Cut(value, "月")
	if !found || strings.HasSuffix(m, "个") || strings.HasPrefix(m, "半") {
		return 0, 0, 0, false
	}
	return 0, atoi(m), atoi(strings.TrimSuffix(rest, "日")), true
}
