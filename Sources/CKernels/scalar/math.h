/// exp, log, silu and softplus of one number; `simd/math.h` does the same operations in the same order.
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

static inline float exp1(float x) {
    x = max1(CK_EXP_MIN, min1(CK_EXP_MAX, x));
    float shifted = fma1(x, CK_LOG2E, CK_ROUND);
    float n = shifted - CK_ROUND;
    float r = fma1(n, -CK_LN2_LOW, fma1(n, -CK_LN2_HIGH, x));
    float p = fma1(CK_EXP_4, r, CK_EXP_3);
    p = fma1(p, r, CK_EXP_2);
    p = fma1(p, r, CK_EXP_1);
    p = fma1(p, r, CK_EXP_0);
    p = fma1(p, r * r, r) + 1;
    // 2^n in two factors: one alone could not be written for results below 2^-126, nor for 2^128.
    int32_t exponent = (int32_t)(ck_bits(shifted) - CK_ROUND_BITS), half = exponent >> 1;
    float first = ck_float((uint32_t)(half + 127) << 23), second = ck_float((uint32_t)(exponent - half + 127) << 23);
    return p * first * second;
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

/// Sixteen partial sums, halves onto each other.
static inline float sum16(float s[CK_LANES]) {
    for (int width = CK_LANES / 2; width > 0; width /= 2) {
        for (int i = 0; i < width; i++) s[i] += s[i + width];
    }
    return s[0];
}

#endif
