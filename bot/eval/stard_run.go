package eval

import (
	"context"
	"fmt"
	"io"
	"strings"

	"rongjun/knowledge"
	"rongjun/knowledge/index"
)

// StardReport sets our retrieval beside plain BM25 on the same articles, on the questions that may be
// tuned to and on the others.
type StardReport struct {
	Articles int          `json:"articles"`
	Tuned    StardCompare `json:"tuned"`
	Reported StardCompare `json:"reported"`
}

// StardCompare has the scores of the same questions by plain BM25, by our words alone, by both
// measures, and recall@10 of both as a ratio to plain BM25.
type StardCompare struct {
	Plain StardScore `json:"bm25"`
	Words StardScore `json:"words"`
	Both  StardScore `json:"both"`
	Ratio float64    `json:"ratio"`
}

// stardFound is how many articles are asked for.
const stardFound = 100

// RunStard asks an index of the articles every question, with its vector, and plain BM25 beside it.
func RunStard(
	ctx context.Context, s Stard, x *index.Index, vectors [][]float32, day knowledge.Date,
	each func(done, total int),
) (StardReport, error) {
	plain := newPlainWords(s.Passages())
	var byPlain, byWords, byBoth [][]string
	for i, q := range s.Questions {
		byPlain = append(byPlain, plain.search(q.Question, stardFound))
		for _, of := range []struct {
			found  *[][]string
			vector []float32
		}{{&byWords, nil}, {&byBoth, vectors[i]}} {
			r, err := x.Search(ctx, index.Query{
				Text: q.Question, Vector: of.vector, AsOf: day, N: stardFound,
			})
			if err != nil {
				return StardReport{}, fmt.Errorf("search: %w", err)
			}
			var ids []string
			for _, h := range r.Hits {
				ids = append(ids, articleOf(h.Passage.ID))
			}
			*of.found = append(*of.found, ids)
		}
		each(i+1, len(s.Questions))
	}
	score := func(from, to int) StardCompare {
		q := s.Questions[from:to]
		c := StardCompare{
			Plain: ScoreStard(q, byPlain[from:to]), Words: ScoreStard(q, byWords[from:to]),
			Both: ScoreStard(q, byBoth[from:to]),
		}
		if c.Plain.Recall10 > 0 {
			c.Ratio = c.Both.Recall10 / c.Plain.Recall10
		}
		return c
	}
	n := min(stardTuned, len(s.Questions))
	return StardReport{
		Articles: len(s.Articles), Tuned: score(0, n), Reported: score(n, len(s.Questions)),
	}, nil
}

// WriteText writes the report for people.
func (r StardReport) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "条文 %d 条\n", r.Articles)
	for _, part := range []struct {
		name string
		StardCompare
	}{{"可用来调整的问题", r.Tuned}, {"只用来报告的问题", r.Reported}} {
		fmt.Fprintf(&b, "\n%s（%d 条）%s\n", part.name, part.Both.Questions,
			"　召回@1　召回@5　召回@10　召回@100　首条排名倒数均值")
		for _, row := range []struct {
			name string
			s    StardScore
		}{{"BM25", part.Plain}, {"字词", part.Words}, {"字词与意思", part.Both}} {
			fmt.Fprintf(&b, "%s%8.3f%8.3f%8.3f%8.3f%8.3f\n", padRight(row.name, 14), row.s.Recall1,
				row.s.Recall5, row.s.Recall10, row.s.Recall100, row.s.MRR)
		}
		fmt.Fprintf(&b, "召回@10 是 BM25 的 %.3f 倍\n", part.Ratio)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
