package eval

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"rongjun/bot"
)

// mostFindings is how many findings of a kind the text shows; the JSON has all.
const mostFindings = 20

// labels are the decisions that questions are labelled with, in the order of the table.
var labels = []bot.Decision{
	bot.DecideAnswer, bot.DecidePartial, bot.DecideHandover, bot.DecideDecline, bot.DecideDirectory,
}

// WriteText writes the report for operators.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	r.writeScores(&b)
	r.writeKinds(&b)
	r.writeConfusion(&b)
	writeFindings(&b, "引用了当时不在施行的条文", r.OutOfForce)
	writeFindings(&b, "引用了外地的规定", r.Elsewhere)
	writeFindings(&b, "没有出处的数字", r.Unsupported)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func (r Report) writeScores(b *strings.Builder) {
	t := r.Retrieval
	rows := [][2]string{
		{"问题", fmt.Sprintf("%d 条，其中没能回答 %d 条", r.Questions, r.Errors)},
		{"召回@1 / @5 / @10", fmt.Sprintf("%.3f / %.3f / %.3f（%d 条有相关条文）",
			t.Recall1, t.Recall5, t.Recall10, t.Scored)},
		{"命中@5", fmt.Sprintf("%.3f", t.Hit5)},
		{"首条排名倒数均值", fmt.Sprintf("%.3f", t.MRR)},
		{"判断正确", fmt.Sprintf("%.3f（%d / %d）",
			r.Decisions.Accuracy, r.Decisions.Right, r.Decisions.Scored)},
		{"引用准确", fmt.Sprintf("%.3f（%d / %d）",
			r.Citations.Precision, r.Citations.Right, r.Citations.Shown)},
		{"失效引用", strconv.Itoa(len(r.OutOfForce))},
		{"外地引用", strconv.Itoa(len(r.Elsewhere))},
		{"无出处的数字", strconv.Itoa(len(r.Unsupported))},
		{"用时 p50 / p95", fmt.Sprintf("%.1f / %.1f 毫秒", r.Latency.P50, r.Latency.P95)},
	}
	for _, row := range rows {
		fmt.Fprintf(b, "%s%s\n", padRight(row[0], 20), row[1])
	}
}

func (r Report) writeKinds(b *strings.Builder) {
	if len(r.Kinds) < 2 {
		return
	}
	fmt.Fprintf(b, "\n%s%s%s%s\n", padRight("类别", 20), padLeft("问题", 8),
		padLeft("判断正确", 14), padLeft("命中@5", 14))
	for _, k := range r.Kinds {
		name := k.Name
		if name == "" {
			name = "（未分类）"
		}
		fmt.Fprintf(b, "%s%s%s%s\n", padRight(name, 20), padLeft(strconv.Itoa(k.Questions), 8),
			padLeft(fmt.Sprintf("%d/%d", k.Right, k.Scored), 14),
			padLeft(fmt.Sprintf("%d/%d", k.Found, k.Wanted), 14))
	}
}

// writeConfusion writes a row for every label that occurs and a column for every decision made.
func (r Report) writeConfusion(b *strings.Builder) {
	if r.Decisions.Scored == 0 {
		return
	}
	columns := append(append([]bot.Decision{}, labels...), bot.DecideError)
	b.WriteString("\n" + padRight("应为＼实为", 14))
	for _, got := range columns {
		b.WriteString(padLeft(string(got), 11))
	}
	b.WriteString("\n")
	for _, want := range labels {
		row, ok := r.Decisions.Confusion[want]
		if !ok {
			continue
		}
		b.WriteString(padRight(string(want), 14))
		for _, got := range columns {
			b.WriteString(padLeft(strconv.Itoa(row[got]), 11))
		}
		b.WriteString("\n")
	}
}

func writeFindings(b *strings.Builder, head string, findings []Finding) {
	if len(findings) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s：\n", head)
	for i, f := range findings {
		if i == mostFindings {
			fmt.Fprintf(b, "  ……还有 %d 处\n", len(findings)-i)
			return
		}
		fmt.Fprintf(b, "  %s  %s\n", f.ID, f.What)
	}
}

// width counts a Han character or full-width sign as two columns.
func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x2e80 {
			n++
		}
	}
	return n
}

func padRight(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-width(s)))
}

func padLeft(s string, columns int) string {
	return strings.Repeat(" ", max(0, columns-width(s))) + s
}
