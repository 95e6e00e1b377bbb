package handlers

import (
	"strings"
	"unicode"
)

// span is a part of a text that is the same in two versions, or only in the old or the new one.
type span struct {
	Kind spanKind
	Text string
}

type spanKind string

const (
	spanSame    spanKind = ""
	spanRemoved spanKind = "removed"
	spanAdded   spanKind = "added"
)

// difference finds what was removed and added between two texts.
func difference(before, after string) []span {
	return joined(compared(pieces(before), pieces(after)))
}

// lineDifference compares texts of which each line is a thing of its own.
func lineDifference(before, after string) []span {
	return joined(compared(wholeLines(before), wholeLines(after)))
}

// pieces cuts a text into characters; letters and digits that stand together are one piece.
func pieces(text string) []string {
	var out []string
	word := false
	for _, r := range text {
		letter := r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if letter && word {
			out[len(out)-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		word = letter
	}
	return out
}

// wholeLines cuts a text after its line breaks. The last line gets one too, so that it is the same
// line when others follow it.
func wholeLines(text string) []string {
	if text == "" {
		return nil
	}
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n")+"\n", "\n")
	return lines[:len(lines)-1]
}

// mostCompared bounds the work of one comparison; longer texts are shown as replaced.
const mostCompared = 4_000_000

// compared is the shortest way from before to after, piece by piece.
func compared(before, after []string) []span {
	var head, tail []span
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		head = append(head, span{spanSame, before[0]})
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		tail = append(tail, span{spanSame, before[len(before)-1]})
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	spans := append(head, middle(before, after)...)
	for i := len(tail) - 1; i >= 0; i-- {
		spans = append(spans, tail[i])
	}
	return spans
}

// middle compares by the longest common subsequence.
func middle(before, after []string) []span {
	var spans []span
	i, j := 0, 0
	if len(before)*len(after) <= mostCompared {
		common := commonLengths(before, after)
		for i < len(before) && j < len(after) {
			switch {
			case before[i] == after[j]:
				spans = append(spans, span{spanSame, before[i]})
				i, j = i+1, j+1
			case common[i+1][j] >= common[i][j+1]:
				spans = append(spans, span{spanRemoved, before[i]})
				i++
			default:
				spans = append(spans, span{spanAdded, after[j]})
				j++
			}
		}
	}
	for ; i < len(before); i++ {
		spans = append(spans, span{spanRemoved, before[i]})
	}
	for ; j < len(after); j++ {
		spans = append(spans, span{spanAdded, after[j]})
	}
	return spans
}

// commonLengths holds, for every two ends of the texts, the length of what they have in common.
func commonLengths(before, after []string) [][]int32 {
	lengths := make([][]int32, len(before)+1)
	for i := range lengths {
		lengths[i] = make([]int32, len(after)+1)
	}
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				lengths[i][j] = lengths[i+1][j+1] + 1
			} else {
				lengths[i][j] = max(lengths[i+1][j], lengths[i][j+1])
			}
		}
	}
	return lengths
}

// joined puts pieces of one kind together. A single character left alone between changes is no help
// to the eye: it goes with them. In each change what was removed comes before what was added.
func joined(parts []span) []span {
	var out []span
	var removed, added, held string
	flush := func() {
		for _, s := range []span{{spanRemoved, removed}, {spanAdded, added}, {spanSame, held}} {
			if s.Text != "" {
				out = append(out, s)
			}
		}
		removed, added, held = "", "", ""
	}
	for i, p := range parts {
		switch {
		case p.Kind == spanSame && removed+added == "" || p.Kind == spanSame && held != "":
			if removed+added != "" {
				flush()
			}
			out = same(out, p.Text)
		case p.Kind == spanSame:
			held = p.Text
			if i == len(parts)-1 || len([]rune(p.Text)) > 1 {
				flush()
			}
		default:
			removed, added, held = removed+held, added+held, ""
			if p.Kind == spanRemoved {
				removed += p.Text
			} else {
				added += p.Text
			}
		}
	}
	flush()
	return out
}

// same adds to the last span where that is the same in both texts too.
func same(spans []span, text string) []span {
	if n := len(spans); n > 0 && spans[n-1].Kind == spanSame {
		spans[n-1].Text += text
		return spans
	}
	return append(spans, span{spanSame, text})
}
