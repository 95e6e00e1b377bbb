package directory

import (
	"strings"
	"unicode/utf8"
)

// common are the words that many names have; the longer before the shorter they contain.
var common = strings.NewReplacer(
	"退役军人", "", "军人", "", "专场", "", "服务中心", "", "服务站", "", "事务局", "", "招聘会", "", "纪念馆", "", "医院", "", "优惠", "",
	"窗口", "", "陵园", "",
)

// villages end the names of places below a county, which people often leave out.
var villages = []string{"街道", "社区", "镇", "乡", "村"}

// named reports whether a text says what sets one of the record's names apart from others of its kind
// and region: 北山街道 or 北山 for 西湖区北山街道退役军人服务站.
func (f facets) named(text string) bool {
	for _, name := range f.names {
		own := f.ownPart(name)
		if isNamed(text, own) {
			return true
		}
		for _, end := range villages {
			if short, ok := strings.CutSuffix(own, end); ok && isNamed(text, short) {
				return true
			}
		}
	}
	return false
}

// ownPart is a name without its region and the words that many names have.
func (f facets) ownPart(name string) string {
	for _, region := range f.region.Names() {
		name = strings.TrimPrefix(name, region)
		if short := shortRegion(region); short != "" {
			name = strings.TrimPrefix(name, short)
		}
	}
	return common.Replace(name)
}

func isNamed(text, own string) bool {
	return utf8.RuneCountInString(own) > 1 && strings.Contains(text, own)
}
