package staff

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"rongjun/bot"
)

// memory keeps accounts for tests by the rules of Members and Tokens.
type memory struct {
	mu      sync.Mutex
	members map[string]Member
	tokens  []Token
}

func newMemory() *memory { return &memory{members: make(map[string]Member)} }

func (s *memory) AddMember(_ context.Context, m Member) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.members[m.Name]; ok {
		return bot.ErrConflict
	}
	s.members[m.Name] = m
	return nil
}

func (s *memory) MemberByName(_ context.Context, name string) (Member, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.members[name]
	if !ok {
		return Member{}, bot.ErrNotFound
	}
	return m, nil
}

func (s *memory) MemberByWeCom(_ context.Context, id string) (Member, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.members {
		if m.WeComID != "" && strings.EqualFold(m.WeComID, id) {
			return m, nil
		}
	}
	return Member{}, bot.ErrNotFound
}

func (s *memory) Members(context.Context) ([]Member, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Member
	for _, m := range s.members {
		out = append(out, m)
	}
	return out, nil
}

func (s *memory) UpdateMember(_ context.Context, m Member) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored, ok := s.members[m.Name]
	if !ok {
		return bot.ErrNotFound
	}
	if stored.Generation != m.Generation-1 {
		return bot.ErrStale
	}
	for _, other := range s.members {
		if m.WeComID != "" && other.Name != m.Name && strings.EqualFold(other.WeComID, m.WeComID) {
			return bot.ErrConflict
		}
	}
	s.members[m.Name] = m
	return nil
}

func (s *memory) MarkSeen(_ context.Context, name string, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, ok := s.members[name]; ok {
		m.Seen = at
		s.members[name] = m
	}
	return nil
}

func (s *memory) AddToken(_ context.Context, t Token) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = append(s.tokens, t)
	return nil
}

func (s *memory) MemberByToken(ctx context.Context, hash string) (Member, error) {
	s.mu.Lock()
	i := slices.IndexFunc(s.tokens, func(t Token) bool { return t.Hash == hash })
	s.mu.Unlock()
	if i < 0 {
		return Member{}, bot.ErrNotFound
	}
	return s.MemberByName(ctx, s.tokens[i].Member)
}

func (s *memory) RevokeTokens(_ context.Context, member string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = slices.DeleteFunc(s.tokens, func(t Token) bool { return t.Member == member })
	return nil
}
