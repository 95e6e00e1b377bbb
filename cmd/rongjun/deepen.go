package main

import "context"

// deepen makes the vectors that the present edition lacks and puts an edition with a full index in
// its place. Where a newer edition comes meanwhile it begins again with that one.
func (s *shelf) deepen(ctx context.Context, progress func(done, total int)) error {
	for ctx.Err() == nil {
		e := s.edition.Load()
		texts, err := s.meaning.missing(ctx, s.text, e.passages)
		if err != nil {
			return err
		}
		if len(texts) == 0 && e.index.HasVectors() && e.index.by == s.meaning.wanted {
			return nil
		}
		s.making.Store(&embedding{0, len(texts)})
		current := func() bool { return s.edition.Load() == e }
		err = s.meaning.make(ctx, texts, func(done, total int) bool {
			progress(done, total)
			s.making.Store(&embedding{done, total})
			return current()
		})
		s.making.Store(nil)
		if err != nil {
			return err
		}
		if !current() {
			continue
		}
		x, err := s.build(ctx, e)
		if err != nil {
			return err
		}
		if s.put(e.indexed(x), e) {
			return nil
		}
	}
	return ctx.Err()
}
