package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rongjun/config"
	"rongjun/knowledge"
)

// ahead is how many days before it falls due a thing is listed.
const ahead = 90

// findings lists what an editor has to look at: what conflicts, what has no dates, what is unsure,
// and what falls due.
func (e *edition) findings(today knowledge.Date) []finding {
	all := knowledge.Review(e.documents, today, ahead)
	all = append(all, knowledge.ReviewEntries(e.listed(), e.register.Lookup, today, ahead)...)
	all = append(all, knowledge.Doubts(e.documents)...)
	out := make([]finding, len(all))
	for i, f := range all {
		out[i] = finding(f)
	}
	return out
}

// check lists the findings of all that is published in the data folder.
func check(ctx context.Context, s config.Config, c *commands, w world) (err error) {
	shelf, done, err := standingShelf(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	number, standing, err := shelf.standing(ctx)
	if err != nil {
		return err
	}
	if err := shelf.open(); err != nil {
		return err
	}
	e := newEdition(shelf.guide, number, standing)
	found := e.findings(knowledge.DateOf(time.Now().In(knowledge.China())))
	if c.JSON {
		return writeJSON(w.out, map[string]any{
			"entries": len(e.entries), "documents": len(e.documents), "findings": found,
		})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "指南 %d 条，导入的文本 %d 份", len(e.entries), len(e.documents)-e.directories)
	if e.directories > 0 {
		fmt.Fprintf(&b, "、名录 %d 份（%d 个记录）", e.directories, len(e.places.imported))
	}
	b.WriteString("。\n")
	writeFindings(&b, found)
	if len(found) == 0 {
		fmt.Fprintf(&b, "没有矛盾、缺日期或拿不准的内容，%d 天内也没有到期的。\n", ahead)
	}
	if _, err := io.WriteString(w.out, b.String()); err != nil {
		return fmt.Errorf("write findings: %w", err)
	}
	return nil
}

// writeFindings writes findings under a heading for each kind.
func writeFindings(b *strings.Builder, all []finding) {
	for _, kind := range []struct {
		is    knowledge.FindingKind
		words string
	}{
		{knowledge.Conflict, "互相矛盾"},
		{knowledge.NoDates, "缺日期"},
		{knowledge.Unsure, "拿不准，请编辑核对"},
		{knowledge.Due, fmt.Sprintf("%d 天内到期", ahead)},
	} {
		n := 0
		for _, f := range all {
			if f.Kind != kind.is {
				continue
			}
			if n++; n == 1 {
				fmt.Fprintf(b, "\n%s：\n", kind.words)
			}
			fmt.Fprintf(b, "  %s：%s\n", strings.Join(f.Docs, "、"), f.Why)
		}
	}
}
