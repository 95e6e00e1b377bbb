package answer

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rongjun/knowledge"
)

//go:embed words/regions.txt
var regionsFile string

// places knows the provinces and cities by name.
type places struct {
	names []placeName
}

type placeName struct {
	short  string
	region knowledge.Region
}

// loadPlaces reads a section a province, its cities in its lines.
func loadPlaces() (places, error) {
	sections, err := parseSections("regions.txt", regionsFile)
	if err != nil {
		return places{}, fmt.Errorf("load regions: %w", err)
	}
	var p places
	for _, s := range sections {
		province := knowledge.Region(s.name)
		p.add(s.name, province)
		for _, city := range strings.Fields(strings.Join(s.lines, " ")) {
			p.add(city, province+"/"+knowledge.Region(city))
		}
	}
	return p, nil
}

// endings are what people leave off a name, the longest first.
var endings = []string{
	"维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "地区", "省", "市", "盟",
}

func (p *places) add(name string, region knowledge.Region) {
	short := name
	for _, ending := range endings {
		if cut, found := strings.CutSuffix(name, ending); found && utf8.RuneCountInString(cut) > 1 {
			short = cut
			break
		}
	}
	// 吉林 is the province; its city of that name must be named in full.
	taken := func(n placeName) bool { return n.short == short }
	if slices.ContainsFunc(p.names, taken) {
		short = name
	}
	p.names = append(p.names, placeName{short: short, region: region})
}

// find returns the place that a text names; the narrowest one where a province and its city are
// named, nothing where two places are.
func (p places) find(folded string) (knowledge.Region, bool) {
	var best knowledge.Region
	for _, n := range p.names {
		if !strings.Contains(folded, n.short) {
			continue
		}
		switch {
		case best == "" || best.Covers(n.region):
			best = n.region
		case !n.region.Covers(best):
			return "", false
		}
	}
	return best, best != ""
}
