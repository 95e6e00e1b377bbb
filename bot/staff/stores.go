package staff

import (
	"context"
	"time"
)

// Members keeps accounts.
type Members interface {
	// AddMember stores a new account; bot.ErrConflict if the name or the WeCom id is taken.
	AddMember(ctx context.Context, m Member) error
	// MemberByName returns one account or bot.ErrNotFound.
	MemberByName(ctx context.Context, name string) (Member, error)
	// MemberByWeCom returns the account that has the WeCom id, disabled or not, or bot.ErrNotFound.
	MemberByWeCom(ctx context.Context, id string) (Member, error)
	// Members lists all accounts by name.
	Members(ctx context.Context) ([]Member, error)
	// UpdateMember stores Role, PasswordHash, MustChange, Disabled, WeComID and Generation of the
	// account with this name. The stored generation must be m.Generation-1, else it is bot.ErrStale
	// and nothing changes; bot.ErrNotFound without such an account, bot.ErrConflict if another one
	// has the WeCom id.
	UpdateMember(ctx context.Context, m Member) error
	// MarkSeen stores Seen; nothing happens without such an account.
	MarkSeen(ctx context.Context, name string, at time.Time) error
}

// Token lets a program act as a member of staff. The token itself is not kept.
type Token struct {
	// Hash is the SHA-256 of the token in hexadecimal.
	Hash    string
	Member  string
	Created time.Time
}

// Tokens keeps tokens.
type Tokens interface {
	// AddToken stores a token; bot.ErrNotFound without such a member.
	AddToken(ctx context.Context, t Token) error
	// MemberByToken returns whose token has the hash, disabled or not, or bot.ErrNotFound.
	MemberByToken(ctx context.Context, hash string) (Member, error)
	// RevokeTokens removes all tokens of a member.
	RevokeTokens(ctx context.Context, member string) error
}
