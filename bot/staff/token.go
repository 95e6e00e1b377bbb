package staff

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"rongjun/bot"
)

// tokenPrefix makes a token recognisable where it was left by mistake.
const tokenPrefix = "rongjun_"

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").
	WithPadding(base32.NoPadding)

// IssueToken makes a token for the member. It cannot be read again.
func (a *Accounts) IssueToken(ctx context.Context, name string) (string, error) {
	m, err := a.members.MemberByName(ctx, name)
	if err != nil {
		return "", fmt.Errorf("issue token: %w", err)
	}
	if m.Disabled {
		return "", fmt.Errorf("issue token to a disabled member: %w", bot.ErrConflict)
	}
	b := make([]byte, 32)
	if _, err := io.ReadFull(a.rand, b); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	token := tokenPrefix + lowerBase32.EncodeToString(b)
	err = a.tokens.AddToken(ctx, Token{Hash: hashToken(token), Member: name, Created: a.now()})
	if err != nil {
		return "", fmt.Errorf("issue token: %w", err)
	}
	return token, nil
}

// RevokeTokens ends all tokens of the member.
func (a *Accounts) RevokeTokens(ctx context.Context, name string) error {
	if _, err := a.members.MemberByName(ctx, name); err != nil {
		return fmt.Errorf("revoke tokens: %w", err)
	}
	if err := a.tokens.RevokeTokens(ctx, name); err != nil {
		return fmt.Errorf("revoke tokens: %w", err)
	}
	return nil
}

// ByToken returns whose token it is; ErrRefused if nobody's.
func (a *Accounts) ByToken(ctx context.Context, token string) (Member, error) {
	if !strings.HasPrefix(token, tokenPrefix) {
		return Member{}, ErrRefused
	}
	m, err := a.tokens.MemberByToken(ctx, hashToken(token))
	if errors.Is(err, bot.ErrNotFound) || (err == nil && m.Disabled) {
		return Member{}, ErrRefused
	}
	if err != nil {
		return Member{}, fmt.Errorf("look up token: %w", err)
	}
	return m, nil
}

// hashToken needs no salt and no cost: a token has 256 random bits.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
