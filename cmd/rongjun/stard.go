package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"rongjun/bot/eval"
	"rongjun/config"
	"rongjun/knowledge"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// stard measures retrieval on lay questions to law at large. The vectors are kept apart from those of
// the knowledge, for there are many; a run that is stopped goes on where it was.
func (ec evalCommand) stard(ctx context.Context, s config.Config, c *commands, w world) error {
	set, err := eval.ReadStard(ec.Stard)
	if err != nil {
		return &told{"读不了 STARD 文件夹里的 corpus.jsonl.gz 和 train.jsonl：" + ec.Stard, err}
	}
	if !ec.Full {
		set = set.Sample(eval.StardSample, ec.Seed)
	}
	n, err := text.New()
	if err != nil {
		return fmt.Errorf("load normaliser: %w", err)
	}
	m, err := newMeaning(s, index.VectorFiles(filepath.Join(s.Data, vectorFolder, "stard")))
	if err != nil {
		return err
	}
	bar := newProgress(w.err, "评测")
	defer bar.end()
	x, err := m.indexOf(ctx, n, set.Passages(), bar)
	if err != nil {
		return err
	}
	vectors, err := m.questions(ctx, n, set, bar)
	if err != nil {
		return err
	}
	today := knowledge.DateOf(time.Now().In(knowledge.China()))
	report, err := eval.RunStard(ctx, set, x, vectors, today, func(done, total int) {
		bar.show(done, total, "检索")
	})
	bar.end()
	if err != nil {
		return fmt.Errorf("measure: %w", err)
	}
	if c.JSON {
		return writeJSON(w.out, report)
	}
	return report.WriteText(w.out)
}

// indexOf embeds what has no vector yet and indexes the passages.
func (m *meaning) indexOf(
	ctx context.Context, n *text.Normaliser, passages []knowledge.Passage, bar *progress,
) (*index.Index, error) {
	texts, err := m.missing(ctx, n, passages)
	if err != nil {
		return nil, err
	}
	err = m.make(ctx, texts, func(done, total int) bool {
		bar.show(done, total, "按意思编排")
		return ctx.Err() == nil
	})
	if err != nil {
		return nil, err
	}
	kept, err := m.kept(ctx, m.wanted)
	if err != nil {
		return nil, err
	}
	x, err := index.Build(ctx, passages, index.Options{Normaliser: n, Stored: kept})
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	return x, nil
}

// questions gives the vector of each question; they are kept as vectors of another embedder are, for a
// question's vector is not a passage's.
func (m *meaning) questions(
	ctx context.Context, n *text.Normaliser, set eval.Stard, bar *progress,
) ([][]float32, error) {
	name := m.wanted.Name() + " for questions"
	kept, err := m.store.LoadVectors(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("load vectors: %w", err)
	}
	vectors := make([][]float32, len(set.Questions))
	made := make(map[string][]float32)
	for i, q := range set.Questions {
		cleaned := n.Clean(q.Question)
		hash := index.Hash(cleaned)
		if v, known := kept[hash]; known {
			vectors[i] = v
			continue
		}
		one, err := m.wanted.EmbedQueries(ctx, []string{cleaned})
		if err != nil {
			return nil, fmt.Errorf("embed question: %w", err)
		}
		vectors[i], made[hash] = one[0], one[0]
		bar.show(i+1, len(set.Questions), "问题")
	}
	if len(made) == 0 {
		return vectors, nil
	}
	if err := m.store.SaveVectors(ctx, name, made); err != nil {
		return nil, fmt.Errorf("save vectors: %w", err)
	}
	return vectors, nil
}
