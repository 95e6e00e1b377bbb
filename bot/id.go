package bot

import (
	"encoding/base32"
	"fmt"
	"io"
)

// idEncoding keeps ids within what every platform allows: lower-case letters and digits.
var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// newID returns 24 characters that nobody can guess.
func newID(rand io.Reader) (string, error) {
	var b [15]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return idEncoding.EncodeToString(b[:]), nil
}
