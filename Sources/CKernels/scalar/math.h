/// exp, log, silu, softplus, tanh and GELU of one number; `simd/math.h` does the same operations in the same order.
#ifndef CK_SCALAR_MATH_H
#define CK_SCALAR_MATH_H
#include "../blocks.h"
#include "../constants.h"

/// a · b + c with one rounding.
static inline float fma1(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

/// The lesser; `x` when it is a NaN.
static inline float min1(float bound, float x) { return bound < x ? bound : x; }
/// The greater; `x` when it is a NaN.
static inline float max1(float bound, float x) { return bound > x ? bound : x; }

/// e^r − 1 for r = x − n · ln2.
static inline float exp_rest1(float x, float n) {
    float r = fma1(n, -CK_LN2_LOW, fma1(n, -CK_LN2_HIGH, x));
    float p = fma1(CK_EXP_4, r, CK_EXP_3);
    p = fma1(p, r, CK_EXP_2);
    p = fma1(p, r, CK_EXP_1);
    p = fma1(p, r, CK_EXP_0);
    return fma1(p, r * r, r);
}

static inline float exp1(float x) {
    x = max1(CK_EXP_MIN, min1(CK_EXP_MAX, x));
    float shifted = fma1(x, CK_LOG2E, CK_ROUND), p = exp_rest1(x, shifted - CK_ROUND) + 1;
    // 2^n in two factors: one alone could not be written for results below 2^-126, nor for 2^128.
    int32_t exponent = (int32_t)(ck_bits(shifted) - CK_ROUND_BITS), half = exponent >> 1;
    float first = ck_float((uint32_t)(half + 127) << 23), second = ck_float((uint32_t)(exponent - half + 127) << 23);
    return p * first * second;
}

/// e^x for x ≤ 0, with a relative error below 1e-5 and never less than e^−86: for sums that only have to tell where to
/// look closer.
static inline float exp1_rough(float x) {
    x = max1(CK_ROUGH_MIN, x);
    float shifted = fma1(x, CK_LOG2E, CK_ROUND);
    float r = fma1(CK_ROUND - shifted, CK_LN2, x);
    float p = fma1(CK_ROUGH_4, r, CK_ROUGH_3);
    p = fma1(p, r, CK_ROUGH_2);
    p = fma1(p, r, 1);
    p = fma1(p, r, 1);
    return ck_float(ck_bits(p) + (ck_bits(shifted) << 23));
}

/// log(y) + correction for y in [2^-126, ∞).
static inline float log1(float y, float correction) {
    int32_t k = (int32_t)(ck_bits(y) - CK_SQRT_HALF_BITS) >> 23;
    float f = ck_float(ck_bits(y) - ((uint32_t)k << 23)) - 1;
    float p = fma1(CK_LOG_7, f, CK_LOG_6);
    p = fma1(p, f, CK_LOG_5);
    p = fma1(p, f, CK_LOG_4);
    p = fma1(p, f, CK_LOG_3);
    p = fma1(p, f, CK_LOG_2);
    p = fma1(p, f, CK_LOG_1);
    p = fma1(p, f, CK_LOG_0);
    p = fma1(p, f, -0.5f);
    float small = fma1((float)k, CK_LN2_LOW, correction);
    return fma1((float)k, CK_LN2_HIGH, fma1(p, f * f, small) + f);
}

/// log(1 + u) for u in [0, 1]: the part of u that 1 + u loses is put back to first order.
static inline float log1p1(float u) {
    float y = 1 + u;
    return log1(y, (u - (y - 1)) / y);
}

static inline float silu1(float x) { return x / (1 + exp1(-x)); }

static inline float softplus1(float x) {
    float magnitude = ck_float(ck_bits(x) & 0x7fffffff);
    return max1(0, x) + log1p1(exp1(-magnitude));
}

/// e^y − 1 = 2^n · (e^r − 1) + (2^n − 1) with y = 2x keeps its accuracy near 0; then (e^y − 1) / (e^y + 1).
static inline float tanh1(float x) {
    float y = max1(-CK_TANH_MAX, min1(CK_TANH_MAX, x + x));
    float shifted = fma1(y, CK_LOG2E, CK_ROUND);
    float power = ck_float((uint32_t)((int32_t)(ck_bits(shifted) - CK_ROUND_BITS) + 127) << 23);
    float e = fma1(power, exp_rest1(y, shifted - CK_ROUND), power - 1);
    return e / (e + 2);
}

/// x · Φ(x) = max(0, x) − |x| · Φ(−|x|). The square's rounding error, which e^ would enlarge, is put back to first
/// order.
static inline float gelu1(float x) {
    float m = min1(CK_TAIL_MAX, ck_float(ck_bits(x) & 0x7fffffff));
    float t = 1 / fma1(m, CK_TAIL_SLOPE, 1);
    float p = fma1(CK_TAIL_8, t, CK_TAIL_7);
    p = fma1(p, t, CK_TAIL_6);
    p = fma1(p, t, CK_TAIL_5);
    p = fma1(p, t, CK_TAIL_4);
    p = fma1(p, t, CK_TAIL_3);
    p = fma1(p, t, CK_TAIL_2);
    p = fma1(p, t, CK_TAIL_1);
    p = fma1(p, t, CK_TAIL_0);
    float square = m * m, lost = fma1(m, m, -square);
    float tail = exp1(square * -0.5f) * (p * t);
    tail = fma1(tail * lost, -0.5f, tail);
    return fma1(-m, tail, max1(0, x));
}

/// ½x (1 + tanh u) = x / (1 + e^−2u) with u = √(2/π) (x + 0.044715 x³).
static inline float gelu_tanh1(float x) {
    return x / (1 + exp1(-x * fma1(x * x, CK_GELU_TANH_3, CK_GELU_TANH_1)));
}

/// Sixteen partial sums, halves onto each other.
static inline float sum16(float s[CK_LANES]) {
    for (int width = CK_LANES / 2; width > 0; width /= 2) {
        for (int i = 0; i < width; i++) s[i] += s[i + width];
    }
    return s[0];
}

#endif
