package answer

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"text/template"

	"rongjun/bot"
	"rongjun/knowledge"
)

var (
	//go:embed prompts/system.txt
	systemPrompt string
	//go:embed prompts/user.txt
	userPrompt string
)

// prompt is what a model is told.
type prompt struct {
	system string
	user   *template.Template
}

func loadPrompt() (*prompt, error) {
	user, err := template.New("user").Parse(userPrompt)
	if err != nil {
		return nil, fmt.Errorf("load prompt: %w", err)
	}
	return &prompt{system: systemPrompt, user: user}, nil
}

// numbered is a passage as the model sees it.
type numbered struct {
	Number int
	Title  string
	Text   string
	cites  []knowledge.Citation
}

// mostPassages is how many passages the model sees.
const mostPassages = 6

// modelMayWrite reports whether the reply is one that passages carry.
func (w *work) modelMayWrite() bool {
	v := w.verdict
	answers := v.decision == bot.DecideAnswer || v.decision == bot.DecidePartial
	return answers && v.words == "" && len(v.leads)+len(v.own) > 0 && w.question.Intent == intentQuestion &&
		!w.found.missingPast
}

// passages are the leading entries, then the other first hits in force.
func (w *work) passages() []numbered {
	var list []numbered
	add := func(title, text string, cites []knowledge.Citation) {
		cites = w.inForce(cites)
		for _, p := range list {
			if p.Title == title {
				return
			}
		}
		if len(list) < mostPassages && len(cites) > 0 {
			list = append(list, numbered{len(list) + 1, title, text, cites})
		}
	}
	for _, l := range w.verdict.leads {
		add(l.entry.Question, l.entry.Passage().Text, l.entry.Cites)
	}
	for _, h := range w.verdict.own {
		add(h.Passage.Title, h.Passage.Text, h.Passage.Cites)
	}
	for _, h := range w.ranked() {
		add(h.Passage.Title, h.Passage.Text, h.Passage.Cites)
	}
	return list
}

// write lets the model write the answer and checks it. The error says why its text is not used.
func (a *Answerer) write(ctx context.Context, w *work, plain draft) (draft, error) {
	passages := w.passages()
	user, err := a.userText(w, passages)
	if err != nil {
		return draft{}, err
	}
	text, err := a.Model.Write(ctx, a.prompt.system, user)
	if err != nil {
		return draft{}, fmt.Errorf("model: %w", modelFault(err))
	}
	checked, err := check(text, w, passages)
	if leaks(text, a.prompt.system) {
		err = errLeaks
	}
	if err != nil {
		w.trace.Draft = text
		return draft{}, fmt.Errorf("model: %w", err)
	}
	d := draft{choices: plain.choices, items: plain.items}
	a.open(w, &d)
	d.lines = append(d.lines, line{text: checked.text})
	for _, p := range passages {
		if checked.used[p.Number] {
			d.carriers = append(d.carriers, p.Title, p.Text)
			d.cite(w, p.cites)
		}
	}
	d.say(a.words["model-mark"])
	return d, nil
}

// modelFault keeps the network's own errors out of the trace, which staff read, but for their kind: they
// hold the address of the service.
func modelFault(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("time-out")
	}
	if _, ok := errors.AsType[*url.Error](err); ok {
		return errors.New("not reached")
	}
	return err
}

func (a *Answerer) userText(w *work, passages []numbered) (string, error) {
	data := struct {
		Passages []numbered
		Earlier  []string
		Said     string
	}{Passages: passages, Said: asData(w.question.Said)}
	if w.question.FollowUp {
		for _, e := range w.question.Earlier {
			data.Earlier = append(data.Earlier, asData(e))
		}
	}
	var b strings.Builder
	if err := a.prompt.user.Execute(&b, data); err != nil {
		return "", fmt.Errorf("write prompt: %w", err)
	}
	return b.String(), nil
}

// asData masks a person's numbers and takes the marks out that end a block of data.
func asData(s string) string {
	return bot.Mask(strings.NewReplacer("〖", "[", "〗", "]").Replace(shortened(s)))
}
