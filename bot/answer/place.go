package answer

import (
	_ "embed"
	"errors"
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

// ErrRegion is that of a region that nobody can make out.
var ErrRegion = errors.New("no such region")

// regionLike are the endings of the names in a region's path.
var regionLike = append([]string{"区", "县", "旗", "州", "乡", "镇", "街道", "兵团"}, endings...)

// ReadRegion reads a region as an operator writes it: 浙江, 杭州市, 浙江省杭州市 or a path as
// 浙江省/杭州市/西湖区. Counties are not listed: a path of names that end as names of regions do is taken
// at its word. The error is ErrRegion.
func ReadRegion(said string) (knowledge.Region, error) {
	said = strings.Trim(strings.Join(strings.Fields(said), ""), "/")
	names := knowledge.Region(said).Names()
	isName := func(name string) bool {
		return slices.ContainsFunc(regionLike, func(ending string) bool {
			return strings.HasSuffix(name, ending) && name != ending
		})
	}
	whole := len(names) > 1 && !slices.ContainsFunc(names, func(n string) bool { return !isName(n) })
	if said == "" || whole {
		return knowledge.Region(said), nil
	}
	known, err := loadPlaces()
	if err != nil {
		return "", err
	}
	region, found := known.find(said)
	switch {
	case found && known.spells(region, strings.ReplaceAll(said, "/", "")):
		return region, nil
	case len(names) == 1 && !found && isName(said):
		return knowledge.Region(said), nil
	}
	return "", fmt.Errorf("read region %q: %w", said, ErrRegion)
}

// spells reports whether a text is the region's name, in full or as people say it, with or without that of
// the province before it.
func (p places) spells(region knowledge.Region, said string) bool {
	above := []string{""}
	if province, _, isCity := strings.Cut(string(region), "/"); isCity {
		above = append(above, p.namesOf(knowledge.Region(province))...)
	}
	for _, above := range above {
		for _, own := range p.namesOf(region) {
			if said == above+own {
				return true
			}
		}
	}
	return false
}

// namesOf are a region's own name and what people call it.
func (p places) namesOf(region knowledge.Region) []string {
	i := slices.IndexFunc(p.names, func(n placeName) bool { return n.region == region })
	return []string{region.Last(), p.names[i].short}
}
