package guide

import (
	"crypto/sha256"
	_ "embed" // for supports.txt
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"rongjun/knowledge"
)

// supports.txt says what each citation of an entry carries. It is made from the statutes, which are not
// part of the program, by TestWhatCitationsCarry -update.
//
//go:embed supports.txt
var supportsFile string

// Supports says what each citation of a shipped entry carries, in the order of the citations. It is nil
// for an entry that was changed since this was reckoned, and for one of elsewhere.
func (g *Guide) Supports(e knowledge.Entry) []knowledge.Support {
	line, known := g.supports[e.ID]
	if !known || line.hash != supportHash(e) || len(line.supports) != len(e.Cites) {
		return nil
	}
	return line.supports
}

type supportLine struct {
	hash     string
	supports []knowledge.Support
}

// supportHash changes with what an entry says and cites.
func supportHash(e knowledge.Entry) string {
	h := sha256.New()
	fmt.Fprintln(h, e.Passage().Text)
	for _, c := range e.Cites {
		fmt.Fprintln(h, c)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// readSupports reads a line an entry: its ID, its hash, and for each citation the share and, after a
// colon, the figures.
func readSupports(file string) (map[string]supportLine, error) {
	all := make(map[string]supportLine)
	for number, text := range strings.Split(strings.TrimSpace(file), "\n") {
		fields := strings.Fields(text)
		if len(fields) < 3 {
			return nil, fmt.Errorf("supports.txt line %d: too short: %w", number+1, knowledge.ErrInvalid)
		}
		line := supportLine{hash: fields[1]}
		for _, field := range fields[2:] {
			share, figures, _ := strings.Cut(field, ":")
			percent, err := strconv.Atoi(share)
			if err != nil {
				return nil, fmt.Errorf("supports.txt line %d: %w: %w", number+1, err, knowledge.ErrInvalid)
			}
			r := knowledge.Support{Share: percent}
			if figures != "" {
				r.Figures = strings.Split(figures, ",")
			}
			line.supports = append(line.supports, r)
		}
		all[fields[0]] = line
	}
	return all, nil
}
