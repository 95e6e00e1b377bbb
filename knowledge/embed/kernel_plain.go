package embed

// lanes is four rows of a stripe side by side: in each number, four weights of one column, 16 bits
// apart, so that one multiplication by an activation serves four rows. The activation is made
// positive by adding 128; sixteen such products stay within 16 bits: 16·15·255 = 61200.
type lanes struct {
	columns []uint64
	// excess is 128 times the sum of each half block's columns, to be taken off again.
	excess []uint64
}

const (
	halfBlock = block / 2
	laneBits  = 16
	laneMask  = 1<<laneBits - 1
)

// plainMultiply does with whole numbers of 64 bits what multiplyTile does with AVX2.
func plainMultiply(p *product, stripe int, s *scratch) {
	m, a := p.matrix, p.activations
	blocks := m.in / block
	nibbles := m.nibbles[stripe*blocks*blockBytes : (stripe+1)*blocks*blockBytes]
	for side := range rows / quad {
		s.lanes.spread(nibbles, side)
		row := stripe*rows + side*quad
		scales := m.scales[stripe*blocks*rows+side*quad:]
		for t := range a.quads * quad {
			out := p.out[t*m.out+row : t*m.out+row+quad]
			copy(out, m.bias[row:])
			s.lanes.addProduct(out, scales, a, t)
		}
	}
}

// spread unpacks the first or the last four rows of a stripe.
func (l *lanes) spread(nibbles string, side int) {
	columns := len(nibbles) / blockBytes * block
	l.columns = resize(l.columns, columns)
	l.excess = resize(l.excess, columns/halfBlock)
	clear(l.excess)
	for c := range columns / 2 {
		b, j := c/halfBlock, c%halfBlock
		from := nibbles[b*blockBytes+j/4*32+side*16+j%4:]
		packed := uint64(from[0]) | uint64(from[4])<<laneBits |
			uint64(from[8])<<(2*laneBits) | uint64(from[12])<<(3*laneBits)
		low := packed & 0x000f_000f_000f_000f
		high := packed >> 4 & 0x000f_000f_000f_000f
		l.columns[b*block+j] = low
		l.columns[b*block+halfBlock+j] = high
		l.excess[2*b] += low << 7
		l.excess[2*b+1] += high << 7
	}
}

// addProduct adds the products of four rows with token t to out.
func (l *lanes) addProduct(out, scales []float32, a *activations, t int) {
	blocks := len(l.columns) / block
	quadAt := t / quad * blocks
	for b := range blocks {
		columns := l.columns[b*block : (b+1)*block]
		values := a.values[(quadAt+b)*quad*block+t%quad*4 : (quadAt+b+1)*quad*block]
		first := sumHalf(columns[:halfBlock], values)
		last := sumHalf(columns[halfBlock:], values[halfBlock*quad:])
		at := (quadAt+b)*quad + t%quad
		take := a.sums[at]
		for r := range out {
			shift := r * laneBits
			sum := lane(first, shift) - lane(l.excess[2*b], shift) +
				lane(last, shift) - lane(l.excess[2*b+1], shift) - take
			out[r] += float32(sum) * (scales[b*rows+r] * a.scales[at])
		}
	}
}

// sumHalf multiplies sixteen columns with their activations, of which four stand together at every
// sixteenth place.
func sumHalf(columns []uint64, values []int8) uint64 {
	sum := uint64(0)
	columns = columns[:halfBlock]
	for s := range halfBlock / 4 {
		v := values[s*quad*4 : s*quad*4+4]
		c := columns[s*4 : s*4+4]
		sum += c[0]*uint64(int(v[0])+128) + c[1]*uint64(int(v[1])+128) +
			c[2]*uint64(int(v[2])+128) + c[3]*uint64(int(v[3])+128)
	}
	return sum
}

func lane(sum uint64, shift int) int32 { return int32(sum >> shift & laneMask) }
