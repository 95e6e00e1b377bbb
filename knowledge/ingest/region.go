package ingest

import (
	"regexp"
	"strings"

	"rongjun/knowledge"
)

// provinces are the full names of the regions of the first rank.
var provinces = []string{
	"北京市", "天津市", "上海市", "重庆市", "河北省", "山西省", "辽宁省", "吉林省", "黑龙江省", "江苏省",
	"浙江省", "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "海南省",
	"四川省", "贵州省", "云南省", "陕西省", "甘肃省", "青海省", "台湾省", "内蒙古自治区", "广西壮族自治区",
	"西藏自治区", "宁夏回族自治区", "新疆维吾尔自治区",
}

var (
	nationalTitle = regexp.MustCompile(
		`^(中华人民共和国|中国人民解放军|中国人民武装警察|全国人民代表大会|国务院|中央军委|中央军事委员会|中共中央)`)
	nationalIssuer = regexp.MustCompile(
		`^(中华人民共和国|全国人民代表大会|国务院|中央军委|中央军事委员会|中共中央|` +
			`国家[\p{Han}]{2,8}(局|委员会|总局)|\p{Han}{2,10}部(、|$))`)
	// organ begins the name of an office after the name of its place.
	organ = regexp.MustCompile(`(人民代表大会|人民政府|退役军人事务|民政|财政|人力资源|人力社保|教育|卫生|` +
		`医疗保障|公安|住房|交通|文化|司法|征兵|双拥|拥军|税务|农业|市场监督|发展和改革|残疾人)`)
	cityName   = regexp.MustCompile(`^(\p{Han}{2,7}?(?:自治州|市|地区|盟))`)
	countyName = regexp.MustCompile(`^(\p{Han}{1,8}?(?:自治县|自治旗|县|区|旗|市))`)
	// cityTitle is a title that begins with the name of a city or county.
	cityTitle = regexp.MustCompile(`^\p{Han}{2,5}?[市县区州]`)
)

// place is where a text applies, as far as its issuer or title says.
type place struct {
	level  knowledge.Level
	region knowledge.Region
	// whole says that the region reaches up to its province.
	whole bool
}

// placeOf reads the place from the issuer, else from the title; ok is false where neither names
// one.
func placeOf(issuer, title string) (p place, ok bool) {
	if nationalIssuer.MatchString(issuer) || issuer == "" && nationalTitle.MatchString(title) {
		return place{level: knowledge.LevelNational, whole: true}, true
	}
	if at := organ.FindStringIndex(issuer); at != nil && at[0] > 0 {
		if p, ok = placeNamed(issuer[:at[0]]); ok {
			return p, true
		}
	}
	for _, name := range provinces {
		if strings.HasPrefix(title, name) {
			return place{level: knowledge.LevelProvince, region: knowledge.Region(name), whole: true}, true
		}
	}
	if nationalTitle.MatchString(title) {
		return place{level: knowledge.LevelNational, whole: true}, true
	}
	if name := cityTitle.FindString(title); name != "" {
		return place{region: knowledge.Region(name)}, true
	}
	return place{}, false
}

// placeNamed takes a whole name apart: 浙江省杭州市西湖区.
func placeNamed(name string) (p place, ok bool) {
	var parts []string
	for _, province := range provinces {
		if rest, found := strings.CutPrefix(name, province); found {
			parts, name, p.whole = append(parts, province), rest, true
			p.level = knowledge.LevelProvince
			break
		}
	}
	if m := cityName.FindString(name); m != "" {
		parts, name, p.level = append(parts, m), name[len(m):], knowledge.LevelCity
	}
	if m := countyName.FindString(name); m != "" {
		parts, name, p.level = append(parts, m), name[len(m):], knowledge.LevelCounty
	}
	p.region = knowledge.Region(strings.Join(parts, "/"))
	return p, name == "" && len(parts) > 0
}

// within completes a region that lacks its province from the region of the folder: 杭州市 of a folder
// of 浙江省/杭州市.
func (p place) within(folder knowledge.Region) place {
	if p.whole || p.region == "" {
		return p
	}
	head := p.region.Names()[0]
	for i, name := range folder.Names() {
		if name == head {
			above := strings.Join(folder.Names()[:i], "/")
			p.region = knowledge.Region(strings.TrimPrefix(above+"/"+string(p.region), "/"))
			p.whole = true
		}
	}
	return p
}
