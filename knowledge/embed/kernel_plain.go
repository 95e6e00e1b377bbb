package embed

// lanes is four rows of a stripe side by side: in each number, four weights of one column, 16 bits
// apart, so that one multiplication by an activation serves four rows. The activation is made
// positive by adding 128; sixteen such products stay within 16 bits: 16·15·255 = 61200.
type lanes struct {
	columns []uint64
	// excess is, for each block and row, 128 times the sum of the weights, to be taken off again.
	excess []int32
	scales []float32 // for each block and row
}

const (
	halfBlock = block / 2
	laneBits  = 16
	// fourLanes is the nibble of each lane, twoLanes every other lane as a whole.
	fourLanes = 0x000f_000f_000f_000f
	twoLanes  = 0x0000_ffff_0000_ffff
)

// plainMultiply does with whole numbers of 64 bits what multiplyTile does with AVX2.
func plainMultiply(p *product, stripe int, s *scratch) {
	m, a := p.matrix, p.activations
	blocks := m.in / block
	nibbles := m.nibbles[stripe*blocks*blockBytes : (stripe+1)*blocks*blockBytes]
	scales := m.scales[stripe*blocks*rows : (stripe+1)*blocks*rows]
	for side := range rows / quad {
		s.lanes.spread(nibbles, scales, side)
		row := stripe*rows + side*quad
		for t := range a.quads * quad {
			out := (*[quad]float32)(p.out[t*m.out+row:])
			*out = [quad]float32(m.bias[row:])
			s.lanes.addProduct(out, a, t)
		}
	}
}

// spread unpacks the first or the last four rows of a stripe.
func (l *lanes) spread(nibbles string, scales []float32, side int) {
	blocks := len(nibbles) / blockBytes
	l.columns = resize(l.columns, blocks*block)
	l.excess = resize(l.excess, blocks*quad)
	l.scales = resize(l.scales, blocks*quad)
	for b := range blocks {
		columns := l.columns[b*block : (b+1)*block]
		sum := uint64(0)
		for j := range halfBlock {
			from := nibbles[b*blockBytes+j/4*32+side*16+j%4:]
			packed := uint64(from[0]) | uint64(from[4])<<laneBits |
				uint64(from[8])<<(2*laneBits) | uint64(from[12])<<(3*laneBits)
			columns[j] = packed & fourLanes
			columns[halfBlock+j] = packed >> 4 & fourLanes
			sum += columns[j] + columns[halfBlock+j]
		}
		for r := range quad {
			l.excess[b*quad+r] = int32(sum>>(r*laneBits)&(1<<laneBits-1)) << 7
			l.scales[b*quad+r] = scales[b*rows+side*quad+r]
		}
	}
}

// addProduct adds the products of four rows with token t to out.
func (l *lanes) addProduct(out *[quad]float32, a *activations, t int) {
	blocks := len(l.columns) / block
	at := t / quad * blocks
	for b := range blocks {
		columns := l.columns[b*block : (b+1)*block]
		values := a.values[(at+b)*quad*block+t%quad*4 : (at+b+1)*quad*block]
		first := sumHalf(columns[:halfBlock], values)
		last := sumHalf(columns[halfBlock:], values[halfBlock*quad:])
		even := first&twoLanes + last&twoLanes
		odd := first>>laneBits&twoLanes + last>>laneBits&twoLanes
		take, scale := a.sums[(at+b)*quad+t%quad], a.scales[(at+b)*quad+t%quad]
		excess := (*[quad]int32)(l.excess[b*quad:])
		scales := (*[quad]float32)(l.scales[b*quad:])
		out[0] += float32(int32(even)-excess[0]-take) * (scales[0] * scale)
		out[1] += float32(int32(odd)-excess[1]-take) * (scales[1] * scale)
		out[2] += float32(int32(even>>32)-excess[2]-take) * (scales[2] * scale)
		out[3] += float32(int32(odd>>32)-excess[3]-take) * (scales[3] * scale)
	}
}

// sumHalf multiplies sixteen columns with their activations, of which four stand together at every
// sixteenth place. It is written out because it is where the time goes.
func sumHalf(columns []uint64, values []int8) uint64 {
	c := (*[halfBlock]uint64)(columns)
	v := (*[3*quad*4 + 4]int8)(values)
	return c[0]*positive(v[0]) + c[1]*positive(v[1]) +
		c[2]*positive(v[2]) + c[3]*positive(v[3]) +
		c[4]*positive(v[16]) + c[5]*positive(v[17]) +
		c[6]*positive(v[18]) + c[7]*positive(v[19]) +
		c[8]*positive(v[32]) + c[9]*positive(v[33]) +
		c[10]*positive(v[34]) + c[11]*positive(v[35]) +
		c[12]*positive(v[48]) + c[13]*positive(v[49]) +
		c[14]*positive(v[50]) + c[15]*positive(v[51])
}

func positive(v int8) uint64 { return uint64(uint8(v) ^ 1<<7) }
