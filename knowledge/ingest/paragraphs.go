package ingest

import (
	"regexp"

	"rongjun/knowledge"
)

var (
	// itemLine begins an item (项), subItemLine a sub-item (目).
	itemLine    = regexp.MustCompile(`^(（[一二三四五六七八九十百]+）|\([一二三四五六七八九十百]+\))`)
	subItemLine = regexp.MustCompile(`^(\d{1,2}[.．、](\D|$)|（\d{1,2}）|\(\d{1,2}\)|[①-⑳])`)
)

// paragraphs sorts the lines of a clause into paragraphs (款) and their items; sub-items stay with
// the item they belong to.
func paragraphs(lines []string) []knowledge.Paragraph {
	var all []knowledge.Paragraph
	for _, l := range lines {
		item, sub := itemLine.MatchString(l), subItemLine.MatchString(l)
		if len(all) == 0 || !item && !sub {
			all = append(all, paragraph(l, item || sub))
			continue
		}
		p := &all[len(all)-1]
		if n := len(p.Items); sub && n > 0 && itemLine.MatchString(p.Items[n-1]) {
			p.Items[n-1] += "\n" + l
			continue
		}
		p.Items = append(p.Items, l)
	}
	return all
}

func paragraph(text string, isItem bool) knowledge.Paragraph {
	if isItem {
		return knowledge.Paragraph{Items: []string{text}}
	}
	return knowledge.Paragraph{Text: text}
}
