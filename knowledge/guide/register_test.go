package guide_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/guide"
)

func TestTheRegisterKnowsEveryStatute(t *testing.T) {
	laws := readStatutes(t)
	g, err := guide.Load()
	require.NoError(t, err)
	for key := range laws {
		_, err := g.Register.Lookup(key)
		assert.NoError(t, err, "no key or alias for %s", key)
	}
	for _, e := range g.Register.All() {
		assert.Contains(t, laws, e.Key)
	}
}

func TestEveryCitedArticleExists(t *testing.T) {
	laws := readStatutes(t)
	g, err := guide.Load()
	require.NoError(t, err)
	for _, e := range g.Entries {
		for _, c := range e.Cites {
			_, ok := laws.text(c)
			assert.True(t, ok, "entry %s cites %s, which does not exist", e.ID, c)
		}
	}
}

// TestTheRegisterAgreesWithTheOfficialDatabase compares dates and addresses with index.json of the
// statutes folder wherever that gives them, and the number of articles found with the one it
// states.
func TestTheRegisterAgreesWithTheOfficialDatabase(t *testing.T) {
	laws := readStatutes(t)
	g, err := guide.Load()
	require.NoError(t, err)
	data, err := os.ReadFile(filepath.Join(os.Getenv("RONGJUN_TEST_LAWS"), "index.json"))
	require.NoError(t, err)
	var index []struct {
		File, Status string
		Articles     int
		FLK          struct {
			Title     string
			Published knowledge.Date `json:"publication_date"`
			Effective knowledge.Date `json:"effective_date"`
			URL       string
		}
	}
	require.NoError(t, json.Unmarshal(data, &index))
	require.NotEmpty(t, index)
	for _, r := range index {
		key := strings.TrimSuffix(r.File, ".md")
		e, err := g.Register.Lookup(key)
		require.NoError(t, err)
		assert.Equal(t, r.FLK.URL, e.Source, key)
		if r.FLK.Title != "" {
			assert.Equal(t, r.FLK.Title, e.Title)
		}
		if !r.FLK.Published.IsZero() {
			assert.Equal(t, r.FLK.Published, e.Published, key)
		}
		if !r.FLK.Effective.IsZero() {
			assert.Equal(t, r.FLK.Effective, e.Effective, key)
		}
		superseded := r.Status == "已修订" || r.Status == "已废止"
		assert.Equal(t, superseded, !e.Repealed.IsZero(), "%s is %s", key, r.Status)
		found := laws[key]
		delete(found, 0)
		assert.Len(t, found, r.Articles, key)
	}
}

func TestASupersededTextEndsWhenItsSuccessorBegins(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	ends := map[string]string{}
	for _, e := range g.Register.All() {
		if e.Repealed.IsZero() {
			continue
		}
		ends[e.Key] = e.Repealed.String()
		require.Len(t, e.ReplacedBy, 1, e.Key)
		next, err := g.Register.Lookup(e.ReplacedBy[0])
		require.NoError(t, err)
		before := e.Repealed.AddDays(-1)
		assert.True(t, e.InForce(before) && !e.InForce(e.Repealed), e.Key)
		assert.True(t, next.InForce(e.Repealed) && !next.InForce(before), next.Key)
	}
	assert.Equal(t, map[string]string{
		"中华人民共和国兵役法(2011,已被2021修订取代)":   "2021-10-01",
		"中华人民共和国国防教育法(2018,已被2024修订取代)": "2024-09-21",
		"军人抚恤优待条例(2019,已被2024修订取代)":     "2024-10-01",
		"征兵工作条例(2001,已被2023修订取代)":       "2023-05-01",
		"烈士褒扬条例(2019,已被2024修订取代)":       "2025-01-01",
		"退役士兵安置条例(2011,2024-09-01废止)":   "2024-09-01",
	}, ends)
}

func TestShippedCitationsReadRightly(t *testing.T) {
	g, err := guide.Load()
	require.NoError(t, err)
	for citation, want := range map[string]string{
		"退役军人安置条例(2024)#22":            "《退役军人安置条例》第二十二条（2024年9月1日起施行）",
		"中华人民共和国退役军人保障法(2020)#1":       "《中华人民共和国退役军人保障法》第一条（2021年1月1日起施行）",
		"婚姻家庭编#1040":                   "《中华人民共和国民法典》第一千零四十条（2021年1月1日起施行）",
		"浙江省军人军属权益保障条例(2020-09-24)#28": "《浙江省军人军属权益保障条例》第二十八条（2015年5月1日起施行）",
		"北京市实施《国防教育法》办法#1": "《北京市实施〈中华人民共和国国防教育法〉办法》第一条" +
			"（2007年9月15日起施行）",
	} {
		c, err := knowledge.ParseCitation(citation)
		require.NoError(t, err)
		assert.Equal(t, want, g.Register.Cite(c))
	}
}
