package figure

import "rongjun/knowledge/lately"

// Reader reads figures like the functions of the package, and keeps those of the texts read lately: what
// is said of one matter is said again, and reading takes longer than all else that is done with figures.
// Many may use it at once.
type Reader struct {
	stated *lately.Made[string, []Figure]
	held   *lately.Made[string, Set]
}

// The bounds of a Reader: the texts whose figures are kept at least, and the longest kept, in bytes.
const (
	textsKept = 1024
	longKept  = 4096
)

// NewReader makes a Reader that has read nothing yet.
func NewReader() *Reader {
	return &Reader{lately.New[string, []Figure](textsKept), lately.New[string, Set](textsKept)}
}

// All is the function All. The figures are shared and must not be changed.
func (r *Reader) All(text string) []Figure {
	return keptOr(r.stated, text, func() []Figure { return All(text) })
}

// Sets gives the figures of the texts, a set for each.
func (r *Reader) Sets(texts ...string) Sets {
	sets := make(Sets, len(texts))
	for i, text := range texts {
		sets[i] = keptOr(r.held, text, func() Set { return NewSet(text) })
	}
	return sets
}

// Missing is the function Missing.
func (r *Reader) Missing(text string, sources ...string) []Figure {
	var missing []Figure
	sets := r.Sets(sources...)
	for _, f := range r.All(text) {
		if !sets.Has(f) {
			missing = append(missing, f)
		}
	}
	return missing
}

func keptOr[V any](m *lately.Made[string, V], text string, read func() V) V {
	if len(text) > longKept {
		return read()
	}
	if kept, ok := m.Find(text); ok {
		return kept
	}
	made := read()
	m.Keep(text, made)
	return made
}

// Sets are the sets of several texts.
type Sets []Set

// Has reports whether the figure stands in one of the sets, see Set.Has.
func (s Sets) Has(f Figure) bool {
	for _, one := range s {
		if one.Has(f) {
			return true
		}
	}
	return false
}
