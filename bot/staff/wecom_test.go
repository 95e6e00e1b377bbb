package staff

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
)

var _ bot.Colleagues = (*Accounts)(nil)

func TestOnlyABoundAndEnabledMemberSignsInByWeCom(t *testing.T) {
	a, _ := accounts(t)
	addLi(t, a)
	_, err := a.SignInByWeCom(t.Context(), "LiMin")
	require.ErrorIs(t, err, ErrUnbound)
	_, err = a.SignInByWeCom(t.Context(), "")
	require.ErrorIs(t, err, ErrUnbound, "nobody is bound to nothing")
	require.NoError(t, a.Bind(t.Context(), "李敏", "LiMin"))
	m, err := a.SignInByWeCom(t.Context(), "limin")
	require.NoError(t, err)
	assert.Equal(t, "李敏", m.Name)
	require.NoError(t, a.Disable(t.Context(), "李敏"))
	_, err = a.SignInByWeCom(t.Context(), "LiMin")
	require.ErrorIs(t, err, ErrDisabled)
}

func TestBindingEndsTheSessionsOfTheAccount(t *testing.T) {
	a, _ := accounts(t)
	addLi(t, a)
	require.NoError(t, a.Bind(t.Context(), "李敏", "LiMin"))
	_, err := a.Current(t.Context(), "李敏", 1)
	require.ErrorIs(t, err, ErrSignedOut)
}

func TestWhatIsNoWeComIDIsRefused(t *testing.T) {
	a, _ := accounts(t)
	addLi(t, a)
	for _, id := range []string{"李敏", "a b", "a|b", "@all", strings.Repeat("a", 65)} {
		require.ErrorIs(t, a.Bind(t.Context(), "李敏", id), bot.ErrInvalid, id)
	}
}

// A card must reach nobody who could not act on it.
func TestOnlyThoseWhoMayTakeOverAreReachable(t *testing.T) {
	a, _ := accounts(t)
	for name, m := range map[string]NewMember{
		"bound":    {Role: Staff, WeComID: "u1"},
		"unbound":  {Role: Staff},
		"reader":   {Role: Viewer, WeComID: "u2"},
		"disabled": {Role: Supervisor, WeComID: "u3"},
	} {
		m.Name, m.Password = name, password
		require.NoError(t, a.Add(t.Context(), m))
	}
	require.NoError(t, a.Disable(t.Context(), "disabled"))
	all, err := a.Reachable(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []bot.Colleague{{Name: "bound", ID: "u1"}}, all)
	who, err := a.ColleagueOf(t.Context(), "U1")
	require.NoError(t, err)
	assert.Equal(t, "bound", who.Name)
	for _, id := range []string{"u2", "u3", "u4", ""} {
		_, err = a.ColleagueOf(t.Context(), id)
		require.ErrorIs(t, err, bot.ErrNotFound, id)
	}
}
