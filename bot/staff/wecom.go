package staff

import (
	"context"
	"errors"
	"fmt"

	"rongjun/bot"
)

var (
	// ErrUnbound says that a member of the corp has no account here.
	ErrUnbound = errors.New("no account is bound to this WeCom id")
	// ErrDisabled says that the account of somebody who has proved who they are is disabled.
	ErrDisabled = errors.New("account is disabled")
)

// Bind ties an account to a member of the corp, or loosens it with an empty id. Sessions of the
// account end: they may have begun with the former id. bot.ErrNotFound without such an account,
// bot.ErrInvalid for what is no id, bot.ErrConflict if another account has it.
func (a *Accounts) Bind(ctx context.Context, name, wecomID string) error {
	if err := checkWeComID(wecomID); err != nil {
		return fmt.Errorf("bind member: %w", err)
	}
	m, err := a.members.MemberByName(ctx, name)
	if err != nil {
		return fmt.Errorf("bind member: %w", err)
	}
	m.WeComID = wecomID
	m.Generation++
	if err := a.members.UpdateMember(ctx, m); err != nil {
		return fmt.Errorf("bind member: %w", err)
	}
	return nil
}

// SignInByWeCom returns whose account is bound to the id, which the platform has vouched for:
// ErrUnbound if nobody's, ErrDisabled if it may not be used.
func (a *Accounts) SignInByWeCom(ctx context.Context, wecomID string) (Member, error) {
	m, err := a.members.MemberByWeCom(ctx, wecomID)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return Member{}, ErrUnbound
	case err != nil:
		return Member{}, fmt.Errorf("sign in by WeCom: %w", err)
	case m.Disabled:
		return Member{}, ErrDisabled
	}
	return m, nil
}

// Reachable implements bot.Colleagues.
func (a *Accounts) Reachable(ctx context.Context) ([]bot.Colleague, error) {
	all, err := a.List(ctx)
	if err != nil {
		return nil, err
	}
	var out []bot.Colleague
	for _, m := range all {
		if m.WeComID != "" && m.mayTakeOver() {
			out = append(out, bot.Colleague{Name: m.Name, ID: m.WeComID})
		}
	}
	return out, nil
}

// ColleagueOf implements bot.Colleagues.
func (a *Accounts) ColleagueOf(ctx context.Context, wecomID string) (bot.Colleague, error) {
	m, err := a.members.MemberByWeCom(ctx, wecomID)
	if err != nil {
		return bot.Colleague{}, fmt.Errorf("find colleague: %w", err)
	}
	if !m.mayTakeOver() {
		return bot.Colleague{}, fmt.Errorf("account may not take over: %w", bot.ErrNotFound)
	}
	return bot.Colleague{Name: m.Name, ID: m.WeComID}, nil
}

func (m Member) mayTakeOver() bool { return !m.Disabled && m.Role.May(MayAnswer) }
