package main

import (
	"fmt"
	"strings"
)

// verdict is what a check comes to.
type verdict string

// The verdicts.
const (
	allFine    verdict = "ok"
	worthALook verdict = "warn"
	faultFound verdict = "fault"
	notLooked  verdict = "skipped"
)

// checkup is the doctor's report.
type checkup struct {
	Checks []checked `json:"checks"`
}

// checked is one check with its result. Name and Result are for scripts, the rest is for people.
type checked struct {
	Name   string  `json:"name"`
	Title  string  `json:"title"`
	Looks  string  `json:"looks_at"`
	Result verdict `json:"result"`
	Found  string  `json:"found,omitempty"`
	Do     string  `json:"do,omitempty"`
	Page   string  `json:"page,omitempty"`
}

func (r checkup) count(v verdict) int {
	n := 0
	for _, c := range r.Checks {
		if c.Result == v {
			n++
		}
	}
	return n
}

// text is the report for the operator.
func (r checkup) text() string {
	marks := map[verdict]string{allFine: "✓", worthALook: "!", faultFound: "✗", notLooked: "－"}
	var b strings.Builder
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "%s %s", marks[c.Result], c.Title)
		if c.Found != "" {
			b.WriteString("：" + c.Found)
		}
		b.WriteString("\n")
		if c.Do != "" {
			b.WriteString("    怎么办：" + c.Do + "\n")
		}
		if c.Page != "" && c.Do != "" {
			b.WriteString("    在哪里：" + c.Page + "\n")
		}
	}
	fmt.Fprintf(&b, "\n正常 %d 项，要留意 %d 项，要解决 %d 项，没有看 %d 项。\n",
		r.count(allFine), r.count(worthALook), r.count(faultFound), r.count(notLooked))
	return b.String()
}

// outcome is what one check found.
type outcome struct {
	verdict
	found, do string
	// page is where to mend it, if not where the check's table row says.
	page string
}

func fine(format string, args ...any) outcome {
	return outcome{verdict: allFine, found: fmt.Sprintf(format, args...)}
}

func warning(found, do string) outcome { return outcome{verdict: worthALook, found: found, do: do} }

func fault(found, do string) outcome { return outcome{verdict: faultFound, found: found, do: do} }

func unseen(why string) outcome { return outcome{verdict: notLooked, found: why} }
