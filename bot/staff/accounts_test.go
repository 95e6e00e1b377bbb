package staff

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const password = "长城脚下-2026-秋"

func accounts(t *testing.T) (*Accounts, *memory) {
	t.Helper()
	store := newMemory()
	a, err := New(Options{
		Members: store, Tokens: store, Rand: rand.Reader, Now: func() time.Time { return noon },
	})
	require.NoError(t, err)
	return a, store
}

func addLi(t *testing.T, a *Accounts) {
	t.Helper()
	err := a.Add(t.Context(), NewMember{Name: "李敏", Role: Staff, Password: password})
	require.NoError(t, err)
}

func TestOnlyTheRightPasswordSignsIn(t *testing.T) {
	a, _ := accounts(t)
	addLi(t, a)
	m, err := a.SignIn(t.Context(), "李敏", password)
	require.NoError(t, err)
	assert.Equal(t, Staff, m.Role)
	for _, c := range []struct{ name, password string }{
		{"李敏", password + "x"},
		{"李敏", ""},
		{"王强", password},
		{"", ""},
		{"李敏", strings.Repeat("长", 100000)},
	} {
		_, err := a.SignIn(t.Context(), c.name, c.password)
		assert.ErrorIs(t, err, ErrRefused)
	}
}

func TestAHashIsAPHCStringAndDiffersEachTime(t *testing.T) {
	h, err := newHasher(rand.Reader)
	require.NoError(t, err)
	one, err := h.hash(t.Context(), password)
	require.NoError(t, err)
	two, err := h.hash(t.Context(), password)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$"), one)
	assert.NotEqual(t, one, two)
	for _, broken := range []string{"$2a$12$abc", phcPrefix, phcPrefix + "!$!", one[:len(one)-4]} {
		_, err := h.matches(t.Context(), broken, password)
		assert.ErrorIs(t, err, errHash, broken)
	}
}

func TestAnUnknownNameCostsAHashToo(t *testing.T) {
	a, _ := accounts(t)
	a.hasher.slots <- struct{}{}
	a.hasher.slots <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.SignIn(ctx, "nobody", password)
	assert.ErrorIs(t, err, context.Canceled, "it waited for a slot")
}

func TestPasswordsThatAreTooEasyAreRefusedInWords(t *testing.T) {
	a, _ := accounts(t)
	for _, p := range []string{
		"", "kurz", "aaaaaaaaaaaaaa", "mein-LIMIN-2026", strings.Repeat("ab", 65), "abcdefghij\xff",
	} {
		err := a.Add(t.Context(), NewMember{Name: "limin", Role: Staff, Password: p})
		var rule *PasswordError
		require.ErrorAs(t, err, &rule, "%q", p)
		assert.ErrorIs(t, err, bot.ErrInvalid)
		assert.NotEmpty(t, rule.Words)
	}
}

func TestNamesAndRolesOutsideTheRulesAreRefused(t *testing.T) {
	a, _ := accounts(t)
	for _, n := range []NewMember{
		{Name: "", Role: Staff, Password: password},
		{Name: "a b", Role: Staff, Password: password},
		{Name: "<b>", Role: Staff, Password: password},
		{Name: strings.Repeat("名", 33), Role: Staff, Password: password},
		{Name: "王强", Role: "root", Password: password},
	} {
		assert.ErrorIs(t, a.Add(t.Context(), n), bot.ErrInvalid, "%q %q", n.Name, n.Role)
	}
	addLi(t, a)
	err := a.Add(t.Context(), NewMember{Name: "李敏", Role: Staff, Password: password})
	assert.ErrorIs(t, err, bot.ErrConflict)
}

func TestAChangedPasswordEndsOldSessions(t *testing.T) {
	a, _ := accounts(t)
	addLi(t, a)
	before, err := a.SignIn(t.Context(), "李敏", password)
	require.NoError(t, err)
	_, err = a.ChangePassword(t.Context(), "李敏", "wrong-wrong", "another-password-9")
	require.ErrorIs(t, err, ErrRefused)
	_, err = a.ChangePassword(t.Context(), "李敏", password, password)
	require.ErrorIs(t, err, bot.ErrInvalid)

	after, err := a.ChangePassword(t.Context(), "李敏", password, "another-password-9")
	require.NoError(t, err)
	assert.False(t, after.MustChange)
	_, err = a.Current(t.Context(), "李敏", before.Generation)
	require.ErrorIs(t, err, ErrSignedOut)
	_, err = a.Current(t.Context(), "李敏", after.Generation)
	require.NoError(t, err)
	_, err = a.SignIn(t.Context(), "李敏", password)
	assert.ErrorIs(t, err, ErrRefused)
}

func TestADisabledMemberIsOutEverywhere(t *testing.T) {
	a, _ := accounts(t)
	addLi(t, a)
	m, err := a.SignIn(t.Context(), "李敏", password)
	require.NoError(t, err)
	token, err := a.IssueToken(t.Context(), "李敏")
	require.NoError(t, err)
	require.NoError(t, a.Disable(t.Context(), "李敏"))

	_, err = a.SignIn(t.Context(), "李敏", password)
	require.ErrorIs(t, err, ErrRefused)
	_, err = a.Current(t.Context(), "李敏", m.Generation)
	require.ErrorIs(t, err, ErrSignedOut)
	_, err = a.ByToken(t.Context(), token)
	require.ErrorIs(t, err, ErrRefused)
	_, err = a.IssueToken(t.Context(), "李敏")
	require.ErrorIs(t, err, bot.ErrConflict)
	assert.ErrorIs(t, a.Disable(t.Context(), "王强"), bot.ErrNotFound)
}

func TestATokenActsForItsMemberUntilRevoked(t *testing.T) {
	a, store := accounts(t)
	addLi(t, a)
	token, err := a.IssueToken(t.Context(), "李敏")
	require.NoError(t, err)
	assert.NotContains(t, store.tokens[0].Hash, token[len(tokenPrefix):], "only a hash is kept")
	m, err := a.ByToken(t.Context(), token)
	require.NoError(t, err)
	assert.Equal(t, "李敏", m.Name)
	for _, wrong := range []string{"", "rongjun_", token + "a", token[len(tokenPrefix):]} {
		_, err := a.ByToken(t.Context(), wrong)
		assert.ErrorIs(t, err, ErrRefused)
	}
	require.NoError(t, a.RevokeTokens(t.Context(), "李敏"))
	_, err = a.ByToken(t.Context(), token)
	require.ErrorIs(t, err, ErrRefused)
	assert.ErrorIs(t, a.RevokeTokens(t.Context(), "王强"), bot.ErrNotFound)
}

func TestTheFirstAccountIsMadeOnce(t *testing.T) {
	a, store := accounts(t)
	one, err := a.First(t.Context())
	require.NoError(t, err)
	assert.Regexp(t, `^([a-z2-9]{4}-){3}[a-z2-9]{4}$`, one)
	m, err := a.SignIn(t.Context(), FirstName, one)
	require.NoError(t, err)
	assert.True(t, m.MustChange)
	assert.Equal(t, Administrator, m.Role)
	again, err := a.First(t.Context())
	require.NoError(t, err)
	assert.Empty(t, again)
	assert.Len(t, store.members, 1)
}

func TestOnDutyMeansAnOpenDeskAndTheRightToAnswer(t *testing.T) {
	for _, c := range []struct {
		name string
		m    Member
		want bool
	}{
		{"open desk", Member{Role: Staff, Seen: noon.Add(-time.Minute)}, true},
		{"gone", Member{Role: Staff, Seen: noon.Add(-3 * time.Minute)}, false},
		{"reads only", Member{Role: Viewer, Seen: noon}, false},
		{"disabled", Member{Role: Staff, Seen: noon, Disabled: true}, false},
		{"never seen", Member{Role: Supervisor}, false},
	} {
		assert.Equal(t, c.want, c.m.OnDuty(noon), c.name)
	}
}

func TestTheTableOfRolesIsTheOneWeMean(t *testing.T) {
	for role, want := range map[Role][2]bool{
		Administrator: {true, true}, Supervisor: {true, false},
		Editor: {false, true}, Staff: {true, false}, Viewer: {false, false},
		"": {}, "root": {},
	} {
		got := [2]bool{role.May(MayAnswer), role.May(MayEdit)}
		assert.Equal(t, want, got, "%q", role)
	}
}
