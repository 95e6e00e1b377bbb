package guide_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/figure"
)

// statutes are the articles of the texts in the folder named by RONGJUN_TEST_LAWS, by key and
// number. A text without articles is its article 0.
type statutes map[string]map[int]string

// articleStart finds both shapes in which the texts write an article: 第一条 at the start of a line
// and "- **第一条**".
var articleStart = regexp.MustCompile(`(?m)^(?:- \*\*)?第([零一二三四五六七八九十百千]+)条(?:\*\*)?[ \t　]`)

// readStatutes skips the test when the folder is not named.
func readStatutes(t *testing.T) statutes {
	t.Helper()
	folder := os.Getenv("RONGJUN_TEST_LAWS")
	if folder == "" {
		t.Skip("RONGJUN_TEST_LAWS does not name the folder of the statutes")
	}
	all := statutes{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" || d.Name() == "README.md" {
			return err
		}
		data, err := os.ReadFile(path)
		all[strings.TrimSuffix(d.Name(), ".md")] = articles(t, string(data))
		return err
	})
	require.NoError(t, err)
	require.NotEmpty(t, all, "no statutes in %s", folder)
	return all
}

func articles(t *testing.T, text string) map[int]string {
	t.Helper()
	starts := articleStart.FindAllStringSubmatchIndex(text, -1)
	if len(starts) == 0 {
		return map[int]string{0: text}
	}
	found := make(map[int]string)
	for i, m := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		written, ok := figure.Number(text[m[2]:m[3]])
		require.True(t, ok, "article %s", text[m[2]:m[3]])
		n, err := strconv.Atoi(written)
		require.NoError(t, err)
		require.NotContains(t, found, n, "article %d stands twice", n)
		found[n] = text[m[1]:end]
	}
	return found
}

// text is the cited article, and whether it exists.
func (s statutes) text(c knowledge.Citation) (string, bool) {
	text, ok := s[c.Doc][c.Article]
	return text, ok
}
