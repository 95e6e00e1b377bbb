package directory

import (
	"slices"
	"strings"

	"rongjun/knowledge"
)

// kindWords say which kinds a person means; the first row that fits decides.
var kindWords = []struct {
	words []string
	kinds []Kind
}{
	{[]string{"招聘", "双选会", "找工作的会"}, []Kind{JobFair}},
	{[]string{"服务站"}, []Kind{Station, Centre}},
	{[]string{"服务中心"}, []Kind{Centre, Station}},
	{[]string{"医院", "看病"}, []Kind{Hospital}},
	{[]string{"纪念馆", "纪念场馆", "陵园", "展览馆", "博物馆"}, []Kind{Museum}},
	{[]string{"优惠", "打折", "商家", "商户"}, []Kind{Discount, Merchant}},
	{[]string{"窗口", "大厅", "武装部", "事务局", "军人局"}, []Kind{Window, Centre}},
}

// whereWords ask for a place and not for a rule.
var whereWords = []string{
	"在哪", "哪里", "哪儿", "哪个地方", "啥地方", "什么地方", "地址", "电话", "怎么走", "几点", "开门", "上班", "附近", "最近的", "找谁办",
}

// Understand reads from a question which kinds of record, matter, region and days it is about. It
// is ok if the question names a kind, or asks where for a matter that a record handles; the region
// may be set in either case. A region whose name fits two places is left empty, so that it is
// asked for.
func (d *Directory) Understand(text string, today knowledge.Date) (Query, bool) {
	q := Query{Today: today, Region: d.region(text), Need: d.matter(text), Said: text}
	if q.Region == "" {
		q.Elsewhere = elsewhere(text)
	}
	for _, row := range kindWords {
		if containsAny(text, row.words) {
			q.Kinds = slices.Clone(row.kinds)
			break
		}
	}
	if from, to, ok := Days(text, today); ok {
		q.From, q.To = from, to
	}
	return q, len(q.Kinds) > 0 || q.Need != "" && containsAny(text, whereWords)
}

func containsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// matter is the longest matter of any record that the text names.
func (d *Directory) matter(text string) string {
	longest := ""
	for _, f := range d.known {
		for _, matter := range f.matters {
			if len(matter) > len(longest) && strings.Contains(text, matter) {
				longest = matter
			}
		}
	}
	return longest
}

// region is the region whose own name the text names together with most of the names above it.
func (d *Directory) region(text string) knowledge.Region {
	var best knowledge.Region
	most, tie := 0, false
	for _, r := range d.regions {
		named := 0
		if mentions(text, r.Last()) {
			for _, name := range r.Names() {
				if mentions(text, name) {
					named++
				}
			}
		}
		switch {
		case named == 0 || named < most:
		case named > most:
			best, most, tie = r, named, false
		default:
			tie = true
		}
	}
	if tie {
		return ""
	}
	return best
}

// mentions also accepts a name of three or more characters without its 省, 市, 区 or 县.
func mentions(text, name string) bool {
	short := shortRegion(name)
	return strings.Contains(text, name) || short != "" && strings.Contains(text, short)
}

// shortRegion is a name of three or more characters without its 省, 市, 区 or 县, empty where there is no
// such.
func shortRegion(name string) string {
	runes := []rune(name)
	if len(runes) < 3 || !strings.ContainsRune("省市区县", runes[len(runes)-1]) {
		return ""
	}
	return string(runes[:len(runes)-1])
}

// regionsOf are the regions of the records and all above them, sorted.
func regionsOf(known []facets) []knowledge.Region {
	var all []knowledge.Region
	for _, f := range known {
		names := f.region.Names()
		for n := range names {
			all = append(all, knowledge.Region(strings.Join(names[:n+1], "/")))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
