package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"rongjun/bot/eval"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/ingest"
)

type evalCommand struct {
	Questions string   `type:"path" placeholder:"FILE" help:"带标注的问题，每行一个 JSON。"`
	Out       string   `type:"path" placeholder:"FILE" help:"把每个问题的回答写到这个文件。"`
	Import    []string `type:"path" placeholder:"DIR" help:"另外临时导入的文件或文件夹，不写入数据库。"`
	Compare   string   `type:"path" placeholder:"FILE" help:"与以前写出的回答相比，哪些变好、哪些变差。"`
	Stard     string   `type:"path" placeholder:"DIR" help:"改为在 STARD 的条文和问题上量检索，与 BM25 相比。"`
	Full      bool     `help:"STARD 的全部条文，而不是抽取的一万二千五百条。"`
	Seed      uint64   `default:"1" help:"抽取 STARD 条文的种子。"`
}

// Run asks all questions as contacts would and tells how well they were answered. The sample city
// takes no part.
func (ec evalCommand) Run(ctx context.Context, c *commands, w world) (err error) {
	s, err := c.settings(w)
	if err != nil {
		return err
	}
	switch {
	case ec.Stard != "":
		return ec.stard(ctx, s, c, w)
	case ec.Questions == "" || ec.Out == "":
		return &usageError{"请用 --questions 给出问题文件，用 --out 给出结果文件。"}
	}
	s.Sample = config.No
	questions, err := eval.ReadFile(ec.Questions)
	if err != nil {
		return badQuestions(err)
	}
	shelf, done, err := standingShelf(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	bar := newProgress(w.err, "评测")
	if err := ec.prepare(ctx, shelf, bar); err != nil {
		return err
	}
	answerer, err := newAnswerer(s, shelf, newLog(s.Log, w), unhurried)
	if err != nil {
		return err
	}
	out, err := os.Create(ec.Out)
	if err != nil {
		return &told{"写不了结果文件：" + ec.Out, err}
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	o := measured(shelf, time.Now())
	n := 0
	o.Each = func(l eval.Line) error {
		n++
		bar.show(n, len(questions), l.ID)
		return eval.Write(out, []eval.Line{l})
	}
	report, err := eval.Run(ctx, answerer, questions, o)
	bar.end()
	if err != nil {
		return fmt.Errorf("evaluate: %w", err)
	}
	return ec.tell(c, w, questions, report, o)
}

// badQuestions tells what is wrong with the questions, line by line.
func badQuestions(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return &told{"没有这个问题文件。", err}
	}
	return badLines(err, "问题文件",
		"每行应是一个 JSON，question 不能空，id 不能重复，role 和 decision 只用规定的词。")
}

// badLines names the lines of a file that are wrong, and the rule for all lines.
func badLines(err error, file, rule string) error {
	var all interface{ Unwrap() []error }
	if !errors.As(err, &all) {
		return &told{file + "读不了。", err}
	}
	var lines []string
	for _, e := range all.Unwrap() {
		if at, ok := errors.AsType[*eval.LineError](e); ok {
			lines = append(lines, strconv.Itoa(at.Line))
		}
	}
	return &told{file + "的第 " + strings.Join(lines, "、") + " 行有误：" + rule, err}
}

// prepare publishes on the shelf what is to be measured and embeds it. New vectors go to the data
// folder's cache where there is one.
func (ec evalCommand) prepare(ctx context.Context, shelf *shelf, bar *progress) error {
	if err := ec.publish(ctx, shelf, bar); err != nil {
		return err
	}
	err := shelf.deepen(ctx, func(done, total int) { bar.show(done, total, "按意思编排") })
	bar.end()
	return err
}

// publish puts the texts to import on the shelf with all that stands.
func (ec evalCommand) publish(ctx context.Context, shelf *shelf, bar *progress) error {
	number, standing, err := shelf.standing(ctx)
	if err != nil {
		return err
	}
	taking := newTaking(standing, bar)
	if err := taking.paths(ctx, ingest.Options{}, ec.Import); err != nil {
		return err
	}
	return shelf.publishAll(ctx, number, with(standing, taking.documents))
}

// measured are the means of measurement on what a shelf holds at a time.
func measured(s *shelf, at time.Time) eval.Options {
	e := s.edition.Load()
	today := knowledge.DateOf(at.In(knowledge.China()))
	return eval.Options{
		Register: e.register, At: at,
		Article: func(c knowledge.Citation) (string, bool) { return e.article(c, today) },
	}
}

// tell writes the report and, where asked for, the comparison with earlier answers.
func (ec evalCommand) tell(
	c *commands, w world, questions []eval.Question, r eval.Report, o eval.Options,
) error {
	told := struct {
		eval.Report
		Comparison *eval.Comparison `json:"comparison,omitempty"`
	}{Report: r}
	if ec.Compare != "" {
		compared, err := compare(ec.Compare, questions, r, o)
		if err != nil {
			return err
		}
		told.Comparison = &compared
	}
	if c.JSON {
		return writeJSON(w.out, told)
	}
	if err := r.WriteText(w.out); err != nil {
		return fmt.Errorf("tell: %w", err)
	}
	if told.Comparison == nil {
		return nil
	}
	if _, err := io.WriteString(w.out, "\n"); err != nil {
		return fmt.Errorf("tell: %w", err)
	}
	return told.Comparison.WriteText(w.out)
}

// compare sets the report beside that of answers written earlier to the same questions.
func compare(
	file string, questions []eval.Question, r eval.Report, o eval.Options,
) (eval.Comparison, error) {
	in, err := os.Open(file)
	if err != nil {
		return eval.Comparison{}, &told{"打不开要比较的文件：" + file, err}
	}
	defer in.Close()
	lines, err := eval.ReadLines(in)
	if err != nil {
		return eval.Comparison{}, badLines(err, "要比较的文件", "每行应是 eval 写出的一个 JSON。")
	}
	asked, lines := both(questions, lines)
	before, err := eval.Measure(asked, lines, o)
	if err != nil {
		return eval.Comparison{}, fmt.Errorf("measure earlier answers: %w", err)
	}
	return eval.Compare(before, r), nil
}

// both are the questions that were answered earlier too, with those answers.
func both(questions []eval.Question, lines []eval.Line) ([]eval.Question, []eval.Line) {
	earlier := make(map[string]eval.Line)
	for _, l := range lines {
		earlier[l.ID] = l
	}
	var asked []eval.Question
	var answered []eval.Line
	for _, q := range questions {
		if l, ok := earlier[q.ID]; ok {
			asked, answered = append(asked, q), append(answered, l)
		}
	}
	return asked, answered
}
