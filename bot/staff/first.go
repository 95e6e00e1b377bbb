package staff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"rongjun/bot"
)

// FirstName is the account made at the first start.
const FirstName = "admin"

// First makes the first account when there is none, an administrator who must change the password
// at once. It returns the one-time password, empty when there are accounts already.
func (a *Accounts) First(ctx context.Context) (password string, err error) {
	all, err := a.members.Members(ctx)
	if err != nil {
		return "", fmt.Errorf("make first member: %w", err)
	}
	if len(all) > 0 {
		return "", nil
	}
	password, err = oneTimePassword(a.rand)
	if err != nil {
		return "", err
	}
	err = a.Add(ctx, NewMember{
		Name: FirstName, Role: Administrator, Password: password, MustChange: true,
	})
	if errors.Is(err, bot.ErrConflict) {
		return "", nil // another process of the same database was first
	}
	if err != nil {
		return "", fmt.Errorf("make first member: %w", err)
	}
	return password, nil
}

// readable leaves out what looks alike on paper: 0 and o, 1 and l. It has 32 letters and
// digits, one for each value of five bits.
const readable = "abcdefghijkmnpqrstuvwxyz23456789"

// oneTimePassword returns four groups of four characters, 80 random bits, easy to copy by hand.
func oneTimePassword(rand io.Reader) (string, error) {
	b := make([]byte, 16)
	if _, err := io.ReadFull(rand, b); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	var out strings.Builder
	for i, c := range b {
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(readable[c%32])
	}
	return out.String(), nil
}
