package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

// embeddingService speaks the OpenAI protocol and counts the texts that it embeds.
func embeddingService(t testing.TB) (url string, texts *atomic.Int64) {
	t.Helper()
	texts = new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Input []string }
		if !assert.NoError(t, json.NewDecoder(r.Body).Decode(&asked)) {
			return
		}
		texts.Add(int64(len(asked.Input)))
		data := make([]map[string]any, len(asked.Input))
		for i, s := range asked.Input {
			data[i] = map[string]any{"index": i, "embedding": []float32{1, float32(len(s)%7) - 3, 2}}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"data": data})
	}))
	t.Cleanup(s.Close)
	return s.URL, texts
}

func TestAnEvaluationWithImportsEmbedsNothingTheSecondTime(t *testing.T) {
	t.Parallel()
	for _, database := range []bool{false, true} {
		o := newOperator(t)
		url, texts := embeddingService(t)
		o.settings["RONGJUN_EMBEDDINGS_BASE_URL"], o.settings["RONGJUN_EMBEDDINGS_MODEL"] = url, "m"
		dir := folder(t, map[string]string{"q.jsonl": threeQuestions, "laws/甲市优待办法.md": smallLaw})
		if database {
			o.succeeds("import", folder(t, map[string]string{"别的办法.md": smallLaw + "\n附件：表\n\n一行。\n"}))
		}
		evaluate := func() (embedded int) {
			before := texts.Load()
			o.succeeds("eval", "--questions", filepath.Join(dir, "q.jsonl"),
				"--out", filepath.Join(dir, "out.jsonl"), "--import", filepath.Join(dir, "laws"))
			return int(texts.Load() - before)
		}
		const questions = 3
		first := evaluate()
		assert.Greater(t, first, 1000, "the guide and the imported text are embedded")
		assert.Equal(t, questions, evaluate(), "only the questions are embedded again")
		if !database {
			assert.NoFileExists(t, filepath.Join(o.data(), "rongjun.db"))
			o.succeeds("import", filepath.Join(dir, "laws"))
			assert.Equal(t, questions, evaluate(), "a database that came later changes nothing")
		}
	}
}
