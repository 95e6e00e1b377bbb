package platformtest

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Error codes that all platforms of the family share.
const (
	CodeSystemBusy   = -1
	codeNoToken      = 41001
	codeTokenExpired = 42001
	codeNeedGet      = 43001
	codeNeedPost     = 43002
	codeBadJSON      = 47001
)

// Refusal is a refusal as the platforms word it: HTTP 200 with an errcode.
type Refusal struct {
	Code int
	Text string
}

func (r *Refusal) Error() string { return fmt.Sprintf("%d %s", r.Code, r.Text) }

// Refuse makes a [Refusal].
func Refuse(code int, format string, args ...any) error {
	return &Refusal{code, fmt.Sprintf(format, args...)}
}

// Decode reads a JSON request body; what is no JSON in UTF-8 is refused.
func Decode(body []byte, into any) error {
	if !utf8.Valid(body) {
		return Refuse(codeBadJSON, "data format error: not UTF-8")
	}
	if err := json.Unmarshal(body, into); err != nil {
		return Refuse(codeBadJSON, "data format error: %v", err)
	}
	return nil
}
