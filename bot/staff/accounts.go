package staff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"rongjun/bot"
)

var (
	// ErrRefused says that name and password do not fit, or that the account is disabled; it never
	// says which.
	ErrRefused = errors.New("sign-in refused")
	// ErrSignedOut says that the account changed since the session began.
	ErrSignedOut = errors.New("signed out")
)

// Accounts is everything that is done with accounts.
type Accounts struct {
	members Members
	tokens  Tokens
	hasher  *hasher
	rand    io.Reader
	now     func() time.Time
}

// Options are the parts of Accounts; all are needed.
type Options struct {
	Members Members
	Tokens  Tokens
	Rand    io.Reader
	Now     func() time.Time
}

// New returns the accounts kept in the given stores.
func New(o Options) (*Accounts, error) {
	h, err := newHasher(o.Rand)
	if err != nil {
		return nil, err
	}
	return &Accounts{
		members: o.Members, tokens: o.Tokens, hasher: h, rand: o.Rand, now: o.Now,
	}, nil
}

// NewMember is an account to be made.
type NewMember struct {
	Name     string
	Role     Role
	Password string
	// MustChange makes the person choose a password at the first sign-in.
	MustChange bool
	// WeComID binds the account to a member of the corp; empty for none.
	WeComID string
}

// Add makes an account. *PasswordError says what is wrong with the password, bot.ErrInvalid what
// with the rest, bot.ErrConflict that the name or the WeCom id is taken.
func (a *Accounts) Add(ctx context.Context, n NewMember) error {
	if err := checkName(n.Name); err != nil {
		return fmt.Errorf("add member: %w", err)
	}
	if _, err := ParseRole(string(n.Role)); err != nil {
		return fmt.Errorf("add member: %w", err)
	}
	if err := checkWeComID(n.WeComID); err != nil {
		return fmt.Errorf("add member: %w", err)
	}
	if err := checkPassword(n.Name, n.Password); err != nil {
		return fmt.Errorf("add member: %w", err)
	}
	hash, err := a.hasher.hash(ctx, n.Password)
	if err != nil {
		return fmt.Errorf("add member: %w", err)
	}
	err = a.members.AddMember(ctx, Member{
		Name: n.Name, Role: n.Role, PasswordHash: hash, MustChange: n.MustChange,
		Generation: 1, Created: a.now(), WeComID: n.WeComID,
	})
	if err != nil {
		return fmt.Errorf("add member: %w", err)
	}
	return nil
}

// List lists all accounts by name.
func (a *Accounts) List(ctx context.Context) ([]Member, error) {
	all, err := a.members.Members(ctx)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	return all, nil
}

// SignIn returns whose name and password these are; ErrRefused if nobody's.
func (a *Accounts) SignIn(ctx context.Context, name, password string) (Member, error) {
	m, err := a.members.MemberByName(ctx, name)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return Member{}, fmt.Errorf("sign in: %w", err)
	}
	if len(password) > maxPassword*4 {
		return Member{}, ErrRefused
	}
	ok, err := a.hasher.matches(ctx, m.PasswordHash, password)
	if err != nil {
		return Member{}, fmt.Errorf("sign in: %w", err)
	}
	if !ok || m.Disabled {
		return Member{}, ErrRefused
	}
	return m, nil
}

// Current returns the member of a session that began with the given generation; ErrSignedOut if the
// account changed, was disabled or is gone.
func (a *Accounts) Current(ctx context.Context, name string, generation int64) (Member, error) {
	m, err := a.members.MemberByName(ctx, name)
	if errors.Is(err, bot.ErrNotFound) {
		return Member{}, ErrSignedOut
	}
	if err != nil {
		return Member{}, fmt.Errorf("read session's member: %w", err)
	}
	if m.Disabled || m.Generation != generation {
		return Member{}, ErrSignedOut
	}
	return m, nil
}

// MarkSeen notes that the member has the desk open now.
func (a *Accounts) MarkSeen(ctx context.Context, name string) error {
	if err := a.members.MarkSeen(ctx, name, a.now()); err != nil {
		return fmt.Errorf("mark member seen: %w", err)
	}
	return nil
}

// ChangePassword replaces the member's own password and returns the account with its new
// generation. ErrRefused if old is wrong, *PasswordError if next breaks a rule.
func (a *Accounts) ChangePassword(ctx context.Context, name, old, next string) (Member, error) {
	m, err := a.SignIn(ctx, name, old)
	if err != nil {
		return Member{}, fmt.Errorf("change password: %w", err)
	}
	if old == next {
		return Member{}, &PasswordError{"新密码不能和原来的一样。"}
	}
	if err := checkPassword(name, next); err != nil {
		return Member{}, fmt.Errorf("change password: %w", err)
	}
	if m.PasswordHash, err = a.hasher.hash(ctx, next); err != nil {
		return Member{}, fmt.Errorf("change password: %w", err)
	}
	m.MustChange = false
	m.Generation++
	if err := a.members.UpdateMember(ctx, m); err != nil {
		return Member{}, fmt.Errorf("change password: %w", err)
	}
	return m, nil
}

// Disable ends an account, its sessions and its tokens. bot.ErrNotFound without such an account.
func (a *Accounts) Disable(ctx context.Context, name string) error {
	m, err := a.members.MemberByName(ctx, name)
	if err != nil {
		return fmt.Errorf("disable member: %w", err)
	}
	m.Disabled = true
	m.Generation++
	if err := a.members.UpdateMember(ctx, m); err != nil {
		return fmt.Errorf("disable member: %w", err)
	}
	if err := a.tokens.RevokeTokens(ctx, name); err != nil {
		return fmt.Errorf("disable member: %w", err)
	}
	return nil
}
