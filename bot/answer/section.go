package answer

import (
	"fmt"
	"strings"
)

// section is one named piece of a data file: "== name" begins it, "#" begins a comment line.
type section struct {
	name  string
	lines []string
}

// parseSections reads the plain form of all data files of this package. Blank lines are dropped.
func parseSections(file, data string) ([]section, error) {
	var sections []section
	for number, line := range strings.Split(data, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if name, found := strings.CutPrefix(line, "== "); found {
			sections = append(sections, section{name: strings.TrimSpace(name)})
			continue
		}
		if len(sections) == 0 {
			return nil, fmt.Errorf("%s line %d: text before the first section", file, number+1)
		}
		last := &sections[len(sections)-1]
		last.lines = append(last.lines, line)
	}
	return sections, nil
}
