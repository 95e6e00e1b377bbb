package index

// Vectors holds vectors of length 1 under names and finds those nearest to a given one. Add is
// finished before the first Query; Query and Scores may be called by many at once.
type Vectors interface {
	// Add keeps a vector under a name that is not empty and was not used before.
	Add(id string, vector []float32) error
	// Query gives the names and cosines of the n nearest that are allowed, the nearest first, equal
	// ones by name. There are fewer only where fewer are allowed.
	Query(vector []float32, n int, allowed func(id string) bool) ([]string, []float32, error)
	// Scores gives the cosine of each named vector, 0 for a name that is not held.
	Scores(vector []float32, ids []string) ([]float32, error)
}

// maxInChromem is how many vectors of texts chromem-go is given. Above it a plain scan of one block of
// memory answers many times faster.
const maxInChromem = 20_000

// newVectors picks what suits the number of vectors.
func newVectors(count, dims int) (Vectors, error) {
	if count <= maxInChromem {
		return NewChromem(dims)
	}
	return NewFlat(dims), nil
}

// newBlock is for the phrasings of entries: there are ten to a passage, and of so many chromem-go took
// more of a processor than all the rest of an answer to a question asked before.
func newBlock(_, dims int) (Vectors, error) { return NewFlat(dims), nil }
