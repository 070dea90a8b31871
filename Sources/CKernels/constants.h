/// Constants of the polynomials behind exp, log, silu, softplus, tanh and GELU, shared by every instruction set.
///
/// exp(x) = 2^n · e^r with n = round(x · log₂e) and |r| ≤ ln2 / 2; e^r ≈ 1 + (r + r² · E(r)), E of degree 4 (minimax,
/// 3e-9).
///
/// log(m · 2^k) = k · ln2 + f − f²/2 + f³ · L(f) with f = m − 1, m in [√½, √2), L of degree 7 (minimax, 6e-9).
///
/// The normal distribution's tail: Φ(−m) = e^(−m²/2) · t · T(t) with t = 1 / (1 + 0.34 m), T of degree 8 (minimax,
/// 4e-8).
///
/// Measured against libm in double over all finite results: exp 1e-7, softplus 1.5e-7, silu 2e-7, tanh 3e-7, GELU 4e-7
/// relative, where results are normal numbers (GELU: from −12.5 up); GELU by tanh 1e-6 from −3 up, and 2e-8 absolute
/// below. exp is exactly 0 from −104 down, and infinite from 88.73 up. A NaN stays a NaN.
#ifndef CK_CONSTANTS_H
#define CK_CONSTANTS_H

// Beyond these the result is 0 or infinite anyway, and n stays small enough to be split into two normal powers of two.
#define CK_EXP_MAX 89.0f
#define CK_EXP_MIN (-104.0f)
#define CK_LOG2E 0x1.715476p+0f
#define CK_LN2_HIGH 0x1.62e43p-1f
#define CK_LN2_LOW (-0x1.05c610p-29f)
/// From −86 to 86 neither 2^n nor the result leaves the normal numbers.
#define CK_EXP_NEAR 86.0f
/// Adding 1.5 · 2^23 leaves the nearest integer, ties to even, in the low bits of the mantissa.
#define CK_ROUND 12582912.0f
#define CK_ROUND_BITS 0x4b400000

#define CK_EXP_0 0.4999999403953552f
#define CK_EXP_1 0.1666651964187622f
#define CK_EXP_2 0.04166839271783829f
#define CK_EXP_3 0.008368780836462975f
#define CK_EXP_4 0.001381446490995586f

/// e^r ≈ 1 + r + r² · R(r), R of degree 2 (minimax, 6e-6), where a rough value is enough.
#define CK_ROUGH_MIN (-86.0f)
#define CK_LN2 0x1.62e43p-1f
#define CK_ROUGH_2 0x1.0006b4p-1f
#define CK_ROUGH_3 0x1.571caap-3f
#define CK_ROUGH_4 0x1.5225b6p-5f

#define CK_SQRT_HALF_BITS 0x3f3504f3
#define CK_LOG_0 0x1.555554p-2f
#define CK_LOG_1 (-0x1.000228p-2f)
#define CK_LOG_2 0x1.99a008p-3f
#define CK_LOG_3 (-0x1.547244p-3f)
#define CK_LOG_4 0x1.22da22p-3f
#define CK_LOG_5 (-0x1.0d8552p-3f)
#define CK_LOG_6 0x1.055b46p-3f
#define CK_LOG_7 (-0x1.38b4ccp-4f)

/// tanh is ±1 in float32 before 2x reaches this.
#define CK_TANH_MAX 20.0f

// Beyond this the tail is 0.
#define CK_TAIL_MAX 14.5f
#define CK_TAIL_SLOPE 0.34f
#define CK_TAIL_0 0.135621577501297f
#define CK_TAIL_1 0.13609223067760468f
#define CK_TAIL_2 0.11535173654556274f
#define CK_TAIL_3 0.11471346020698547f
#define CK_TAIL_4 (-0.04310591146349907f)
#define CK_TAIL_5 0.1997169852256775f
#define CK_TAIL_6 (-0.2708704471588135f)
#define CK_TAIL_7 0.1383567601442337f
#define CK_TAIL_8 (-0.025876367464661598f)

/// 2 · √(2/π), and 0.044715 times that.
#define CK_GELU_TANH_1 1.5957691216057308f
#define CK_GELU_TANH_3 0.07135481282052225f

#endif
