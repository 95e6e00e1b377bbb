package eval

import (
	"fmt"
	"io"
	"strings"
)

// Comparison says what got better and worse from one report to another. A question that did both
// stands in both lists.
type Comparison struct {
	Better []Change `json:"better"`
	Worse  []Change `json:"worse"`
	// Missing are the questions of one report that the other does not have.
	Missing []string `json:"missing,omitempty"`
	// Scores are the figures of the whole, before and after.
	Scores []Score `json:"scores"`
}

// Change is a question and what changed, in words for operators.
type Change struct {
	ID   string   `json:"id"`
	What []string `json:"what"`
}

// Score is one figure before and after.
type Score struct {
	Name   string  `json:"name"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// Compare sets two reports on the same questions side by side.
func Compare(before, after Report) Comparison {
	c := Comparison{Scores: scores(before, after)}
	earlier := make(map[string]Outcome, len(before.Outcomes))
	for _, o := range before.Outcomes {
		earlier[o.ID] = o
	}
	for _, now := range after.Outcomes {
		was, ok := earlier[now.ID]
		if !ok {
			c.Missing = append(c.Missing, now.ID)
			continue
		}
		delete(earlier, now.ID)
		better, worse := changes(was, now)
		if len(better) > 0 {
			c.Better = append(c.Better, Change{now.ID, better})
		}
		if len(worse) > 0 {
			c.Worse = append(c.Worse, Change{now.ID, worse})
		}
	}
	for _, o := range before.Outcomes {
		if _, left := earlier[o.ID]; left {
			c.Missing = append(c.Missing, o.ID)
		}
	}
	return c
}

func changes(was, now Outcome) (better, worse []string) {
	note := func(gain int, format string, args ...any) {
		switch {
		case gain > 0:
			better = append(better, fmt.Sprintf(format, args...))
		case gain < 0:
			worse = append(worse, fmt.Sprintf(format, args...))
		}
	}
	note(one(now.Right)-one(was.Right), "判断 %s→%s", was.Got, now.Got)
	note(one(now.hit5())-one(was.hit5()), "首条名次 %s→%s", place(was), place(now))
	note(now.Found10-was.Found10, "前十条找到 %d→%d", was.Found10, now.Found10)
	note(len(was.OutOfForce)-len(now.OutOfForce),
		"失效引用 %d→%d", len(was.OutOfForce), len(now.OutOfForce))
	note(len(was.Elsewhere)-len(now.Elsewhere),
		"外地引用 %d→%d", len(was.Elsewhere), len(now.Elsewhere))
	note(len(was.Unsupported)-len(now.Unsupported),
		"无出处的数字 %d→%d", len(was.Unsupported), len(now.Unsupported))
	return better, worse
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// place is the rank of the first relevant article in words.
func place(o Outcome) string {
	if o.Rank == 0 {
		return "没找到"
	}
	return fmt.Sprint(o.Rank)
}

func scores(before, after Report) []Score {
	list := func(r Report) []Score {
		return []Score{
			{Name: "召回@1", After: r.Retrieval.Recall1},
			{Name: "召回@5", After: r.Retrieval.Recall5},
			{Name: "召回@10", After: r.Retrieval.Recall10},
			{Name: "命中@5", After: r.Retrieval.Hit5},
			{Name: "首条排名倒数均值", After: r.Retrieval.MRR},
			{Name: "判断正确", After: r.Decisions.Accuracy},
			{Name: "引用准确", After: r.Citations.Precision},
			{Name: "失效引用", After: float64(len(r.OutOfForce))},
			{Name: "外地引用", After: float64(len(r.Elsewhere))},
			{Name: "无出处的数字", After: float64(len(r.Unsupported))},
			{Name: "用时p50（毫秒）", After: r.Latency.P50},
			{Name: "用时p95（毫秒）", After: r.Latency.P95},
		}
	}
	was, now := list(before), list(after)
	for i := range now {
		now[i].Before = was[i].After
	}
	return now
}

// WriteText writes the comparison for operators.
func (c Comparison) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s%s\n", padRight("", 20), padLeft("之前", 10), padLeft("现在", 10))
	for _, s := range c.Scores {
		fmt.Fprintf(&b, "%s%10.3f%10.3f\n", padRight(s.Name, 20), s.Before, s.After)
	}
	writeChanges(&b, "变差", c.Worse)
	writeChanges(&b, "变好", c.Better)
	if len(c.Missing) > 0 {
		fmt.Fprintf(&b, "\n只在一份结果里的问题 %d 条：%s\n", len(c.Missing), strings.Join(c.Missing, "、"))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write comparison: %w", err)
	}
	return nil
}

func writeChanges(b *strings.Builder, head string, list []Change) {
	fmt.Fprintf(b, "\n%s %d 条\n", head, len(list))
	for _, c := range list {
		fmt.Fprintf(b, "  %s  %s\n", c.ID, strings.Join(c.What, "；"))
	}
}
