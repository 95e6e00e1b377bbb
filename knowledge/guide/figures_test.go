package guide_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/figure"
	"rongjun/knowledge/guide"
)

// The record says of each entry that its figures were found in the articles it cites, with a hash
// of those figures and citations. It is made anew, after entries have changed, by
//
//	RONGJUN_TEST_LAWS=FOLDER go test ./knowledge/guide -run TestEveryFigure -update
//
// and holds on machines that do not have the statutes.
const recordFile = "testdata/figures.txt"

const recordHead = "# Entry, hash of its figures and citations, result. " +
	"Written by TestEveryFigureStandsInACitedArticle -update.\n"

var update = flag.Bool("update", false, "write the record of the figure test")

// answerText is all that a contact may be told of an entry.
func answerText(e knowledge.Entry) string {
	parts := []string{e.Short, e.Details, e.Who, e.HowMuch}
	parts = append(parts, e.Bring...)
	return strings.Join(append(parts, e.Where, e.When, e.Appeal, e.Limits), "\n")
}

func fingerprint(e knowledge.Entry) string {
	h := sha256.New()
	for _, f := range figure.All(answerText(e)) {
		fmt.Fprintln(h, f.Value)
	}
	for _, c := range e.Cites {
		fmt.Fprintln(h, c)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func TestEveryFigureStandsInACitedArticle(t *testing.T) {
	laws := readStatutes(t)
	g, err := guide.Load()
	require.NoError(t, err)
	record := recordHead
	for _, e := range g.Entries {
		var sources []string
		for _, c := range e.Cites {
			text, ok := laws.text(c)
			require.True(t, ok, "entry %s cites %s, which does not exist", e.ID, c)
			sources = append(sources, text)
		}
		missing := figure.Missing(answerText(e), sources...)
		for _, f := range missing {
			t.Errorf("entry %s: %s (%s) stands in none of %v", e.ID, f.Text, f.Value, e.Cites)
		}
		if len(missing) == 0 {
			record += fmt.Sprintf("%s %s ok\n", e.ID, fingerprint(e))
		}
	}
	if *update {
		require.NoError(t, os.WriteFile(recordFile, []byte(record), 0o600))
	}
}

func TestEveryEntryIsRecordedAsItIsToday(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	recorded := readRecord(t)
	for _, e := range g.Entries {
		assert.Equal(t, fingerprint(e)+" ok", recorded[e.ID],
			"figures or citations of %s changed after the figure test; see %s", e.ID, recordFile)
		delete(recorded, e.ID)
	}
	assert.Empty(t, recorded, "recorded entries that are gone")
}

func readRecord(t *testing.T) map[string]string {
	t.Helper()
	file, err := os.Open(recordFile)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	recorded := make(map[string]string)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if id, result, ok := strings.Cut(lines.Text(), " "); ok && id != "#" {
			recorded[id] = result
		}
	}
	return recorded
}
