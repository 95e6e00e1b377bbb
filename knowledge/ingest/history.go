package ingest

import (
	"regexp"
	"strings"

	"rongjun/knowledge"
)

// history is what the lines under a title say: who adopted, published and revised the text, and
// when.
type history struct {
	adopted, published, effective knowledge.Date
	// first is the earliest and latest the last day named.
	first, latest knowledge.Date
	// revised is the day of the last revision.
	revised        knowledge.Date
	issuer, number string
}

var (
	historyVerb = regexp.MustCompile(`通过|批准|公布|发布|颁布|印发|修订|修正|修改|施行`)
	decree      = regexp.MustCompile(`((?:[\p{Han}、]+)?令)\s*` +
		`(?:[（(]?第\s*([0-9零〇一二三四五六七八九十百]+)\s*号[）)]?)`)
	oldDecree  = regexp.MustCompile(`第\s*([0-9]+)\s*号令`)
	fileNumber = regexp.MustCompile(`[\p{Han}]{1,12}[〔\[［(（](?:19|20)\d{2}[〕\]］)）]\s*` +
		`(?:第\s*)?\d{1,5}\s*号`)
	congress = regexp.MustCompile(
		`(第[一二三四五六七八九十]+届)?(全国|\p{Han}{2,8}?(?:省|自治区|市|县|区))(第[一二三四五六七八九十]+届)?` +
			`人民代表大会(常务委员会)?第`)
	council = regexp.MustCompile(`国务院第\s*[0-9一二三四五六七八九十百]+\s*次常务会议`)
	orders  = regexp.MustCompile(
		`(中华人民共和国国务院、中华人民共和国中央军事委员会|国务院、中央军委|国务院、中央军事委员会|` +
			`中华人民共和国国务院|国务院|中华人民共和国\p{Han}{2,12}?部|\p{Han}{2,8}(?:省|市|自治区)人民政府)` +
			`(令|发布|公布|第)`)
)

// readHistory goes through the lines in front of a text. Each day is read with the words up to the
// next one: 2020年11月11日 第十三届…会议通过.
func readHistory(front []string) history {
	var h history
	for _, l := range front {
		days := daysIn(l)
		for i, d := range days {
			end := len(l)
			if i+1 < len(days) {
				end = days[i+1].start
			}
			said := l[d.end:end]
			if !historyVerb.MatchString(said) && i+1 < len(days) {
				said = l[d.end:]
			}
			h.take(d.day, said, l[max(0, d.start-len("自")):d.start] == "自")
		}
		if h.number == "" && len(days) == 0 {
			h.number = strings.TrimSpace(fileNumber.FindString(l))
		}
	}
	return h
}

// take notes one event.
func (h *history) take(day knowledge.Date, said string, from bool) {
	bare := outsideTitles(said)
	switch {
	case from || strings.HasPrefix(strings.TrimLeft(bare, "起 　"), "施行"):
		h.effective = day
		return
	case !historyVerb.MatchString(bare):
		return
	}
	if h.first.IsZero() || day.Before(h.first) {
		h.first = day
	}
	if h.latest.Before(day) {
		h.latest = day
	}
	issued := containsAny(bare, "公布", "发布", "颁布", "印发")
	revised := containsAny(bare, "修订", "修正")
	if revised && h.revised.Before(day) {
		h.revised = day
	}
	ordered := decree.FindStringSubmatch(bare)
	if (issued || ordered != nil && revised) && !day.Before(h.published) {
		h.published = day
	}
	if (revised || containsAny(bare, "通过", "批准")) && !day.Before(h.adopted) {
		h.adopted = day
	}
	if revised {
		h.number = ""
	}
	h.readNumber(bare, ordered)
	if issuer := issuerIn(bare); issuer != "" {
		h.issuer = issuer
	}
}

func (h *history) readNumber(said string, ordered []string) {
	switch old := oldDecree.FindStringSubmatch(said); {
	case ordered != nil:
		h.number = shortOffice(ordered[1]) + "第" + ordered[2] + "号"
	case old != nil:
		h.number = shortOffice(issuerIn(said)+"令") + "第" + old[1] + "号"
	}
}

// issuerIn names the body that a line of history speaks of, without the number of its session.
func issuerIn(said string) string {
	if m := congress.FindStringSubmatch(said); m != nil {
		return m[2] + "人民代表大会" + m[4]
	}
	if m := orders.FindStringSubmatch(said); m != nil {
		return shortOffice(m[1])
	}
	if council.MatchString(said) {
		return "国务院"
	}
	return ""
}

// shortOffice drops the name of the state before its offices: 国务院、中央军事委员会令.
func shortOffice(name string) string {
	return strings.NewReplacer(
		"中华人民共和国国务院", "国务院",
		"中华人民共和国中央军事委员会", "中央军事委员会",
		"中华人民共和国主席", "主席",
		"中央军委", "中央军事委员会",
	).Replace(name)
}

func containsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// outsideTitles is the text without the titles it quotes, whose words are not its own.
func outsideTitles(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '《':
			depth++
		case '》':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
