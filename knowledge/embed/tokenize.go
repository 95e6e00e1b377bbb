package embed

import "math"

// The rows of the word table that follow those of the pieces.
const (
	beginRow = iota
	endRow
	unknownRow
	extraRows
)

// step is the best way to a place in the text: which piece ends there and where it began.
type step struct {
	score float32
	piece int32
	from  int32
}

// tokenizer splits text into the pieces that the unigram model finds likeliest together.
type tokenizer struct {
	pieces  pieces
	unknown float32 // score of a character that no piece spells
}

// tokens gives the rows of the word table for a text, without begin and end.
func (t *tokenizer) tokens(text string) []int32 {
	folded := fold(text)
	ends := make([]int, 1, len(folded)+1)
	for i := range folded {
		if i > 0 {
			ends = append(ends, i)
		}
	}
	ends = append(ends, len(folded))
	return t.backtrack(t.paths(folded, ends))
}

// paths finds the best step to each character's end. The characters of the text end at ends, of
// which the first is the text's beginning.
func (t *tokenizer) paths(text string, ends []int) []step {
	unknown := int32(len(t.pieces.scores) + unknownRow)
	best := make([]step, len(ends))
	for i := 1; i < len(best); i++ {
		best[i].score = float32(math.Inf(-1))
	}
	for i := range len(ends) - 1 {
		at := t.pieces.all()
		for e := i + 1; e < len(ends); e++ {
			at = t.pieces.narrow(at, text[ends[e-1]:ends[e]])
			if at.lo == at.hi {
				break
			}
			if id := t.pieces.whole(at); id >= 0 {
				best[e].better(best[i].score+t.pieces.scores[id], id, i)
			}
		}
		best[i+1].better(best[i].score+t.unknown, int(unknown), i)
	}
	return best
}

func (s *step) better(score float32, piece, from int) {
	if score > s.score {
		*s = step{score: score, piece: int32(piece), from: int32(from)}
	}
}

// backtrack walks the best steps from the end and gives their pieces in order.
func (t *tokenizer) backtrack(best []step) []int32 {
	n := 0
	for at := len(best) - 1; at > 0; at = int(best[at].from) {
		n++
	}
	out := make([]int32, n)
	for at := len(best) - 1; at > 0; at = int(best[at].from) {
		n--
		out[n] = best[at].piece
	}
	return out
}
