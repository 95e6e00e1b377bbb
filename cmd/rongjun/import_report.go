package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"rongjun/knowledge"
)

// importReport tells what an import did, file by file, and what its texts leave to an editor.
type importReport struct {
	DryRun   bool           `json:"dry_run"`
	Files    []importedFile `json:"files"`
	Findings []finding      `json:"findings"`
}

// finding is a knowledge.Finding as JSON.
type finding struct {
	Kind knowledge.FindingKind `json:"kind"`
	Docs []string              `json:"docs"`
	Day  knowledge.Date        `json:"day,omitzero"`
	Why  string                `json:"why"`
}

// newImportReport gathers what was found, of the texts that were taken in only.
func newImportReport(t *taking, e *edition, today knowledge.Date) importReport {
	r := importReport{
		DryRun: t.store == nil, Files: append([]importedFile{}, t.files...), Findings: []finding{},
	}
	for _, f := range e.findings(today) {
		concerned := slices.ContainsFunc(f.Docs, func(key string) bool {
			_, taken := t.keys[key]
			return taken
		})
		if concerned && f.Kind != knowledge.Due {
			r.Findings = append(r.Findings, f)
		}
	}
	return r
}

func (r importReport) failed() int {
	n := 0
	for _, f := range r.Files {
		if f.Outcome == failedOutcome {
			n++
		}
	}
	return n
}

// outcomeWords say what became of a file.
func outcomeWords(outcome string) string {
	switch outcome {
	case string(knowledge.ImportNew):
		return "新增"
	case string(knowledge.ImportChanged):
		return "新版"
	case string(knowledge.ImportUnchanged):
		return "没有变化"
	case string(knowledge.ImportDraft):
		return "存为草稿"
	case skippedOutcome:
		return "跳过"
	}
	return "没有导入"
}

// writeText writes the report for operators.
func (r importReport) writeText(w io.Writer) error {
	var b strings.Builder
	counts := make(map[string]int)
	var order []string
	for _, f := range r.Files {
		words := outcomeWords(f.Outcome)
		if counts[words]++; counts[words] == 1 {
			order = append(order, words)
		}
		fmt.Fprintf(&b, "%s　%s\n", words, f.line())
	}
	for i, words := range order {
		order[i] = fmt.Sprintf("%s %d", words, counts[words])
	}
	if len(order) == 0 {
		order = []string{"没有找到文件"}
	}
	b.WriteString("共：" + strings.Join(order, "，") + "\n")
	if r.DryRun {
		b.WriteString("这是试运行，什么都没有写入。\n")
	}
	writeFindings(&b, r.Findings)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func (f importedFile) line() string {
	size := fmt.Sprintf("%d 条", f.Articles)
	if f.Records > 0 {
		size = fmt.Sprintf("名录，%d 个记录", f.Records)
	}
	switch {
	case f.Reason != "":
		return f.Path + "：" + f.Reason
	case f.SameAs != "":
		return fmt.Sprintf("%s（%s；与“%s”是同一份文本，合为一份）", f.Key, size, f.SameAs)
	case f.Outcome == string(knowledge.ImportDraft):
		return fmt.Sprintf("%s（%s；编辑改过或撤下过这份文本，请到工作台核对后发布）", f.Key, size)
	}
	return fmt.Sprintf("%s（%s）", f.Key, size)
}
