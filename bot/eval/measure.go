package eval

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"rongjun/bot"
	"rongjun/knowledge"
)

// measure turns answers into a report.
type measure struct{ Options }

// Measure makes the report of answers that were given earlier. Every question must have its answer,
// in the same order; Options.At is the time at which they were asked, zero for now.
func Measure(questions []Question, lines []Line, o Options) (Report, error) {
	if len(lines) != len(questions) {
		return Report{}, fmt.Errorf("measure: %d answers to %d questions: %w",
			len(lines), len(questions), bot.ErrInvalid)
	}
	if o.At.IsZero() {
		o.At = time.Now()
	}
	m := measure{o}
	r := Report{
		Questions: len(questions), Lines: lines,
		OutOfForce: []Finding{}, Elsewhere: []Finding{}, Unsupported: []Finding{},
	}
	r.Decisions.Confusion = make(map[bot.Decision]map[bot.Decision]int)
	kinds := make(map[string]*Kind)
	for i, q := range questions {
		if lines[i].ID != q.ID {
			return Report{}, fmt.Errorf("measure: answer %q where %q is asked: %w",
				lines[i].ID, q.ID, bot.ErrInvalid)
		}
		line := m.canonical(lines[i])
		wanted := distinct(m.Register, q.Relevant)
		out := m.outcome(q, line, wanted)
		r.Outcomes = append(r.Outcomes, out)
		r.Retrieval.add(ranked(m.Register, line.Hits), wanted)
		r.count(out)
		if kinds[q.Kind] == nil {
			kinds[q.Kind] = &Kind{Name: q.Kind}
		}
		kinds[q.Kind].count(out)
	}
	r.finish(kinds)
	return r, nil
}

// canonical names the documents of a line, which may have been written by another program, by their
// keys.
func (m measure) canonical(l Line) Line {
	l.Citations = distinct(m.Register, l.Citations)
	l.Hits = slices.Clone(l.Hits)
	for i, h := range l.Hits {
		l.Hits[i].Cites = distinct(m.Register, h.Cites)
	}
	return l
}

func (m measure) outcome(q Question, l Line, wanted []knowledge.Citation) Outcome {
	found := ranked(m.Register, l.Hits)
	o := Outcome{
		ID: q.ID, Got: l.Decision, Wanted: len(wanted), Shown: l.Citations, MS: l.MS,
		Found10: shared(found[:min(10, len(found))], wanted), Rank: firstRank(found, wanted),
		ShownRight: shared(l.Citations, wanted), Unsupported: m.unsupported(q, l),
	}
	if q.Decision != "" {
		o.Want, o.Got, o.Right = right(l.Decision, q.Decision)
	}
	for _, c := range l.Citations {
		if m.outOfForce(c, m.day(q)) {
			o.OutOfForce = append(o.OutOfForce, c)
		}
		if m.elsewhere(c, q) {
			o.Elsewhere = append(o.Elsewhere, c)
		}
	}
	return o
}

// add sums; finish divides.
func (t *Retrieval) add(found, wanted []knowledge.Citation) {
	if len(wanted) == 0 {
		return
	}
	t.Scored++
	t.Recall1 += recall(found, wanted, 1)
	t.Recall5 += recall(found, wanted, 5)
	t.Recall10 += recall(found, wanted, 10)
	rank := firstRank(found, wanted)
	if rank > 0 {
		t.MRR += 1 / float64(rank)
	}
	if rank > 0 && rank <= 5 {
		t.Hit5++
	}
}

func (r *Report) count(o Outcome) {
	if o.Got == bot.DecideError {
		r.Errors++
	}
	if o.Want != "" {
		r.Decisions.Scored++
		if o.Right {
			r.Decisions.Right++
		}
		if r.Decisions.Confusion[o.Want] == nil {
			r.Decisions.Confusion[o.Want] = make(map[bot.Decision]int)
		}
		r.Decisions.Confusion[o.Want][o.Got]++
	}
	if o.Wanted > 0 {
		r.Citations.Shown += len(o.Shown)
		r.Citations.Right += o.ShownRight
	}
	for _, c := range o.OutOfForce {
		r.OutOfForce = append(r.OutOfForce, Finding{o.ID, c.String()})
	}
	for _, c := range o.Elsewhere {
		r.Elsewhere = append(r.Elsewhere, Finding{o.ID, c.String()})
	}
	for _, f := range o.Unsupported {
		r.Unsupported = append(r.Unsupported, Finding{o.ID, f})
	}
}

func (k *Kind) count(o Outcome) {
	k.Questions++
	if o.Want != "" {
		k.Scored++
	}
	if o.Right {
		k.Right++
	}
	if o.Wanted > 0 {
		k.Wanted++
	}
	if o.hit5() {
		k.Found++
	}
}

func (r *Report) finish(kinds map[string]*Kind) {
	t := &r.Retrieval
	for _, sum := range []*float64{&t.Recall1, &t.Recall5, &t.Recall10, &t.Hit5, &t.MRR} {
		*sum = share(*sum, t.Scored)
	}
	r.Decisions.Accuracy = share(float64(r.Decisions.Right), r.Decisions.Scored)
	r.Citations.Precision = share(float64(r.Citations.Right), r.Citations.Shown)
	var times []float64
	for _, o := range r.Outcomes {
		times = append(times, o.MS)
	}
	slices.Sort(times)
	r.Latency = Latency{P50: percentile(times, 50), P95: percentile(times, 95)}
	for _, k := range kinds {
		r.Kinds = append(r.Kinds, *k)
	}
	slices.SortFunc(r.Kinds, func(a, b Kind) int { return cmp.Compare(a.Name, b.Name) })
}

// share is part of n, 0 where there is none.
func share(part float64, n int) float64 {
	if n == 0 {
		return 0
	}
	return part / float64(n)
}

// percentile is by nearest rank: the smallest value that p percent of all do not exceed.
func percentile(sorted []float64, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*p+99)/100-1]
}
