package eval

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rongjun/bot"
	"rongjun/knowledge"
)

// Stard is a set of lay questions on law at large, each with the articles that answer it, in the files
// of the STARD data set: corpus.jsonl.gz holds the articles and train.jsonl the questions. It measures
// retrieval beyond our own field.
type Stard struct {
	Articles  []StardArticle
	Questions []StardQuestion
}

// StardArticle is one article of law.
type StardArticle struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Content string `json:"content"`
}

// StardQuestion is one question with the articles that answer it.
type StardQuestion struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Relevant []string `json:"relevant"`
}

// stardTuned is how many questions, from the first on, may be looked at to make retrieval better; the
// others are for reporting only.
const stardTuned = 800

// StardSample is how many articles are searched by default; the whole takes hours to embed.
const StardSample = 12_500

// ReadStard reads both files from a folder. Every article that a question names must be there.
func ReadStard(dir string) (Stard, error) {
	var s Stard
	err := readGzip(filepath.Join(dir, "corpus.jsonl.gz"), func(_ int, line []byte) error {
		var a StardArticle
		err := json.Unmarshal(line, &a)
		s.Articles = append(s.Articles, a)
		return err
	})
	if err != nil {
		return Stard{}, err
	}
	known := make(map[string]bool, len(s.Articles))
	for _, a := range s.Articles {
		known[a.ID] = true
	}
	file, err := os.Open(filepath.Join(dir, "train.jsonl"))
	if err != nil {
		return Stard{}, fmt.Errorf("open questions: %w", err)
	}
	defer file.Close()
	return s, eachLine(file, func(_ int, line []byte) error {
		var q StardQuestion
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		for _, id := range q.Relevant {
			if !known[id] {
				return fmt.Errorf("article %q is not in the corpus: %w", id, bot.ErrInvalid)
			}
		}
		s.Questions = append(s.Questions, q)
		return nil
	})
}

func readGzip(name string, each func(number int, line []byte) error) (err error) {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open articles: %w", err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		return fmt.Errorf("read articles: %w", err)
	}
	defer func() { err = errors.Join(err, unzipped.Close()) }()
	return eachLine(io.Reader(unzipped), each)
}

// Sample keeps n articles: all that a question names, and others drawn by the seed. The same seed
// draws the same articles everywhere.
func (s Stard) Sample(n int, seed uint64) Stard {
	named := make(map[string]bool)
	for _, q := range s.Questions {
		for _, id := range q.Relevant {
			named[id] = true
		}
	}
	var kept, others []StardArticle
	for _, a := range s.Articles {
		if named[a.ID] {
			kept = append(kept, a)
		} else {
			others = append(others, a)
		}
	}
	draw := rand.New(rand.NewPCG(seed, seed))
	draw.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	kept = append(kept, others[:max(0, min(n-len(kept), len(others)))]...)
	return Stard{Articles: kept, Questions: s.Questions}
}

// Passages are the articles as they are indexed, each with its law before its own ID.
func (s Stard) Passages() []knowledge.Passage {
	passages := make([]knowledge.Passage, len(s.Articles))
	for i, a := range s.Articles {
		law := a.Name
		if end := strings.LastIndex(law, "第"); end > 0 {
			law = law[:end]
		}
		passages[i] = knowledge.Passage{ID: law + "#" + a.ID, Title: a.Name, Text: a.Content}
	}
	return passages
}

// articleOf is the ID of the article that a passage is.
func articleOf(passage string) string { return passage[strings.LastIndex(passage, "#")+1:] }

// StardScore is how well the articles of some questions are found.
type StardScore struct {
	Questions int     `json:"questions"`
	Recall1   float64 `json:"recall@1"`
	Recall5   float64 `json:"recall@5"`
	Recall10  float64 `json:"recall@10"`
	Recall100 float64 `json:"recall@100"`
	MRR       float64 `json:"mrr"`
}

// ScoreStard measures what was found for each question: the IDs of articles, best first.
func ScoreStard(questions []StardQuestion, found [][]string) StardScore {
	s := StardScore{Questions: len(questions)}
	for i, q := range questions {
		at := func(k int) float64 {
			n := 0
			for _, id := range found[i][:min(k, len(found[i]))] {
				if slices.Contains(q.Relevant, id) {
					n++
				}
			}
			return share(float64(n), len(q.Relevant))
		}
		s.Recall1, s.Recall5 = s.Recall1+at(1), s.Recall5+at(5)
		s.Recall10, s.Recall100 = s.Recall10+at(10), s.Recall100+at(100)
		isRelevant := func(id string) bool { return slices.Contains(q.Relevant, id) }
		if rank := 1 + slices.IndexFunc(found[i], isRelevant); rank > 0 {
			s.MRR += 1 / float64(rank)
		}
	}
	for _, sum := range []*float64{&s.Recall1, &s.Recall5, &s.Recall10, &s.Recall100, &s.MRR} {
		*sum = share(*sum, len(questions))
	}
	return s
}
