#include "textflag.h"
#include "go_asm.h"

// Registers: Y0-Y3 outputs of the four tokens, Y4-Y7 their sums of 16 bits in this block, Y8 and Y9
// weights of high and low nibbles, Y10-Y12 passing values, Y14 sixteen ones, Y15 nibble mask.

// STEP multiplies four columns of eight rows (w, unsigned) with those of one token (at, signed) and
// adds to the token's sums. Eight steps stay within 16 bits: 8·2·15·127 = 30480.
#define STEP(at, w, sum) \
	VPBROADCASTD at, Y10       \
	VPMADDUBSW   Y10, w, Y11   \
	VPADDW       Y11, sum, sum

#define STEPS(at, w) \
	STEP(at+0(R9), w, Y4)  \
	STEP(at+4(R9), w, Y5)  \
	STEP(at+8(R9), w, Y6)  \
	STEP(at+12(R9), w, Y7)

// NIBBLES takes the steps of 32 bytes of weights.
#define NIBBLES(j) \
	VMOVDQU (j*32)(SI), Y8 \
	VPAND   Y15, Y8, Y9    \
	VPSRLW  $4, Y8, Y8     \
	VPAND   Y15, Y8, Y8    \
	STEPS(j*16, Y9)        \
	STEPS(64+j*16, Y8)

// FINISH widens a token's sums, takes off what the nibbles are too large, and scales.
#define FINISH(t, sum, out) \
	VPMADDWD     Y14, sum, sum      \
	VPBROADCASTD (t*4)(R11), Y10    \
	VPSUBD       Y10, sum, sum      \
	VCVTDQ2PS    sum, sum           \
	VBROADCASTSS (t*4)(R10), Y10    \
	VMULPS       Y12, Y10, Y10      \
	VFMADD231PS  Y10, sum, out

// func multiplyTile(t *tile)
TEXT ·multiplyTile(SB), NOSPLIT, $0-8
	MOVQ t+0(FP), AX
	MOVQ tile_out(AX), DI
	MOVQ tile_stride(AX), DX
	MOVQ tile_bias(AX), BX
	MOVQ tile_weights(AX), SI
	MOVQ tile_scales(AX), R8
	MOVQ tile_values(AX), R9
	MOVQ tile_factors(AX), R10
	MOVQ tile_sums(AX), R11
	MOVQ tile_blocks(AX), CX

	VPCMPEQW Y14, Y14, Y14
	VPSRLW   $12, Y14, Y15
	VPSRLW   $15, Y14, Y14
	VPSLLW   $8, Y15, Y13
	VPOR     Y13, Y15, Y15

	VMOVUPS (BX), Y0
	VMOVAPS Y0, Y1
	VMOVAPS Y0, Y2
	VMOVAPS Y0, Y3

loop:
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7

	NIBBLES(0)
	NIBBLES(1)
	NIBBLES(2)
	NIBBLES(3)

	VMOVUPS (R8), Y12
	FINISH(0, Y4, Y0)
	FINISH(1, Y5, Y1)
	FINISH(2, Y6, Y2)
	FINISH(3, Y7, Y3)

	ADDQ $128, SI
	ADDQ $32, R8
	ADDQ $128, R9
	ADDQ $16, R10
	ADDQ $16, R11
	DECQ CX
	JNZ  loop

	VMOVUPS Y0, (DI)
	ADDQ    DX, DI
	VMOVUPS Y1, (DI)
	ADDQ    DX, DI
	VMOVUPS Y2, (DI)
	ADDQ    DX, DI
	VMOVUPS Y3, (DI)
	VZEROUPPER
	RET
