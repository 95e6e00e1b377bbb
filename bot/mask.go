package bot

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// between is what people put between the groups of a number.
const between = `[\s.·_/—–－\x{200B}-\x{200D}\x{2060}-]{0,2}`

// masks replace what identifies a person or an account, the longest numbers first.
var masks = []struct {
	pattern *regexp.Regexp
	mark    string
}{
	{regexp.MustCompile(`[\p{Han}]{1,4}字第?[- ]?[A-Za-z0-9]{4,}号?`), "〔证件号〕"},
	{regexp.MustCompile(`\d{6}` + between + `(?:18|19|20)\d{2}` + between + `\d{4}` + between + `\d{3}[\dXx]|\b\d{17}[Xx]`), "〔证件号〕"},
	{regexp.MustCompile(`\d{4}(?:` + between + `\d{4}){3}(?:` + between + `\d{1,3})?|\d{16,19}`), "〔银行卡号〕"},
	{regexp.MustCompile(`\d{12,15}`), "〔证件号〕"},
	{regexp.MustCompile(`(?:\+?86[- ]?)?1[3-9]\d(?:(?:` + between + `\d{4}){2}|(?:` + between + `\d{2}){4})`), "〔电话〕"},
	{regexp.MustCompile(`[(（]?0\d{2,3}[)）]?` + between + `\d{3,4}` + between + `\d{4}`), "〔电话〕"},
	{regexp.MustCompile(`(身份证|证件|证书|证|卡|账|帐|工号|档案|军人|残疾证|优待证)(?:号码|编号|号)(?:是|为|:|：)?\s*[A-Za-z0-9-]{4,}`), "${1}号〔证件号〕"},
	{regexp.MustCompile(`(尾号|后四位|后六位|末四位)(?:是|为|:|：)?\s*[0-9Xx]{3,8}`), "${1}〔证件号〕"},
	{regexp.MustCompile(`[A-Za-z]{1,3}\d{7,}|\d(?:[ \x{200B}-\x{200D}]{0,2}\d){8,}`), "〔号码〕"},
	{regexp.MustCompile(`[` + spelled + `]{9,}`), "〔号码〕"},
}

// wide are full-width digits; Mask reads them as plain ones.
var wide = regexp.MustCompile(`[０-９]`)

// Mask replaces the numbers of identity papers, phones, bank cards and certificates in a text that
// is to leave this process or to be read outside the desk.
func Mask(s string) string {
	if !mayHoldNumber(s) {
		return s
	}
	s = wide.ReplaceAllStringFunc(s, func(d string) string {
		return string([]rune(d)[0] - '０' + '0')
	})
	for _, m := range masks {
		s = m.pattern.ReplaceAllString(s, m.mark)
	}
	return s
}

// spelled are the numerals of a number that is written out, spelledLeast the fewest that are masked.
const (
	spelled      = "零〇一二三四五六七八九幺"
	spelledLeast = 9
)

// mayHoldNumber tells at once of most texts that no mask applies to them: each wants a digit, a letter or
// a dash, or many numerals.
func mayHoldNumber(s string) bool {
	numerals := 0
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
				return true
			}
		case r >= '０' && r <= '９':
			return true
		case strings.ContainsRune(spelled, r):
			numerals++
		}
	}
	return numerals >= spelledLeast
}
