package guide_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge"
	"rongjun/knowledge/guide"
)

const (
	register = `
- key: "新办法(2024)"
  aliases: ["新办法"]
  title: "新办法"
  issuer: "某部"
  level: 国家
  effective: 2024-09-01
  replaces: ["旧办法(2011)"]

- key: "旧办法(2011)"
  title: "旧办法"
  issuer: "某部"
  level: 国家
  effective: 2011-11-01
  repealed: 2024-09-01
  replaced_by: ["新办法(2024)"]
`
	entry = `
- id: b
  topic: 题目
  question: 问什么？
  phrasings: [怎么问]
  short: >
    答案。
  cites: ["新办法(2024)#3"]
  related: [a]
  review: 2027-06-30
- id: a
  topic: 题目
  question: 问什么？
  phrasings: [怎么问]
  short: 答案。
  bring: [身份证]
  cites: ["新办法(2024)#1"]
  region: 浙江省
`
	place = "- {id: p, kind: 窗口, name: 窗口, region: 样例省, address: 一路}\n"
	fair  = "- {id: f, name: 会, region: 样例省, venue: 馆, week: 0, weekday: 7}\n"
	offer = "- {id: o, name: 惠, merchant: 店, region: 样例省, what: 八折}\n"
)

func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	all := map[string]string{
		"register.yaml": register, "entries/one.yaml": entry, "sample/places.yaml": place,
		"sample/fairs.yaml": fair, "sample/offers.yaml": offer,
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestAGuideLoadsSortedAndComplete(t *testing.T) {
	g, err := guide.LoadFS(folder(nil))
	require.NoError(t, err)
	require.Len(t, g.Entries, 2)
	assert.Equal(t, "a", g.Entries[0].ID)
	b, ok := g.Entry("b")
	require.True(t, ok)
	assert.Equal(t, knowledge.Entry{
		ID: "b", Topic: "题目", Question: "问什么？", Phrasings: []string{"怎么问"}, Short: "答案。",
		Cites:   []knowledge.Citation{{Doc: "新办法(2024)", Article: 3}},
		Related: []string{"a"}, Review: knowledge.Date{Year: 2027, Month: 6, Day: 30},
	}, b)
	_, ok = g.Entry("c")
	assert.False(t, ok)
}

// TestAFaultIsToldWithFileAndLine holds every rule of the files, and that an editor learns where.
func TestAFaultIsToldWithFileAndLine(t *testing.T) {
	const head = "- id: c\n  topic: 题\n  question: 问\n  short: 答\n"
	for name, c := range map[string]struct{ file, text, want string }{
		"an unknown key": {"entries/x.yaml", head + "  cits: []\n", "entries/x.yaml:5: "},
		"a wrong type":   {"entries/x.yaml", head + "  cites: 3\n", "entries/x.yaml:5: "},
		"not a list":     {"entries/x.yaml", "id: c\n", "entries/x.yaml:1: want a list"},
		"broken YAML":    {"entries/x.yaml", "\n- id: [c\n", "entries/x.yaml:"},
		"a broken date": {
			"entries/x.yaml", head + "  review: 明年\n",
			`entries/x.yaml:1: date "明年"`,
		},
		"a broken citation": {
			"entries/x.yaml", head + "  cites: ['新办法(2024)#x']\n",
			"entries/x.yaml:1: citation",
		},
		"no citation": {
			"entries/x.yaml", head,
			`entries/x.yaml:1: entry "c": cites are missing`,
		},
		"an unknown document":   {"entries/x.yaml", head + "  cites: [别的#1]\n", "not in the register"},
		"an alias cited":        {"entries/x.yaml", head + "  cites: [新办法#1]\n", "by an alias"},
		"a repealed text cited": {"entries/x.yaml", head + "  cites: ['旧办法(2011)#1']\n", "repealed"},
		"an unknown relation": {
			"entries/x.yaml", head + "  cites: ['新办法(2024)#1']\n  related: [z]\n",
			`related "z"`,
		},
		"an id twice": {
			"entries/x.yaml", "\n- id: a\n  topic: 题\n",
			`entries/x.yaml:2: id "a" is taken at entries/one.yaml:`,
		},
		"an unknown key there": {"register.yaml", register + "  titel: 某\n", "register.yaml:17: "},
		"a level unknown": {
			"register.yaml", "- {key: k, title: t, issuer: i, level: 国}",
			"unknown level",
		},
		"a level against region": {
			"register.yaml", "- {key: k, title: t, issuer: i, level: 省}",
			"does not fit",
		},
		"no title": {"register.yaml", "- {key: k, issuer: i, level: 国家}", "needs a title"},
		"a key twice": {
			"register.yaml", register + "- {key: 新办法, title: t, issuer: i, level: 国家}",
			"taken",
		},
		"a successor that disagrees": {
			"register.yaml",
			"- {key: k, title: t, issuer: i, level: 国家, replaced_by: [z]}", "do not agree",
		},
		"a predecessor that disagrees": {
			"register.yaml",
			register + "- {key: k, title: t, issuer: i, level: 国家, replaces: [新办法]}", "do not agree",
		},
		"a sample with a phone": {
			"sample/places.yaml", "\n- {id: p, kind: 窗口, name: 窗, region: 省, address: 路, phone: 1}",
			"sample/places.yaml:2: a sample place has no phone",
		},
		"a sample place twice": {"sample/places.yaml", place + place, "place:p stands twice"},
		"a sample unnamed":     {"sample/offers.yaml", "- {id: o}", "offer:o has no name"},
		"a weekday of no week": {"sample/fairs.yaml", "- {id: f, weekday: 8}", "weekday 8"},
		"a sample key unknown": {
			"sample/fairs.yaml", "- {id: f, day: 1}",
			"sample/fairs.yaml:1: unknown",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := guide.LoadFS(folder(map[string]string{c.file: c.text}))
			require.ErrorIs(t, err, knowledge.ErrInvalid)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestAllFaultsAreToldAtOnce(t *testing.T) {
	_, err := guide.LoadFS(folder(map[string]string{
		"entries/x.yaml": "- ida: 1\n- idb: 2\n", "entries/y.yaml": "- idc: 3\n",
	}))
	for _, key := range []string{"entries/x.yaml:1", "entries/x.yaml:2", "entries/y.yaml:1"} {
		assert.ErrorContains(t, err, key)
	}
}

func TestACitationReadsAsPeopleWriteIt(t *testing.T) {
	g, err := guide.LoadFS(folder(nil))
	require.NoError(t, err)
	for citation, want := range map[string]string{
		"新办法(2024)#22": "《新办法》第二十二条（2024年9月1日起施行）",
		"新办法":          "《新办法》（2024年9月1日起施行）",
		"旧办法(2011)#2":  "《旧办法》第二条（2011年11月1日起施行，2024年9月1日起不再施行）",
		"没有的#3":        "《没有的》第三条",
	} {
		c, err := knowledge.ParseCitation(citation)
		require.NoError(t, err)
		assert.Equal(t, want, g.Register.Cite(c))
	}
	_, err = g.Register.Lookup("没有的")
	assert.ErrorIs(t, err, knowledge.ErrNotFound)
}
