package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// progress draws a bar on a terminal, and nothing elsewhere.
type progress struct {
	out  io.Writer
	what string
	drew bool
}

// barLength is the number of characters of a bar.
const barLength = 30

func newProgress(out io.Writer, what string) *progress {
	p := &progress{what: what}
	if isTerminal(out) {
		p.out = out
	}
	return p
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show draws how much is done, and what is done now.
func (p *progress) show(done, total int, now string) {
	if p.out == nil || total == 0 {
		return
	}
	p.drew = true
	full := barLength * done / total
	bar := strings.Repeat("█", full) + strings.Repeat("░", barLength-full)
	fmt.Fprintf(p.out, "\r\x1b[K%s %s %d/%d %s", p.what, bar, done, total, now)
}

// end takes the bar away.
func (p *progress) end() {
	if p.drew {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.drew = false
	}
}
