package store

import (
	"context"
	"fmt"
	"time"

	"rongjun/bot"
	"rongjun/bot/staff"
)

type memberRow struct {
	Name         string
	Role         staff.Role
	PasswordHash string
	MustChange   bool
	Disabled     bool
	Generation   int64
	Seen         stamp
	Created      stamp
	WecomUserid  string
}

func (r memberRow) member() staff.Member {
	return staff.Member{
		Name: r.Name, Role: r.Role, PasswordHash: r.PasswordHash, MustChange: r.MustChange,
		Disabled: r.Disabled, Generation: r.Generation,
		Seen: r.Seen.time(), Created: r.Created.time(), WeComID: r.WecomUserid,
	}
}

// AddMember implements staff.Members.
func (s *Store) AddMember(ctx context.Context, m staff.Member) error {
	return s.change(ctx, "add member", func(ctx context.Context, w *work) error {
		var added []string
		err := w.scan(ctx, &added, `INSERT INTO staff (name, role, password_hash, must_change,
			disabled, generation, seen, created, wecom_userid) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING RETURNING name`,
			m.Name, m.Role, m.PasswordHash, m.MustChange,
			m.Disabled, m.Generation, stampOf(m.Seen), stampOf(m.Created), m.WeComID)
		if err != nil {
			return err
		}
		if len(added) == 0 {
			return fmt.Errorf("name or WeCom id is taken: %w", bot.ErrConflict)
		}
		return nil
	})
}

// MemberByName implements staff.Members.
func (s *Store) MemberByName(ctx context.Context, name string) (staff.Member, error) {
	return s.member(ctx, "SELECT * FROM staff WHERE name = ?", name)
}

func (s *Store) member(ctx context.Context, query, key string) (staff.Member, error) {
	var r memberRow
	if err := s.read().scan(ctx, &r, query, key); err != nil {
		return staff.Member{}, fault("read member", err)
	}
	return r.member(), nil
}

// MemberByWeCom implements staff.Members.
func (s *Store) MemberByWeCom(ctx context.Context, id string) (staff.Member, error) {
	return s.member(ctx, `SELECT * FROM staff
		WHERE wecom_userid <> '' AND lower(wecom_userid) = lower(?)`, id)
}

// Members implements staff.Members.
func (s *Store) Members(ctx context.Context) ([]staff.Member, error) {
	var rows []memberRow
	if err := s.read().scan(ctx, &rows, "SELECT * FROM staff ORDER BY name"); err != nil {
		return nil, fault("list members", err)
	}
	out := make([]staff.Member, len(rows))
	for i, r := range rows {
		out[i] = r.member()
	}
	return out, nil
}

// UpdateMember implements staff.Members.
func (s *Store) UpdateMember(ctx context.Context, m staff.Member) error {
	return s.change(ctx, "update member", func(ctx context.Context, w *work) error {
		var known []string
		err := w.scan(ctx, &known, "SELECT name FROM staff WHERE name = ?", m.Name)
		if err != nil {
			return err
		}
		if len(known) == 0 {
			return bot.ErrNotFound
		}
		if err := w.wecomIsFree(ctx, m); err != nil {
			return err
		}
		var updated []string
		err = w.scan(ctx, &updated, `UPDATE staff SET role = ?, password_hash = ?,
			must_change = ?, disabled = ?, generation = ?, wecom_userid = ?
			WHERE name = ? AND generation = ? RETURNING name`,
			m.Role, m.PasswordHash, m.MustChange, m.Disabled, m.Generation, m.WeComID,
			m.Name, m.Generation-1)
		if err != nil {
			return err
		}
		if len(updated) == 0 {
			return fmt.Errorf("account has changed: %w", bot.ErrStale)
		}
		return nil
	})
}

// wecomIsFree refuses a WeCom id that another account has.
func (w *work) wecomIsFree(ctx context.Context, m staff.Member) error {
	if m.WeComID == "" {
		return nil
	}
	var others []string
	err := w.scan(ctx, &others, `SELECT name FROM staff
		WHERE name <> ? AND wecom_userid <> '' AND lower(wecom_userid) = lower(?)`,
		m.Name, m.WeComID)
	if err == nil && len(others) > 0 {
		err = fmt.Errorf("WeCom id is taken: %w", bot.ErrConflict)
	}
	return err
}

// MarkSeen implements staff.Members.
func (s *Store) MarkSeen(ctx context.Context, name string, at time.Time) error {
	return s.change(ctx, "mark member seen", func(ctx context.Context, w *work) error {
		return w.exec(ctx, "UPDATE staff SET seen = ? WHERE name = ?", stampOf(at), name)
	})
}

// AddToken implements staff.Tokens.
func (s *Store) AddToken(ctx context.Context, t staff.Token) error {
	return s.change(ctx, "add token", func(ctx context.Context, w *work) error {
		var added []string
		err := w.scan(ctx, &added, `INSERT INTO tokens (hash, member, created)
			SELECT ?, name, ? FROM staff WHERE name = ? RETURNING hash`,
			t.Hash, stampOf(t.Created), t.Member)
		if err != nil {
			return err
		}
		if len(added) == 0 {
			return bot.ErrNotFound
		}
		return nil
	})
}

// MemberByToken implements staff.Tokens.
func (s *Store) MemberByToken(ctx context.Context, hash string) (staff.Member, error) {
	return s.member(ctx, `SELECT m.* FROM staff AS m
		JOIN tokens AS t ON t.member = m.name WHERE t.hash = ?`, hash)
}

// RevokeTokens implements staff.Tokens.
func (s *Store) RevokeTokens(ctx context.Context, member string) error {
	return s.change(ctx, "revoke tokens", func(ctx context.Context, w *work) error {
		return w.exec(ctx, "DELETE FROM tokens WHERE member = ?", member)
	})
}
