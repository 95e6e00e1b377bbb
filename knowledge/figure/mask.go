package figure

import (
	"regexp"
	"slices"
)

// span is a stretch of text in which nothing is a figure.
type span struct{ start, end int }

const (
	numeral = `[0-9零〇一二两三四五六七八九十百千]+`
	listed  = `(?:(?:、|和|或|至|到|及|以及|或者|-|~)第?` + numeral + `)*`
)

// structure matches the numbering of texts. Where a pattern has a group, the group is the numbering
// and the rest only what must stand around it.
var structure = []*regexp.Regexp{
	regexp.MustCompile(`《[^《》]*》`),
	regexp.MustCompile(`第\(?` + numeral + listed + `\)?(?:条|款|项|目|章|节|编)` +
		`(?:之[一二三四五六七八九十])?`),
	regexp.MustCompile(`\([0-9零一二三四五六七八九十]{1,3}\)`),
	regexp.MustCompile(`(?m)(?:^|[。;；])[ \t#*-]*([0-9]{1,2}[.、)])[^0-9]`),
	regexp.MustCompile(`(?m)(?:^|[。;；])[ \t#*-]*([一二三四五六七八九十]{1,3}、)` +
		`[^一二三四五六七八九十0-9]`),
	regexp.MustCompile(`[一二三四五六七八九]是|[一二]来|(其[一二三四五])[是，,、:]`),
}

// ordinal matches 第一 and the unit of time that makes a figure of it, as in 第13年.
var ordinal = regexp.MustCompile(`第` + numeral + `(年|个?月|日|天|周|个?学期|学年|季度)?`)

// idioms are words that are written with numerals and state no figure.
var idioms = []*regexp.Regexp{
	regexp.MustCompile(`[一二三四五六]等(?:战?功|奖|座)|[一二三四五六]期士官|三级[甲乙丙]等|[二三]甲`),
	regexp.MustCompile(`[一二三四五]级(?:军士长|警士长|上士|英雄模范|英模|士官)`),
	regexp.MustCompile(`一次性|[再又同问头]一次|[统唯逐同单专不任之其万合如划归择]一`),
	regexp.MustCompile(`[上下这那哪每某新有](?:一(?:年|月|日|天|次|个月|周|级))`),
	regexp.MustCompile(`一(?:年四季|日三餐|天到晚|时|分子|分耕|度)`),
	regexp.MustCompile(`(?:几年|多久|多长时间)[^，。；,;]?(一次)|(一[年月天次])几|前[一二两三]款|三个代表|三轮`),
	regexp.MustCompile(`[两二]者|两(?:边|头|地|方面|样|回事|码事|参|口子)`),
	regexp.MustCompile(`[这那哪][两二三四几](?:个|种|项|类|条|样|者|位)`),
	regexp.MustCompile(`(十分)(?:[^钟之]|$)|十[足佳字]|万分[^之]|百姓|百年|千方百计`),
	regexp.MustCompile(`千万(?:别|不|要|记|注|小心|当心)`),
	regexp.MustCompile(`[五三]险一金|三支一扶|五保|三[属无农军]|一老一小|四川|八路军|新四军`),
	regexp.MustCompile(`(?:五一|六一|七一|八一|十一)(?:前夕|节|假期|建军|国庆|劳动|儿童|期间|黄金|长假|慰问)`),
	regexp.MustCompile(`张三|李四|王五|[数几][十百千万]+|上百|(上[千万])[^元]|成[千百]上[万千]`),
}

// masked returns the spans without figures, in the order of their starts.
func masked(text string) []span {
	var spans []span
	for _, patterns := range [][]*regexp.Regexp{structure, idioms} {
		for _, pattern := range patterns {
			for _, m := range pattern.FindAllStringSubmatchIndex(text, -1) {
				spans = append(spans, innermost(m))
			}
		}
	}
	for _, m := range ordinal.FindAllStringSubmatchIndex(text, -1) {
		if m[2] < 0 {
			spans = append(spans, span{m[0], m[1]})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	return spans
}

// innermost is the group that matched, or the whole match where the pattern has no group.
func innermost(m []int) span {
	for i := 2; i < len(m); i += 2 {
		if m[i] >= 0 {
			return span{m[i], m[i+1]}
		}
	}
	return span{m[0], m[1]}
}
