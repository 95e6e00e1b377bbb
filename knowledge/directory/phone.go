package directory

import (
	"regexp"
	"strings"
)

var (
	phoneForm = regexp.MustCompile(
		`^(?:\+?\d[\d-]*\d|[（(]0\d{2,3}[）)]\d[\d-]*\d)(?:(?:转|分机|ext\.?|x)\d{1,6})?$`)
	// phoneNumber is a number that can be dialled, without its marks and extension: one of the place or
	// a service, with an area code, a mobile one, 400 and 800, one from abroad.
	phoneNumber = regexp.MustCompile(`^(?:[1-9]\d{2,7}|0\d{9,11}|1[3-9]\d{9}|[48]00\d{7}|\+\d{8,15})$`)
	extension   = regexp.MustCompile(`(?:转|分机|ext\.?|x)\d{1,6}$`)
	afterDash   = regexp.MustCompile(`^(.*\d{7,8})-\d{1,6}$`)
)

// phone is a cell's phone, several of them as written. What may have lost its first 0 in a spreadsheet,
// or is no number, is left out: somebody would dial it.
func (c *cells) phone() string {
	said := c.text(columnPhone)
	for _, part := range strings.FieldsFunc(said, func(r rune) bool {
		return strings.ContainsRune("、，,；;/／", r)
	}) {
		if !dialled(strings.ToLower(strings.ReplaceAll(part, " ", ""))) {
			c.doubt("电话“%s”不像能拨的号码，没有用", part)
			return ""
		}
	}
	return said
}

func dialled(part string) bool {
	if !phoneForm.MatchString(part) {
		return false
	}
	part = extension.ReplaceAllString(part, "")
	plain := strings.NewReplacer("-", "", "（", "", "）", "", "(", "", ")", "")
	if phoneNumber.MatchString(plain.Replace(part)) {
		return true
	}
	m := afterDash.FindStringSubmatch(part)
	return m != nil && phoneNumber.MatchString(plain.Replace(m[1]))
}
