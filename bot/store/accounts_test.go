package store_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/stretchr/testify/require"

	"rongjun/bot"
	"rongjun/bot/staff"
	"rongjun/bot/store"
)

var (
	_ staff.Members = (*store.Store)(nil)
	_ staff.Tokens  = (*store.Store)(nil)
	_ scs.CtxStore  = (*store.Sessions)(nil)
)

func member(name string, role staff.Role) staff.Member {
	return staff.Member{
		Name: name, Role: role, PasswordHash: "$argon2id$", MustChange: true, Generation: 1,
		Created: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC),
	}
}

func TestMembersAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		zhang := member("zhang", staff.Staff)
		require.NoError(t, s.AddMember(t.Context(), zhang))
		require.NoError(t, s.AddMember(t.Context(), member("chen", staff.Viewer)))
		require.ErrorIs(t, s.AddMember(t.Context(), member("zhang", staff.Viewer)), bot.ErrConflict)
		got, err := s.MemberByName(t.Context(), "zhang")
		require.NoError(t, err)
		require.Equal(t, zhang, got)
		all, err := s.Members(t.Context())
		require.NoError(t, err)
		require.Equal(t, []staff.Member{member("chen", staff.Viewer), zhang}, all)
		_, err = s.MemberByName(t.Context(), "nobody")
		require.ErrorIs(t, err, bot.ErrNotFound)
	})
}

func TestAMemberIsUpdatedOnlyFromTheLatestGeneration(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		m := member("zhang", staff.Staff)
		require.NoError(t, s.AddMember(t.Context(), m))
		m.Role, m.PasswordHash, m.MustChange, m.Disabled = staff.Viewer, "other", false, true
		require.ErrorIs(t, s.UpdateMember(t.Context(), m), bot.ErrStale)
		m.Generation = 2
		require.NoError(t, s.UpdateMember(t.Context(), m))
		got, err := s.MemberByName(t.Context(), "zhang")
		require.NoError(t, err)
		require.Equal(t, m, got)
		m.Name = "nobody"
		require.ErrorIs(t, s.UpdateMember(t.Context(), m), bot.ErrNotFound)
	})
}

func TestTokensActForTheirMemberUntilRevoked(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		require.NoError(t, s.AddMember(t.Context(), member("zhang", staff.Staff)))
		token := staff.Token{Hash: "h1", Member: "zhang", Created: d.now()}
		require.NoError(t, s.AddToken(t.Context(), token))
		token.Hash, token.Member = "h2", "nobody"
		require.ErrorIs(t, s.AddToken(t.Context(), token), bot.ErrNotFound)
		m, err := s.MemberByToken(t.Context(), "h1")
		require.NoError(t, err)
		require.Equal(t, "zhang", m.Name)
		require.NoError(t, s.RevokeTokens(t.Context(), "zhang"))
		_, err = s.MemberByToken(t.Context(), "h1")
		require.ErrorIs(t, err, bot.ErrNotFound)
	})
}

func TestWhoIsSeenAndMayAnswerIsOnDuty(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		disabled := member("disabled", staff.Staff)
		disabled.Disabled = true
		for _, m := range []staff.Member{
			member("zhang", staff.Staff), member("chen", staff.Administrator), disabled,
			member("viewer", staff.Viewer), member("unseen", staff.Staff),
		} {
			require.NoError(t, s.AddMember(t.Context(), m))
			if m.Name != "unseen" {
				require.NoError(t, s.MarkSeen(t.Context(), m.Name, d.now()))
			}
		}
		require.NoError(t, s.MarkSeen(t.Context(), "nobody", d.now()))
		receive(t, s, text("li", "a"))
		require.Equal(t, bot.Queue{OnDuty: 2}, claimTurn(t, s).Queue)
		d.pass(2*time.Minute + time.Second)
		receive(t, s, text("wang", "a"))
		require.Equal(t, bot.Queue{}, claimTurn(t, s).Queue)
	})
}

func TestSessionsEndWhenTheyExpire(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open().Sessions()
		data := []byte{0, 1, 2, 0xff}
		require.NoError(t, s.Commit("token", data, d.now().Add(time.Hour)))
		require.NoError(t, s.Commit("gone", data, d.now().Add(-time.Second)))
		got, found, err := s.Find("token")
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, data, got)
		_, found, err = s.Find("gone")
		require.NoError(t, err)
		require.False(t, found)

		require.NoError(t, s.Commit("token", []byte("new"), d.now().Add(time.Hour)))
		got, _, err = s.Find("token")
		require.NoError(t, err)
		require.Equal(t, "new", string(got))
		require.NoError(t, s.Delete("token"))
		require.NoError(t, s.Delete("token"))
		_, found, err = s.Find("token")
		require.NoError(t, err)
		require.False(t, found)
	})
}

func TestVectorsComeBackBitByBit(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		want := make(map[string][]float32)
		for i := range 450 {
			want[fmt.Sprint("h", i)] = []float32{float32(i), -0.1, math.MaxFloat32, 0}
		}
		require.NoError(t, s.SaveVectors(t.Context(), "e5", want))
		want["h1"] = []float32{1}
		require.NoError(t, s.SaveVectors(t.Context(), "e5", map[string][]float32{"h1": {1}}))
		require.NoError(t, s.SaveVectors(t.Context(), "e5", nil))
		require.NoError(t, s.SaveVectors(t.Context(), "other", map[string][]float32{"h1": {2}}))
		got, err := s.LoadVectors(t.Context(), "e5")
		require.NoError(t, err)
		require.Equal(t, want, got)
		got, err = s.LoadVectors(t.Context(), "none")
		require.NoError(t, err)
		require.Empty(t, got)
	})
}

func TestAWeComIDBelongsToOneMember(t *testing.T) {
	onBoth(t, func(t *testing.T, d *database) {
		s := d.open()
		zhang, chen := member("zhang", staff.Staff), member("chen", staff.Staff)
		zhang.WeComID = "ZhangWei"
		require.NoError(t, s.AddMember(t.Context(), zhang))
		require.NoError(t, s.AddMember(t.Context(), chen))
		got, err := s.MemberByWeCom(t.Context(), "zhangwei")
		require.NoError(t, err)
		require.Equal(t, zhang, got)
		_, err = s.MemberByWeCom(t.Context(), "")
		require.ErrorIs(t, err, bot.ErrNotFound)

		chen.WeComID, chen.Generation = "ZHANGWEI", 2
		require.ErrorIs(t, s.UpdateMember(t.Context(), chen), bot.ErrConflict)
		wu := member("wu", staff.Staff)
		wu.WeComID = "zhangWei"
		require.ErrorIs(t, s.AddMember(t.Context(), wu), bot.ErrConflict)

		zhang.WeComID, zhang.Generation = "", 2
		require.NoError(t, s.UpdateMember(t.Context(), zhang))
		require.NoError(t, s.UpdateMember(t.Context(), chen))
		got, err = s.MemberByWeCom(t.Context(), "zhangwei")
		require.NoError(t, err)
		require.Equal(t, "chen", got.Name)
	})
}
