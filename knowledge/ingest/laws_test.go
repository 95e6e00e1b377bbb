package ingest_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/ingest"
)

// laws is the folder of the statutes; the test is skipped where it is not named.
func laws(t testing.TB) fs.FS {
	t.Helper()
	folder := os.Getenv("RONGJUN_TEST_LAWS")
	if folder == "" {
		t.Skip("RONGJUN_TEST_LAWS does not name the folder of the statutes")
	}
	return os.DirFS(folder)
}

// articleCounts are the numbers of articles by path: those that the folder's index states, and for
// the others those counted once and kept in testdata.
func articleCounts(t testing.TB, fsys fs.FS) map[string]int {
	t.Helper()
	counts := make(map[string]int)
	data, err := fs.ReadFile(fsys, "index.json")
	require.NoError(t, err)
	var index []struct {
		File     string
		Articles int
	}
	require.NoError(t, json.Unmarshal(data, &index))
	for _, r := range index {
		counts[r.File] = r.Articles
	}
	counted, err := os.ReadFile("testdata/articles.tsv")
	require.NoError(t, err)
	for l := range strings.Lines(string(counted)) {
		number, file, _ := strings.Cut(strings.TrimSpace(l), "\t")
		counts[file], err = strconv.Atoi(number)
		require.NoError(t, err)
	}
	return counts
}

// readLaws imports every statute of the folder.
func readLaws(t testing.TB) map[string]knowledge.Document {
	t.Helper()
	fsys := laws(t)
	r := ingest.New(ingest.Options{})
	all := make(map[string]knowledge.Document)
	require.NoError(t, fs.WalkDir(fsys, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(p) != ".md" || e.Name() == "README.md" {
			return err
		}
		all[p], err = r.File(context.Background(), fsys, p)
		return err
	}))
	return all
}

func TestEveryArticleOfTheStatutesIsFound(t *testing.T) {
	counts := articleCounts(t, laws(t))
	all := readLaws(t)
	assert.Len(t, all, len(counts))
	for file, want := range counts {
		d := all[file]
		found := make(map[int]bool)
		for _, c := range d.Clauses {
			if c.Article > 0 {
				assert.NotEmpty(t, c.Text, "%s %s", file, c.Name())
				found[c.Article] = true
			}
		}
		assert.Len(t, found, want, file)
		assert.Len(t, d.Clauses, max(want, 1), file)
		for _, doubt := range d.Unsure {
			assert.NotEqual(t, "articles", doubt.Field, "%s: %s", file, doubt.Why)
		}
	}
}

func TestTheTextThatComesTwiceHasOneHash(t *testing.T) {
	files := make(map[string][]string)
	for file, d := range readLaws(t) {
		files[d.Hash] = append(files[d.Hash], file)
	}
	for _, same := range files {
		if len(same) > 1 {
			assert.ElementsMatch(t, []string{
				"浙江省军人军属权益保障条例(2020).md", "local/浙江省军人军属权益保障条例(2020-09-24).md",
			}, same)
		}
	}
	assert.Len(t, files, 42)
}

// TestTheTextsNoLongerInForceAreRecognised settles the statutes by what they say alone, without the
// register.
func TestTheTextsNoLongerInForceAreRecognised(t *testing.T) {
	var docs []knowledge.Document
	for _, d := range readLaws(t) {
		docs = append(docs, d)
	}
	ended := make(map[string]string)
	for _, d := range knowledge.Settle(knowledge.Merge(docs), nil) {
		today := knowledge.Date{Year: 2026, Month: 11, Day: 24}
		if !d.Holds(today) {
			ended[d.Key] = d.Repealed.String()
		}
	}
	assert.Equal(t, map[string]string{
		"中华人民共和国兵役法(2011,已被2021修订取代)":   "2021-10-01",
		"中华人民共和国国防教育法(2018,已被2024修订取代)": "2024-09-21",
		"军人抚恤优待条例(2019,已被2024修订取代)":     "2024-10-01",
		"征兵工作条例(2001,已被2023修订取代)":       "2023-05-01",
		"烈士褒扬条例(2019,已被2024修订取代)":       "2025-01-01",
		"退役士兵安置条例(2011,2024-09-01废止)":   "2024-09-01",
	}, ended)
}

// TestWhatTheTextsSayAgreesWithTheOfficialDatabase compares what was read with index.json, wherever
// both give it and the file does not only repeat it.
func TestWhatTheTextsSayAgreesWithTheOfficialDatabase(t *testing.T) {
	data, err := fs.ReadFile(laws(t), "index.json")
	require.NoError(t, err)
	var index []struct {
		File string
		FLK  struct {
			Title     string
			Published knowledge.Date `json:"publication_date"`
			Effective knowledge.Date `json:"effective_date"`
		}
	}
	require.NoError(t, json.Unmarshal(data, &index))
	all := readLaws(t)
	compared := 0
	for _, r := range index {
		d := all[r.File]
		if r.FLK.Title != "" {
			assert.Equal(t, r.FLK.Title, d.Title)
		}
		if !d.Published.IsZero() && !r.FLK.Published.IsZero() {
			assert.Equal(t, r.FLK.Published, d.Published, r.File)
			compared++
		}
		doubted := false
		for _, doubt := range d.Unsure {
			doubted = doubted || doubt.Field == "effective"
		}
		if !d.Effective.IsZero() && !r.FLK.Effective.IsZero() && !doubted {
			assert.Equal(t, r.FLK.Effective, d.Effective, r.File)
			compared++
		}
	}
	assert.Greater(t, compared, 20)
}

// TestTheStatutesAreTheSameInEveryFormat writes each statute as other programs would and reads it
// again: no article may be lost or cut differently.
func TestTheStatutesAreTheSameInEveryFormat(t *testing.T) {
	r := reader(t, ingest.Options{})
	for file, want := range readLaws(t) {
		text := paragraphsOf(want)
		for name, data := range map[string][]byte{
			"a.txt": []byte(strings.Join(text, "\r\n")), "a.docx": docx(t, wordParagraphs(text)),
			"b.txt": []byte(strings.Join(rows(text, 36), "\n")),
			"a.pdf": pdfPages(t, rows(text, 36), "UniGB-UCS2-H"),
		} {
			d, err := r.File(context.Background(), fstest.MapFS{name: {Data: data}}, name)
			require.NoError(t, err, "%s as %s", file, name)
			assert.Len(t, d.Clauses, len(want.Clauses), "%s as %s", file, name)
			for i, c := range d.Clauses {
				if i < len(want.Clauses) && !assert.Equal(t, want.Clauses[i], c, "%s as %s", file, name) {
					break
				}
			}
		}
	}
}

// paragraphsOf writes a document as plain paragraphs.
func paragraphsOf(d knowledge.Document) []string {
	out := append([]string{}, d.Front...)
	var before knowledge.Clause
	for _, c := range d.Clauses {
		if c.Chapter != before.Chapter {
			out = append(out, c.Chapter)
		}
		if c.Section != before.Section && c.Section != "" {
			out = append(out, c.Section)
		}
		before = c
		out = append(out, strings.Split(strings.TrimSpace(c.Name()+" "+c.Text), "\n")...)
	}
	return out
}

// BenchmarkReadingStatutes gives the speed in characters, without embedding.
func BenchmarkReadingStatutes(b *testing.B) {
	fsys := laws(b)
	r := reader(b, ingest.Options{})
	characters := 0
	for b.Loop() {
		err := r.Walk(context.Background(), fsys, ".", func(result ingest.Result) error {
			for _, p := range result.Document.Passages(knowledge.LongArticle) {
				if !strings.Contains(p.ID, "/") {
					characters += utf8.RuneCountInString(p.Text)
				}
			}
			return nil
		})
		require.NoError(b, err)
	}
	b.ReportMetric(float64(characters)/b.Elapsed().Seconds(), "characters/s")
	b.ReportMetric(0, "ns/op")
}
