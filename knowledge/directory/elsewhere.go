package directory

import (
	"regexp"
	"strings"
)

// countyNamed is a county, district or city that a text names as where something is looked for.
var countyNamed = regexp.MustCompile(
	`(?:^|[,，。.？?！!、\s]|想问|请问)(?:(?:我们?|我家|本人|人|家)?(?:住在?|在|到|去|是))?` +
		`(\p{Han}{1,5}?[县区旗市])(?:的|有|哪|退役|服务|招聘|优惠|[,，。？?\s]|$)`)

var (
	// ours are words for the place where somebody is, not its name.
	ours = []string{
		"我", "你", "咱", "俺", "本", "这", "那", "哪", "全", "各", "某", "个", "附近", "什么",
	}
	// noCounties end as names of counties do.
	noCounties = []string{
		"小区", "社区", "市区", "城区", "郊区", "地区", "山区", "园区", "校区", "景区", "军区", "战区", "辖区", "老区",
		"超市", "城市", "门市", "菜市", "夜市", "集市", "上市", "省市", "县市",
	}
)

// elsewhere is a county that a text names although no record lies in it, empty where there is none.
func elsewhere(text string) string {
	m := countyNamed.FindStringSubmatch(text)
	if m == nil || containsAny(m[1], ours) {
		return ""
	}
	for _, end := range noCounties {
		if strings.HasSuffix(m[1], end) {
			return ""
		}
	}
	return m[1]
}
