package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"rongjun/bot/answer"
	"rongjun/bot/store"
	"rongjun/config"
	"rongjun/handlers"
	"rongjun/knowledge"
	"rongjun/knowledge/embed"
	"rongjun/knowledge/index"
	"rongjun/knowledge/text"
)

// manyArticles are documents of so many articles of about 120 characters each.
func manyArticles(documents, articles int) []knowledge.Document {
	source := rand.New(rand.NewPCG(3, 5))
	characters := []rune("退役军人安置条例抚恤优待服务中心办理申请材料规定政府部门发放标准残疾等级教育就业创业")
	docs := make([]knowledge.Document, documents)
	for i := range docs {
		texts := make([]string, articles)
		for j := range texts {
			var b strings.Builder
			for range 120 {
				b.WriteRune(characters[source.IntN(len(characters))])
			}
			texts[j] = b.String()
		}
		key := fmt.Sprintf("办法%03d", i)
		docs[i] = law(key, key, day(2020, 1, 1), texts...)
	}
	return docs
}

// stocked makes a database of documents, with a random vector stored for each of their passages.
func stocked(b *testing.B, dir string, docs []knowledge.Document) {
	b.Helper()
	db, err := store.Open(b.Context(), store.Options{Dir: dir, Now: time.Now})
	require.NoError(b, err)
	defer func() { require.NoError(b, db.Close()) }()
	n, err := text.New()
	require.NoError(b, err)
	m, err := embed.New()
	require.NoError(b, err)
	source := rand.New(rand.NewPCG(1, 2))
	for _, d := range docs {
		_, err := db.Import(b.Context(), d, "")
		require.NoError(b, err)
		vectors := make(map[string][]float32)
		for _, p := range d.Passages(knowledge.LongArticle) {
			for _, t := range index.EmbeddingTexts(n, p) {
				v := make([]float32, m.Dimensions())
				for i := range v {
					v[i] = float32(source.NormFloat64())
				}
				vectors[index.Hash(t)] = v
			}
		}
		require.NoError(b, db.SaveVectors(b.Context(), m.Name(), vectors))
	}
}

// untilReady is how long a process takes from its start until /readyz says that everything is found by
// words and by meaning.
func untilReady(b *testing.B, data string) (healthy, ready time.Duration, p *process) {
	b.Helper()
	port := freePort(b)
	binary(b)
	began := time.Now()
	p = launch(b, []string{"RONGJUN_DATA=" + data, "RONGJUN_LISTEN=127.0.0.1:" + port}, "serve")
	for time.Since(began) < patience {
		resp, err := http.Get("http://127.0.0.1:" + port + "/readyz")
		if err != nil {
			time.Sleep(time.Millisecond) // nothing listens yet; there is no signal to wait for
			continue
		}
		if healthy == 0 {
			healthy = time.Since(began)
		}
		var r handlers.Readiness
		require.NoError(b, json.NewDecoder(resp.Body).Decode(&r))
		require.NoError(b, resp.Body.Close())
		if r.Ready && r.Parts["index"] == (handlers.Status{State: handlers.Works}) {
			return healthy, time.Since(began), p
		}
		time.Sleep(5 * time.Millisecond) // it is asked again; being ready is told no other way
	}
	b.Fatalf("never ready:\n%s", p.out)
	return 0, 0, nil
}

// BenchmarkStartWithPassages measures a start with the guide alone and with 20,000 imported passages
// whose vectors are stored: until it listens, until it answers by words and meaning, and the memory it
// holds then, with the model loaded.
func BenchmarkStartWithPassages(b *testing.B) {
	for name, docs := range map[string][]knowledge.Document{
		"guide": nil, "20000": manyArticles(40, 500),
	} {
		b.Run(name, func(b *testing.B) {
			dir := b.TempDir()
			stocked(b, dir, docs)
			var healthy, ready time.Duration
			memory := 0
			for b.Loop() {
				h, r, p := untilReady(b, dir)
				healthy, ready, memory = healthy+h, ready+r, resident(b, p)
				p.stop(b)
			}
			b.ReportMetric(healthy.Seconds()*1000/float64(b.N), "healthy-ms")
			b.ReportMetric(ready.Seconds()*1000/float64(b.N), "ready-ms")
			b.ReportMetric(float64(memory), "MiB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkSwap asks ten new questions a second, first in peace and then while one edition after the
// other is published, embedded and put in place over 2,000 stored passages. None may fail.
func BenchmarkSwap(b *testing.B) {
	s := settings(b, func(s *config.Config) { s.Sample = config.No })
	stocked(b, s.Data, manyArticles(4, 500))
	db, err := openStore(b.Context(), s)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	shelf, err := newShelf(s, db)
	require.NoError(b, err)
	require.NoError(b, shelf.publish(b.Context()))
	require.NoError(b, shelf.deepen(b.Context(), quietly))
	answerer, err := newAnswerer(s, shelf, newLog(s.Log, world{err: os.Stderr}), whileWaiting)
	require.NoError(b, err)
	swaps := 0
	var peace, swapping []time.Duration
	for b.Loop() {
		peace = append(peace, askedSteadily(b, answerer, "平时", 100)...)
		stop := make(chan struct{})
		var publishing sync.WaitGroup
		publishing.Go(func() {
			for ; ; swaps++ {
				select {
				case <-stop:
					return
				default:
				}
				d := law("新办法", "新办法", day(2021, 1, 1), fmt.Sprintf("第%d次改过的优待办法。", swaps))
				_, err := db.Import(b.Context(), d, "")
				if err == nil {
					err = shelf.publish(b.Context())
				}
				if err == nil {
					err = shelf.deepen(b.Context(), quietly)
				}
				if err != nil {
					b.Errorf("swap edition: %v", err)
					return
				}
			}
		})
		swapping = append(swapping, askedSteadily(b, answerer, "换版", 100)...)
		close(stop)
		publishing.Wait()
	}
	usual, worst := percentileOf(peace, 99), slices.Max(swapping)
	b.ReportMetric(usual.Seconds()*1000, "usual-p99-ms")
	b.ReportMetric(percentileOf(swapping, 99).Seconds()*1000, "swapping-p99-ms")
	b.ReportMetric(float64(worst)/float64(usual), "worst/usual-p99")
	b.ReportMetric(float64(swaps), "swaps")
	b.ReportMetric(0, "ns/op")
}

// askedSteadily asks n new questions, ten a second, and gives how long each took.
func askedSteadily(b *testing.B, a *answer.Answerer, kind string, n int) []time.Duration {
	b.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var took []time.Duration
	for i := range n {
		<-tick.C
		began := time.Now()
		_, err := a.Answer(b.Context(), turnOf(fmt.Sprintf("%s第%d次：退役金什么时候发给我", kind, i), knowledge.Date{}))
		require.NoError(b, err)
		took = append(took, time.Since(began))
	}
	return took
}

func percentileOf(took []time.Duration, p int) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[(len(sorted)*p+99)/100-1]
}

// BenchmarkImportOfTheStatutes gives the characters of articles taken in a second, as the import command
// does it into a new database, and taken in and published, to an edition that is answered from: by words,
// and with all vectors made too.
func BenchmarkImportOfTheStatutes(b *testing.B) {
	laws := os.Getenv("RONGJUN_TEST_LAWS")
	if laws == "" {
		b.Skip("RONGJUN_TEST_LAWS does not name the folder of the statutes")
	}
	for _, embedded := range []bool{false, true} {
		b.Run(map[bool]string{false: "words", true: "embedded"}[embedded], func(b *testing.B) {
			characters := 0
			var taking time.Duration
			for b.Loop() {
				began := time.Now()
				s := settings(b, nil)
				w := world{in: strings.NewReader(""), out: new(strings.Builder), err: new(strings.Builder)}
				report, err := importCommand{Paths: []string{laws}}.files(b.Context(), s, w)
				require.NoError(b, err)
				require.NotEmpty(b, report.Files)
				taking += time.Since(began)
				db, err := openStore(b.Context(), s)
				require.NoError(b, err)
				shelf, err := newShelf(s, db)
				require.NoError(b, err)
				require.NoError(b, shelf.publish(b.Context()))
				if embedded {
					require.NoError(b, shelf.deepen(b.Context(), quietly))
				}
				for _, d := range shelf.edition.Load().documents {
					for _, c := range d.Clauses {
						characters += utf8.RuneCountInString(c.Text)
					}
				}
				require.NoError(b, db.Close())
			}
			b.ReportMetric(float64(characters)/taking.Seconds(), "taken-in-characters/s")
			b.ReportMetric(float64(characters)/b.Elapsed().Seconds(), "published-characters/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}
