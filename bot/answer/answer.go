package answer

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"rongjun/bot"
	"rongjun/bot/answer/extent"
	"rongjun/bot/answer/kinds"
	"rongjun/knowledge"
	"rongjun/knowledge/figure"
	"rongjun/knowledge/text"
)

// Options say what an Answerer works with.
type Options struct {
	// Library gives the knowledge as published at this moment, for a day: fairs and offers depend
	// on it. It is called once a turn.
	Library func(today knowledge.Date) *Library
	// Normaliser is shared with the index; nil: the Answerer loads its own.
	Normaliser *text.Normaliser
	// Embedder makes the vectors of questions; nil: retrieval is by words alone.
	Embedder Embedder
	// Near is the cosine from which the embedder holds a passage to treat the question; embedders
	// differ in this. 0: meaning ranks passages, but is no evidence and tells no kinds apart.
	Near float64
	// Tells are the names of the numbers that the embedder tells of a question: those of the kinds, and
	// "open" for what the guide leaves open; nil for an embedder that tells nothing.
	Tells []string
	// Patience is how long a question's vector may take before words alone decide; 0 means 400 ms.
	Patience time.Duration
	// Model writes replies; nil: the offline composer does.
	Model Model
	// Mini is the city's own mini-program, offered where something is to be done; nil for none.
	Mini *bot.MiniProgram
	// Region is where contacts are who have not said; empty for national texts only.
	Region knowledge.Region
	// Now is the clock by which steps are timed; nil means time.Now.
	Now func() time.Time
	Log *slog.Logger
}

// NearE5 is Options.Near for multilingual-e5-small: of questions about our subjects nine in ten
// have a passage nearer than this, of others hardly any.
const NearE5 = 0.92

// Answerer implements bot.Answerer. It is safe for concurrent use.
type Answerer struct {
	Options
	reader *reader
	words  words
	prompt *prompt
	kinds  *kinds.Model
	extent *extent.Model
	told   told
	// figures reads what passages and replies state.
	figures *figure.Reader
}

// defaultPatience is what a question's vector may take unless the options say otherwise.
const defaultPatience = 400 * time.Millisecond

// New reads the shipped rules and words.
func New(o Options) (*Answerer, error) {
	if o.Library == nil {
		return nil, fmt.Errorf("new answerer: no library: %w", bot.ErrInvalid)
	}
	if o.Normaliser == nil {
		n, err := text.New()
		if err != nil {
			return nil, fmt.Errorf("new answerer: %w", err)
		}
		o.Normaliser = n
	}
	if o.Patience == 0 {
		o.Patience = defaultPatience
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &Answerer{Options: o, figures: figure.NewReader()}
	if err := a.load(); err != nil {
		return nil, fmt.Errorf("new answerer: %w", err)
	}
	return a, nil
}

func (a *Answerer) load() error {
	rules, err := loadRules()
	if err != nil {
		return err
	}
	places, err := loadPlaces()
	if err != nil {
		return err
	}
	if a.kinds, err = kinds.Load(); err != nil {
		return err
	}
	if a.extent, err = extent.Load(); err != nil {
		return err
	}
	if a.told, err = newTold(a.Tells, a.kinds.Kinds); err != nil {
		return err
	}
	if a.words, err = loadWords(); err != nil {
		return err
	}
	if a.prompt, err = loadPrompt(); err != nil {
		return err
	}
	a.reader = &reader{rules: rules, text: a.Normaliser, places: places, nowhere: a.Region}
	return nil
}

// Urgent reports whether a text cannot wait for more: it asks for a person or shows distress.
func (a *Answerer) Urgent(said string) bool {
	folded := a.Normaliser.Fold(shortened(said))
	danger, _ := a.reader.danger(folded)
	return danger != "" || a.reader.rules.has("person", folded)
}

// Answer answers a turn. The five steps are its five calls; what each found is in the trace.
func (a *Answerer) Answer(ctx context.Context, t bot.Turn) (bot.Answer, error) {
	w := a.begin(t)

	w.question = a.understand(ctx, w)
	w.step("understand", string(w.question.Intent))

	if err := a.retrieve(ctx, w); err != nil {
		return bot.Answer{}, fmt.Errorf("answer: %w", err)
	}
	w.step("retrieve", "")

	w.verdict = a.decide(w)
	w.step("decide", w.verdict.rule)

	draft := a.compose(ctx, w)
	w.step("compose", w.trace.Composer)

	reply := a.guard(w, draft)
	w.step("guard", w.trace.Fault)

	return w.answer(reply), nil
}
