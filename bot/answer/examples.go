package answer

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

//go:embed words/examples.txt
var examplesFile string

// exampleOf begins the ID of a passage of examples; the kind follows.
const exampleOf = "kind:"

// Examples are sentences for what the rules look for, a passage a kind, to be indexed by meaning
// for Options.Examples. Rules hear the usual words; examples catch what is said in others.
func Examples() ([]knowledge.Passage, error) {
	sections, err := parseSections("examples.txt", examplesFile)
	if err != nil {
		return nil, fmt.Errorf("load examples: %w", err)
	}
	var passages []knowledge.Passage
	for _, s := range sections {
		if _, _, known := intentOf(s.name); !known {
			return nil, fmt.Errorf("load examples: no kind %q", s.name)
		}
		passages = append(passages, knowledge.Passage{
			ID: exampleOf + s.name, Title: s.name, Phrasings: s.lines,
		})
	}
	return passages, nil
}

// intentOf gives the intent of a rule's name, with the rule's own name where the intent needs it.
func intentOf(name string) (intent Intent, rule string, known bool) {
	if slices.Contains(outOfScope, name) {
		return intentOutOfScope, name, true
	}
	switch i := Intent(name); i {
	case intentCrisis, intentPerson, intentOwnFile, intentDirectory, intentSecret, intentPrivacy,
		intentIllegal:
		return i, "", true
	}
	return "", "", false
}

// farthest is the cosine below which an example says nothing, for distress below which it is not
// distress: what is near nothing is near everything.
const (
	farthest       = 0.85
	farthestCrisis = 0.885
)

// reconsider holds a message that no rule recognised against the examples. They win where one of
// them means the same more nearly than any passage of the guide, or where the guide has nothing.
func (a *Answerer) reconsider(ctx context.Context, w *work, vector []float32) error {
	q := &w.question
	if a.Examples == nil || vector == nil || q.Intent != intentQuestion {
		return nil
	}
	result, err := a.Examples.Search(ctx, index.Query{
		Text: shortened(q.Said), Vector: vector, AsOf: w.today,
	})
	if err != nil {
		return fmt.Errorf("search examples: %w", err)
	}
	example, near := nearest(result)
	_, guide := nearest(w.found.whole)
	if near < farthest || near < guide && (q.InScope || a.evidenceOf(w.found.whole).strong()) {
		return nil
	}
	intent, rule, known := intentOf(example[min(len(exampleOf), len(example)):])
	urgent := intent == intentCrisis || intent == intentPerson
	switch {
	case !known, intent == intentCrisis && near < farthestCrisis, q.FollowUp && !urgent:
		return nil
	}
	q.Intent, q.Rule, q.Words = intent, rule, "by example"
	return nil
}

// nearest is the passage of a result that means most nearly what was asked.
func nearest(r index.Result) (id string, meaning float64) {
	for _, h := range r.Hits {
		if h.Meaning > meaning {
			id, meaning = h.Passage.ID, h.Meaning
		}
	}
	return id, meaning
}
