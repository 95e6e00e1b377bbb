#include "textflag.h"
#include "go_asm.h"

// MIX multiplies one number of left with sixteen of right.
#define MIX(at, low, high) \
	VBROADCASTSS at, Y10        \
	VFMADD231PS  Y10, Y8, low   \
	VFMADD231PS  Y10, Y9, high

#define STORE(low, high) \
	VMOVUPS low, (DI)    \
	VMOVUPS high, 32(DI) \
	ADDQ    R10, DI

// func mixTile(m *mixing)
TEXT ·mixTile(SB), NOSPLIT, $0-8
	MOVQ m+0(FP), AX
	MOVQ mixing_left(AX), SI
	MOVQ mixing_right(AX), DX
	MOVQ mixing_out(AX), DI
	MOVQ mixing_leftStride(AX), R8
	MOVQ mixing_rightStride(AX), R9
	MOVQ mixing_outStride(AX), R10
	MOVQ mixing_depth(AX), CX
	LEAQ (SI)(R8*2), R11
	ADDQ R8, R11

	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7

mix:
	VMOVUPS (DX), Y8
	VMOVUPS 32(DX), Y9
	MIX((SI), Y0, Y1)
	MIX((SI)(R8*1), Y2, Y3)
	MIX((SI)(R8*2), Y4, Y5)
	MIX((R11), Y6, Y7)
	ADDQ $4, SI
	ADDQ $4, R11
	ADDQ R9, DX
	DECQ CX
	JNZ  mix

	STORE(Y0, Y1)
	STORE(Y2, Y3)
	STORE(Y4, Y5)
	STORE(Y6, Y7)
	VZEROUPPER
	RET

// The numbers of exp2 in attention.go.
DATA exponent<>+0(SB)/4, $1.44269504
DATA exponent<>+4(SB)/4, $-126.0
DATA exponent<>+8(SB)/4, $0.00187623291
DATA exponent<>+12(SB)/4, $0.00899258442
DATA exponent<>+16(SB)/4, $0.0558236055
DATA exponent<>+20(SB)/4, $0.240154535
DATA exponent<>+24(SB)/4, $0.693152964
DATA exponent<>+28(SB)/4, $0.99999994
DATA exponent<>+32(SB)/4, $127
GLOBL exponent<>(SB), RODATA|NOPTR, $36

// func exponentsOf(row *float32, n uintptr, scale float32) float32
TEXT ·exponentsOf(SB), NOSPLIT, $0-28
	MOVQ row+0(FP), DI
	MOVQ n+8(FP), CX
	SHRQ $3, CX

	// The greatest of the row, in all of Y6.
	MOVQ    DI, SI
	MOVQ    CX, DX
	VMOVUPS (SI), Y6

greatest:
	VMAXPS (SI), Y6, Y6
	ADDQ   $32, SI
	DECQ   DX
	JNZ    greatest

	VEXTRACTF128 $1, Y6, X0
	VMAXPS       X0, X6, X6
	VPERMILPS    $0x4e, X6, X0
	VMAXPS       X0, X6, X6
	VPERMILPS    $0xb1, X6, X0
	VMAXPS       X0, X6, X6
	VBROADCASTSS X6, Y6

	VBROADCASTSS scale+16(FP), Y7
	VBROADCASTSS exponent<>+0(SB), Y0
	VMULPS       Y0, Y7, Y7
	VBROADCASTSS exponent<>+4(SB), Y5
	VBROADCASTSS exponent<>+8(SB), Y8
	VBROADCASTSS exponent<>+12(SB), Y9
	VBROADCASTSS exponent<>+16(SB), Y10
	VBROADCASTSS exponent<>+20(SB), Y11
	VBROADCASTSS exponent<>+24(SB), Y12
	VBROADCASTSS exponent<>+28(SB), Y13
	VPBROADCASTD exponent<>+32(SB), Y14
	VXORPS       Y4, Y4, Y4

power:
	VMOVUPS     (DI), Y0
	VSUBPS      Y6, Y0, Y0
	VMULPS      Y7, Y0, Y0
	VMAXPS      Y5, Y0, Y0
	VROUNDPS    $1, Y0, Y1      // whole part, downwards
	VSUBPS      Y1, Y0, Y0      // and the rest
	VMOVAPS     Y8, Y2
	VFMADD213PS Y9, Y0, Y2
	VFMADD213PS Y10, Y0, Y2
	VFMADD213PS Y11, Y0, Y2
	VFMADD213PS Y12, Y0, Y2
	VFMADD213PS Y13, Y0, Y2
	VCVTTPS2DQ  Y1, Y1
	VPADDD      Y14, Y1, Y1
	VPSLLD      $23, Y1, Y1
	VMULPS      Y1, Y2, Y2
	VMOVUPS     Y2, (DI)
	VADDPS      Y2, Y4, Y4
	ADDQ        $32, DI
	DECQ        CX
	JNZ         power

	VEXTRACTF128 $1, Y4, X0
	VADDPS       X0, X4, X4
	VPERMILPS    $0x4e, X4, X0
	VADDPS       X0, X4, X4
	VPERMILPS    $0xb1, X4, X0
	VADDPS       X0, X4, X4
	VMOVSS       X4, ret+24(FP)
	VZEROUPPER
	RET
