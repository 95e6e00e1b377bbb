package guide

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
)

func TestWhatCitationsCarryIsKnownOfEveryEntryAsItIsToday(t *testing.T) {
	g, err := Load()
	require.NoError(t, err)
	for _, e := range g.Entries {
		supports := g.Supports(e)
		require.Len(t, supports, len(e.Cites), "%s changed after supports.txt was made", e.ID)
		sum := 0
		for _, r := range supports {
			sum += r.Share
		}
		assert.LessOrEqual(t, sum, 101, e.ID)
	}
	changed := g.Entries[0]
	changed.Short += "。"
	assert.Nil(t, g.Supports(changed))
	assert.Nil(t, g.Supports(knowledge.Entry{ID: "elsewhere"}))
}

func TestAFaultyRecordOfCitationsIsRefused(t *testing.T) {
	for _, file := range []string{"", "id", "id hash", "id hash many"} {
		_, err := readSupports(file)
		require.ErrorIs(t, err, knowledge.ErrInvalid, file)
	}
}

func TestWhatCitationsCarry(t *testing.T) {
	texts := articleTexts(t)
	g, err := Load()
	require.NoError(t, err)
	var made strings.Builder
	for _, e := range g.Entries {
		fmt.Fprintf(&made, "%s %s", e.ID, supportHash(e))
		for _, r := range reckon(e, texts) {
			fmt.Fprintf(&made, " %d", r.Share)
			if len(r.Figures) > 0 {
				made.WriteString(":" + strings.Join(r.Figures, ","))
			}
		}
		made.WriteString("\n")
	}
	if slices.Contains(os.Args, "-update") {
		require.NoError(t, os.WriteFile("supports.txt", []byte(made.String()), 0o600))
		return
	}
	assert.Equal(t, supportsFile, made.String(), "make supports.txt anew with -update")
}

// articleTexts skips the test where the folder of the statutes is not named.
func articleTexts(t *testing.T) func(knowledge.Citation) string {
	t.Helper()
	folder := os.Getenv("RONGJUN_TEST_LAWS")
	if folder == "" {
		t.Skip("RONGJUN_TEST_LAWS does not name the folder of the statutes")
	}
	files := make(map[string]string)
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			data, readErr := os.ReadFile(path)
			files[strings.TrimSuffix(d.Name(), ".md")], err = string(data), readErr
		}
		return err
	})
	require.NoError(t, err)
	return func(c knowledge.Citation) string {
		text := files[c.Doc]
		require.NotEmpty(t, text, "%s", c)
		return articleOf(text, c.Article)
	}
}

// articleOf cuts an article out of a text in either of the two shapes that the files have.
func articleOf(text string, article int) string {
	if article == 0 {
		return text
	}
	for _, before := range []string{"\n", "\n- **"} {
		_, rest, found := strings.Cut("\n"+text, before+knowledge.ArticleName(article))
		if !found {
			continue
		}
		for _, end := range []string{"\n第", "\n- **第", "\n#"} {
			rest, _, _ = strings.Cut(rest, end)
		}
		return rest
	}
	return ""
}
