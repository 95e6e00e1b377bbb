package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"rongjun/bot"
	"rongjun/knowledge"
)

// Line is the answer to one question as it is written out. Documents go by their keys, never by an
// alias.
type Line struct {
	ID        string               `json:"id"`
	Decision  bot.Decision         `json:"decision"`
	Hits      []Hit                `json:"hits"`
	Citations []knowledge.Citation `json:"citations"`
	Reply     string               `json:"reply"`
	// MS is the time from question to reply in milliseconds.
	MS float64 `json:"ms"`
}

// Hit is a passage found. Cites is empty for records of the directory.
type Hit struct {
	Passage string               `json:"passage"`
	Text    string               `json:"text"`
	Cites   []knowledge.Citation `json:"cites"`
	Score   float64              `json:"score"`
}

// Write writes the lines, one JSON object each, in their order.
func Write(w io.Writer, lines []Line) error {
	out := bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for _, l := range lines {
		if err := encoder.Encode(l); err != nil {
			return fmt.Errorf("write answer %q: %w", l.ID, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write answers: %w", err)
	}
	return nil
}

// ReadLines reads what Write wrote. All faults are told at once, each with its line.
func ReadLines(r io.Reader) ([]Line, error) {
	var lines []Line
	err := eachLine(r, func(_ int, text []byte) error {
		var l Line
		if err := json.Unmarshal(text, &l); err != nil {
			return fmt.Errorf("%w: %w", err, bot.ErrInvalid)
		}
		lines = append(lines, l)
		return nil
	})
	return lines, err
}
