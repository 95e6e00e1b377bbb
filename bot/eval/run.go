package eval

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"rongjun/bot"
	"rongjun/knowledge"
)

// Register knows the enactments by key and by alias; guide.Register is one. Its error for a document
// it does not know is knowledge.ErrNotFound.
type Register interface {
	Lookup(key string) (knowledge.Enactment, error)
}

// Options say what is measured with.
type Options struct {
	Register Register
	// Article gives the text of an article where it is at hand; nil where no statutes are. Figures
	// of a citation without text are looked for in the passages found that rest on it.
	Article func(knowledge.Citation) (string, bool)
	// At is when all questions are asked; zero means the time at which Run begins.
	At time.Time
	// Now is the clock that times answers; nil means time.Now.
	Now func() time.Time
	// Each, where set, is called with every answer in order; its error ends the run.
	Each func(Line) error
}

// Run asks the answerer every question, one after the other, and measures the answers. A question
// that cannot be answered counts as wrong, with the decision error; only the end of ctx and an error
// of Options.Each end the run. The answers are in Report.Lines.
func Run(
	ctx context.Context, answerer bot.Answerer, questions []Question, o Options,
) (Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.At.IsZero() {
		o.At = o.Now()
	}
	lines := make([]Line, 0, len(questions))
	for i, q := range questions {
		line, err := ask(ctx, answerer, q.turn(i+1, o.At), o)
		if err != nil {
			return Report{}, fmt.Errorf("ask question %q: %w", q.ID, err)
		}
		line.ID = q.ID
		lines = append(lines, line)
		if o.Each != nil {
			if err := o.Each(line); err != nil {
				return Report{}, fmt.Errorf("after question %q: %w", q.ID, err)
			}
		}
	}
	return Measure(questions, lines, o)
}

func ask(ctx context.Context, answerer bot.Answerer, t bot.Turn, o Options) (Line, error) {
	began := o.Now()
	answer, err := answerer.Answer(ctx, t)
	took := o.Now().Sub(began)
	if stopped := ctx.Err(); stopped != nil {
		return Line{}, stopped
	}
	if err != nil {
		answer = bot.Answer{Decision: bot.DecideError}
	}
	line := Line{
		Decision: answer.Decision, Reply: written(answer.Reply), Hits: []Hit{},
		MS: math.Round(float64(took)/float64(time.Millisecond)*100) / 100,
	}
	var cited []knowledge.Citation
	for _, s := range answer.Reply.Sources {
		cited = append(cited, s.Cite)
	}
	line.Citations = distinct(o.Register, cited)
	for _, h := range answer.Trace.Hits {
		line.Hits = append(line.Hits, Hit{
			Passage: h.Passage, Text: h.Text, Cites: distinct(o.Register, h.Cites), Score: h.Score,
		})
	}
	return line, nil
}

// turn is the question as the worker would hand it over. The conversation has been told of the
// assistant already, so that no reply begins with that.
func (q Question) turn(number int, at time.Time) bot.Turn {
	id := int64(number)
	t := bot.Turn{
		Conversation: bot.Conversation{
			ID: id, State: bot.StateBot, Introduced: true,
			Contact: bot.Contact{ID: id, Region: q.Region},
		},
		Messages: []bot.Message{message(id, bot.FromContact, q.Question, at)},
		Now:      at,
		AsOf:     q.AsOf,
	}
	for _, e := range q.History[max(0, len(q.History)-bot.HistoryLimit):] {
		from := bot.FromContact
		if e.Role == roleBot {
			from = bot.FromBot
		}
		t.History = append(t.History, message(id, from, e.Content, at))
	}
	return t
}

func message(conversation int64, from bot.From, text string, at time.Time) bot.Message {
	state := bot.MessageReceived
	if from == bot.FromBot {
		state = bot.MessageSent
	}
	return bot.Message{
		Conversation: conversation, From: from, Kind: bot.KindText, Text: text, State: state, At: at,
	}
}

// written is a reply as the contact reads it: the text, an empty line, and the sources a line each.
func written(r bot.Reply) string {
	var parts, sources []string
	if r.Text != "" {
		parts = append(parts, r.Text)
	}
	for _, s := range r.Sources {
		sources = append(sources, s.Line())
	}
	if len(sources) > 0 {
		parts = append(parts, "依据："+strings.Join(sources, "\n"))
	}
	return strings.Join(parts, "\n\n")
}
