package main

import (
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot/eval"
)

func TestStardIsMeasuredAndGoesOnWhereItWasStopped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, err := os.Create(filepath.Join(dir, "corpus.jsonl.gz"))
	require.NoError(t, err)
	zipped := gzip.NewWriter(file)
	for i, topic := range []rune("牛羊马猪狗鸡鸭鹅兔鼠") {
		_, err := fmt.Fprintf(zipped, `{"id":"%d","name":"法第%d条","content":"养%c的人应当办证。"}`+"\n", i, i, topic)
		require.NoError(t, err)
	}
	require.NoError(t, zipped.Close())
	require.NoError(t, file.Close())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "train.jsonl"),
		[]byte(`{"id":"a","question":"养羊","relevant":["1"]}`+"\n"), 0o600))

	o := newOperator(t)
	url, texts := embeddingService(t)
	o.settings["RONGJUN_EMBEDDINGS_BASE_URL"], o.settings["RONGJUN_EMBEDDINGS_MODEL"] = url, "m"
	for range 2 {
		r := decoded[eval.StardReport](t, o.succeeds("eval", "--json", "--stard", dir))
		assert.Equal(t, 10, r.Articles)
		assert.Equal(t, 1.0, r.Tuned.Plain.Recall10)
		assert.EqualValues(t, 11, texts.Load(), "ten articles and a question are embedded once")
	}
	assert.Contains(t, o.succeeds("eval", "--stard", dir, "--full"), "条文 10 条")
	assert.Contains(t, o.fails("eval", "--stard", t.TempDir()), "STARD")
	assert.Equal(t, exitUsage, o.runs("eval", "--questions", "q.jsonl").code)
}
