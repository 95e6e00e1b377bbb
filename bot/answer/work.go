package answer

import (
	"time"

	"rongjun/bot"
	"rongjun/knowledge"
	"rongjun/knowledge/figure"
)

// work is one turn while it is being answered: what each step adds is there for the next.
type work struct {
	turn     bot.Turn
	today    knowledge.Date
	library  *Library
	question Question
	// vector is what the turn means.
	vector  vectors
	found   found
	verdict verdict
	event   bot.Event
	trace   bot.Trace

	figures *figure.Reader

	now   func() time.Time
	began time.Time
}

func (a *Answerer) begin(t bot.Turn) *work {
	today := knowledge.DateOf(t.Now.In(knowledge.China()))
	return &work{
		turn: t, today: today, library: a.Library(today), now: a.Now, began: a.Now(),
		figures: a.figures, trace: bot.Trace{Composer: offline},
	}
}

// offline is the name of the composer that needs no model.
const offline = "offline"

// step notes that a step ended and how long it took.
func (w *work) step(name, note string) {
	now := w.now()
	w.trace.Steps = append(w.trace.Steps, bot.Step{Name: name, Took: now.Sub(w.began), Note: note})
	w.began = now
}

// answer puts together what the steps found.
func (w *work) answer(r bot.Reply) bot.Answer {
	w.trace.Understood = w.question.text()
	w.trace.Why = w.verdict.rule
	w.fill(&w.trace)
	answer := bot.Answer{
		Decision: w.verdict.decision, Reply: r, Event: w.event, Trace: w.trace,
	}
	if w.question.Stated {
		answer.Region = w.question.Region
	}
	return answer
}
