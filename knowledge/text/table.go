package text

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed data/*.tsv
var data embed.FS

// readRows gives the rows of a shipped table: fields parted by tabs, "#" begins a comment line.
func readRows(name string, fields int) ([][]string, error) {
	raw, err := data.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("read table: %w", err)
	}
	var rows [][]string
	for number, line := range strings.Split(string(raw), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) < fields {
			return nil, fmt.Errorf("table %s line %d: %d fields, want %d",
				name, number+1, len(row), fields)
		}
		rows = append(rows, row)
	}
	return rows, nil
}
