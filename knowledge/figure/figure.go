package figure

// Figure is one figure of a text.
type Figure struct {
	// Text is the figure as written.
	Text string
	// Value is its normal form: "5%", "20倍", "15日", "10000元", "2024-09-01", "9:30", or a bare
	// number where no known unit follows.
	Value string
	// Start and End are byte offsets into the text.
	Start, End int
}

// All returns the figures of the text in the order in which they stand.
func All(text string) []Figure { return read(text, false) }

// read also returns the one of 一名 and 一份 when asked to: as a claim it is an indefinite article, but
// as a source it carries "1名".
func read(text string, indefinite bool) []Figure {
	f := fold(text)
	items := scan(f.text)
	items = shareUnits(f.text, items)
	items = joinDates(f.text, items)
	items = shareDates(f.text, items)

	var found []Figure
	for _, it := range items {
		if it.doubtful && it.unit == "" {
			if !indefinite || !hasClassifier(f.text[it.end:]) {
				continue
			}
		}
		start, end := f.at[it.start], f.at[it.end]
		found = append(found, Figure{
			Text: text[start:end], Value: it.value(), Start: start, End: end,
		})
	}
	return found
}
