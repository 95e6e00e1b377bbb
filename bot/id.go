package bot

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
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

// newChoiceID returns 18 digits that nobody can guess. Digits alone, since a platform may read the id
// of a menu's item as a number of 64 bits.
func newChoiceID(rand io.Reader) (string, error) {
	const least, span = 1e17, 9e17
	var b [8]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return strconv.FormatUint(least+binary.BigEndian.Uint64(b[:])%span, 10), nil
}

// numberChoices gives choices their ids.
func numberChoices(rand io.Reader, choices []Choice) ([]Choice, error) {
	out := make([]Choice, len(choices))
	for i, c := range choices {
		id, err := newChoiceID(rand)
		if err != nil {
			return nil, err
		}
		out[i] = Choice{ID: id, Text: c.Text, Act: c.Act}
	}
	return out, nil
}

// numberPart makes a reply that is not cut into a message with an id.
func numberPart(rand io.Reader, r Reply) (OutgoingPart, error) {
	id, err := newID(rand)
	if err != nil {
		return OutgoingPart{}, err
	}
	r.Choices, err = numberChoices(rand, r.Choices)
	return OutgoingPart{ID: id, Reply: r}, err
}
