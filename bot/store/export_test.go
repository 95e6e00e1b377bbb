package store

import "context"

// LimitPages makes a full disk: the database may not grow beyond this many pages.
func (s *Store) LimitPages(ctx context.Context, pages int) error {
	var now int
	return querier{s.writes}.scan(ctx, &now, "PRAGMA max_page_count = ?", pages)
}
