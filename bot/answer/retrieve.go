package answer

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"rongjun/bot"
	"rongjun/knowledge"
	"rongjun/knowledge/directory"
	"rongjun/knowledge/index"
)

// found is what the index and the directory gave for a turn.
type found struct {
	// whole is what the message as one question found; pieces what each of its questions found.
	whole  index.Result
	pieces []index.Result
	// own is what it found among the texts that no entry of the guide rests on.
	own index.Result
	// places are the records for a question to the directory, looked up with the query.
	places []directory.Hit
	query  directory.Query
	// singly gives the things asked, each by itself, where there are several. What one means is only made
	// when it is come to, for mostly the message as a whole decides.
	singly iter.Seq[thing]
	// missingPast is set when nothing of the day asked about is known and today's was searched.
	missingPast bool
}

// thing is one of several things asked: its question folded, and what that means.
type thing struct {
	folded string
	vector vectors
}

// mostHits is how many passages a search gives, for the trace as for the answer.
const mostHits = 24

// searched are the intents for which passages are looked up; for the others none would be shown.
var searched = map[Intent]bool{
	intentQuestion: true, intentOwnFile: true, intentDirectory: true, intentPerson: true,
	intentOutOfScope: true,
}

// retrieve fills in w.found.
func (a *Answerer) retrieve(ctx context.Context, w *work) error {
	q := &w.question
	w.found.singly = a.singly(ctx, q.Said)
	if !searched[q.Intent] {
		return a.searchOwn(ctx, w)
	}
	if err := a.searchDays(ctx, w); err != nil {
		return err
	}
	if q.Intent == intentDirectory {
		a.lookUp(w)
	}
	for _, p := range q.Pieces {
		result, err := a.search(ctx, w, a.query(ctx, w, p.Text, q.Said))
		if err != nil {
			return err
		}
		w.found.pieces = append(w.found.pieces, result)
	}
	return nil
}

func (a *Answerer) singly(ctx context.Context, said string) iter.Seq[thing] {
	return func(yield func(thing) bool) {
		for _, s := range a.reader.singly(shortened(said)) {
			if !yield(thing{a.Normaliser.Fold(s), a.vector(ctx, s)}) {
				return
			}
		}
	}
}

// searchDays looks the message up as of the day whose law counts: of a time gone by, the first of its days
// of which something is known, else today.
func (a *Answerer) searchDays(ctx context.Context, w *work) error {
	q := &w.question
	days := []knowledge.Date{q.AsOf}
	if q.Past {
		days = q.Then.days(w.today)
	}
	for _, q.AsOf = range days {
		if err := a.searchWhole(ctx, w); err != nil || !q.Past || a.knowsThen(w) {
			return err
		}
	}
	w.found.missingPast = true
	q.AsOf, q.Past = w.today, false
	return a.searchWhole(ctx, w)
}

// searchWhole looks the message up as one question, and among the own texts.
func (a *Answerer) searchWhole(ctx context.Context, w *work) error {
	result, err := a.search(ctx, w, a.query(ctx, w, a.reader.withEarlier(w.question, w.question.Said)))
	if err != nil {
		return err
	}
	w.found.whole = result
	return a.searchOwn(ctx, w)
}

// knowsThen reports whether an entry or an own text tells what held on the day gone by.
func (a *Answerer) knowsThen(w *work) bool {
	_, known := w.topEntry(w.found.whole.Hits)
	own := w.ownBeside(lead{})
	return known || len(own) > 0 && a.holds(own[0])
}

// query is how a question is looked up; around is what was said around it.
func (a *Answerer) query(ctx context.Context, w *work, said string, around ...string) index.Query {
	q := index.Query{
		Text: shortened(said), Region: w.question.Region, AsOf: w.question.AsOf, N: mostHits,
		Vector: w.vector.plain, Asked: w.vector.asked,
	}
	if said != w.question.Said {
		v := a.vector(ctx, said)
		q.Vector, q.Asked = v.plain, v.asked
	}
	if w.question.FollowUp {
		q.History = slices.Clone(w.question.Earlier)
	}
	q.History = append(q.History, around...)
	return q
}

func (a *Answerer) search(ctx context.Context, w *work, q index.Query) (index.Result, error) {
	result, err := w.library.Index.Search(ctx, q)
	if err != nil {
		return index.Result{}, fmt.Errorf("search: %w", err)
	}
	return result, nil
}

// vectors are what a question means, plainly and as people ask, and what is told of it. All are nil where
// that is not known, the last two also where the embedder was taught nothing.
type vectors struct{ plain, asked, told []float32 }

// unlessLeaning is without what is told where a message leans on those before it: what is told was learned
// of whole ones.
func (v vectors) unlessLeaning(leans bool) vectors {
	if leans {
		v.told = nil
	}
	return v
}

// vector embeds a question within the time that it is worth waiting for. Without one, words decide.
func (a *Answerer) vector(ctx context.Context, said string) vectors {
	if a.Embedder == nil {
		return vectors{}
	}
	ctx, cancel := context.WithTimeout(ctx, a.Patience)
	defer cancel()
	cleaned := withoutNumbers(a.Normaliser.Clean(shortened(said)))
	plain, asked, told, err := a.Embedder.EmbedAsked(ctx, []string{cleaned})
	if err != nil || len(plain) != 1 || len(asked) != 1 || len(told) != 1 {
		a.Log.Debug("question not embedded", "error", err)
		return vectors{}
	}
	return vectors{plain[0], asked[0], told[0]}
}

// inForce keeps the citations of enactments in force on the day that counts.
func (w *work) inForce(cites []knowledge.Citation) []knowledge.Citation {
	var kept []knowledge.Citation
	for _, c := range cites {
		e, err := w.library.Register.Lookup(c.Doc)
		if err == nil && e.InForce(w.question.AsOf) {
			kept = append(kept, c)
		}
	}
	return kept
}

// lookUp asks the directory.
func (a *Answerer) lookUp(w *work) {
	d := w.library.Directory
	if d == nil {
		return
	}
	query, _ := d.Understand(w.question.Folded, w.today)
	switch {
	case query.Region != "":
		w.question.Region, w.question.Stated = query.Region, true
	case w.isElsewhere(query.Elsewhere):
		// It is not kept for later turns: of a bare name it is not known which province's rules hold there.
		w.question.Region = knowledge.Region(query.Elsewhere)
		query.Region = w.question.Region
	default:
		query.Region = w.question.Region
	}
	query.Limit = mostHits
	known := true
	if w.question.At != nil {
		known = a.lookNear(w, &query)
	}
	w.found.query = query
	if known && (len(query.Kinds) > 0 || query.Need != "") {
		w.found.places = d.Find(query)
	}
}

// isElsewhere reports whether a county that is named is none of the region that is known of the contact;
// what lies there would be shown in vain.
func (w *work) isElsewhere(county string) bool {
	return county != "" && !w.question.Stated && !slices.Contains(w.question.Region.Names(), county)
}

// fill writes what was found into the trace: records first, then what the reply rests on, then the
// other passages.
func (w *work) fill(t *bot.Trace) {
	for _, p := range w.found.places {
		t.Hits = append(t.Hits, bot.Hit{Passage: p.Record.Ref(), Text: p.Record.Text()})
	}
	for _, h := range w.ranked() {
		t.Hits = append(t.Hits, bot.Hit{
			Passage: h.Passage.ID, Text: h.Passage.Text, Cites: w.inForce(h.Passage.Cites),
			Words: h.Words, Meaning: h.Meaning, Score: h.Score,
		})
	}
	t.WordsOnly = w.found.whole.WordsOnly
	for _, r := range w.found.whole.Filtered {
		t.Filtered = append(t.Filtered, bot.FilteredHit{Passage: r.PassageID, Reason: string(r.Reason)})
	}
}

// ranked is every passage found, once: those that lead, then those that the whole message found,
// then those of its parts.
func (w *work) ranked() []index.Hit {
	all := slices.Clone(w.found.whole.Hits)
	for _, p := range w.found.pieces {
		all = append(all, p.Hits...)
	}
	var list []index.Hit
	seen := make(map[string]bool)
	add := func(h index.Hit) {
		if !seen[h.Passage.ID] {
			seen[h.Passage.ID] = true
			list = append(list, h)
		}
	}
	for _, h := range w.verdict.own {
		add(h)
	}
	for _, l := range w.verdict.leads {
		for _, h := range all {
			if h.Passage.Entry == l.entry.ID {
				add(h)
			}
		}
	}
	for _, h := range all {
		add(h)
	}
	return list[:min(mostHits, len(list))]
}
