package knowledge

import (
	"slices"
	"strings"
)

// Merge makes one document of those that are the same text: the first stays, and the keys of the
// others become its aliases.
func Merge(docs []Document) []Document {
	var kept []Document
	at := make(map[string]int)
	for _, d := range docs {
		i, known := at[d.Hash]
		if d.Hash == "" || !known {
			at[d.Hash] = len(kept)
			kept = append(kept, d)
			continue
		}
		first := &kept[i]
		if first.Key != d.Key && !slices.Contains(first.Aliases, d.Key) {
			first.Aliases = append(slices.Clone(first.Aliases), d.Key)
		}
	}
	return kept
}

// Settle says of every document from when and until when it holds, given all documents and the
// register's enactments. The register completes what a text leaves open; of two versions of one
// title the earlier ends when the later begins; a text ends when one that replaces or repeals it
// begins. What a person stated is left as it is. Review lists what stays open.
//
// The result has the order of docs and does not depend on it; settling twice changes nothing more.
func Settle(docs []Document, register []Enactment) []Document {
	c := newChains(docs, register)
	c.linkVersions()
	for i := range c.texts {
		c.linkRepeals(i)
		c.linkKeys(i)
	}
	for _, l := range c.links {
		c.apply(l)
	}
	return c.texts[:len(docs)]
}

// link says that text later ends text earlier.
type link struct{ earlier, later int }

// chains are all texts known, documents first, with the starts they had before any link.
type chains struct {
	texts  []Document
	starts []Date
	byKey  map[string]int
	links  []link
}

func newChains(docs []Document, register []Enactment) *chains {
	c := &chains{byKey: make(map[string]int)}
	for _, d := range docs {
		c.add(d)
	}
	for _, e := range register {
		if i, known := c.byKey[e.Key]; known {
			c.texts[i] = c.texts[i].completed(e)
			continue
		}
		isKnown := func(key string) bool { _, ok := c.byKey[key]; return ok }
		if i := slices.IndexFunc(e.Aliases, isKnown); i >= 0 {
			at := c.byKey[e.Aliases[i]]
			c.texts[at] = c.texts[at].completed(e)
			continue
		}
		c.add(Document{Enactment: e})
	}
	for _, t := range c.texts {
		start, _ := t.Start()
		c.starts = append(c.starts, start)
	}
	return c
}

func (c *chains) add(d Document) {
	d.Replaces, d.ReplacedBy = slices.Clone(d.Replaces), slices.Clone(d.ReplacedBy)
	for _, key := range append([]string{d.Key}, d.Aliases...) {
		if _, taken := c.byKey[key]; !taken {
			c.byKey[key] = len(c.texts)
		}
	}
	c.texts = append(c.texts, d)
}

// linkVersions links each version of a title to the next that begins later.
func (c *chains) linkVersions() {
	for i, t := range c.texts {
		next := -1
		for j, other := range c.texts {
			if i == j || versionOf(t) != versionOf(other) || !c.precedes(i, j) {
				continue
			}
			if next < 0 || c.starts[j].Before(c.starts[next]) ||
				c.starts[j] == c.starts[next] && other.Key < c.texts[next].Key {
				next = j
			}
		}
		if next >= 0 {
			c.links = append(c.links, link{earlier: i, later: next})
		}
	}
}

// linkRepeals links the texts that text i says it ends: every version of the title that began
// before, or the one issued on the day it names.
func (c *chains) linkRepeals(i int) {
	for _, r := range c.texts[i].Repeals {
		for j, old := range c.texts {
			if i == j || plainTitle(old.Title) != plainTitle(r.Title) ||
				!c.texts[i].Region.Covers(old.Region) || !c.precedes(j, i) || !issuedOn(old, r.Issued) {
				continue
			}
			c.links = append(c.links, link{earlier: j, later: i})
		}
	}
}

// linkKeys links the texts that text i is said to replace or to be replaced by.
func (c *chains) linkKeys(i int) {
	for _, key := range c.texts[i].Replaces {
		if j, known := c.byKey[key]; known && j != i {
			c.links = append(c.links, link{earlier: j, later: i})
		}
	}
	for _, key := range c.texts[i].ReplacedBy {
		if j, known := c.byKey[key]; known && j != i {
			c.links = append(c.links, link{earlier: i, later: j})
		}
	}
}

// precedes says that text i is known to begin before text j.
func (c *chains) precedes(i, j int) bool {
	return !c.starts[i].IsZero() && c.starts[i].Before(c.starts[j])
}

// apply ends the earlier text on the day the later one begins. If it is not known to begin later,
// only the link is noted, and the earlier text no longer counts as in force.
func (c *chains) apply(l link) {
	earlier, later := &c.texts[l.earlier], &c.texts[l.later]
	earlier.ReplacedBy = withKey(earlier.ReplacedBy, later.Key)
	later.Replaces = withKey(later.Replaces, earlier.Key)
	day := c.starts[l.later]
	if day.IsZero() || !c.starts[l.earlier].Before(day) || earlier.given("repealed") {
		return
	}
	if earlier.Repealed.IsZero() || day.Before(earlier.Repealed) {
		earlier.Repealed = day
	}
	earlier.settled("repealed")
}

func withKey(keys []string, key string) []string {
	if !slices.Contains(keys, key) {
		keys = append(keys, key)
		slices.Sort(keys)
	}
	return keys
}

// version names what all versions of a text share.
type version struct {
	title  string
	region Region
}

func versionOf(d Document) version {
	return version{title: plainTitle(d.Title), region: d.Region}
}

// plainTitle drops the name of the state, which citations of a law leave out.
func plainTitle(title string) string {
	return strings.TrimPrefix(title, "中华人民共和国")
}

// issuedOn says that a text can be the one issued on the day; a text without days can.
func issuedOn(d Document, day Date) bool {
	if day.IsZero() || d.Adopted.IsZero() && d.Published.IsZero() {
		return true
	}
	return day == d.Adopted || day == d.Published
}
