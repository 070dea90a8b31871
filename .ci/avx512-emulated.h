/// The AVX-512 instructions that the kernels use, lane by lane, for processors that have only AVX2. After Intel's
/// Intrinsics Guide. `check-avx512` includes it before the kernels.
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

// Vectors as arrays. memcpy, as no 64-byte vector may be passed between functions without AVX-512.
typedef union { __m512 f; __m512i i; float f32[16]; int32_t i32[16]; uint16_t u16[32]; uint8_t u8[64]; } lanes;
#define EMULATED static inline __attribute__((always_inline, target("avx2,fma,f16c")))
#define EACH(n) for (int i = 0; i < n; i++)

#define LANEWISE(name, type, member, count, expression)                     \
    EMULATED type emulated_##name(type a, type b) {                         \
        lanes x, y, r;                                                      \
        memcpy(&x, &a, 64), memcpy(&y, &b, 64);                             \
        EACH(count) r.member[i] = expression(x.member[i], y.member[i]);     \
        type result;                                                        \
        return memcpy(&result, &r, 64), result;                             \
    }
#define PLUS(x, y) ((x) + (y))
#define MINUS(x, y) ((x) - (y))
#define TIMES(x, y) ((x) * (y))
#define OVER(x, y) ((x) / (y))
#define WRAP_PLUS(x, y) ((int32_t)((uint32_t)(x) + (uint32_t)(y)))
#define WRAP_MINUS(x, y) ((int32_t)((uint32_t)(x) - (uint32_t)(y)))
#define WRAP_TIMES(x, y) ((int32_t)((uint32_t)(x) * (uint32_t)(y)))
#define BOTH_BITS(x, y) ((x) & (y))
#define EITHER_BIT(x, y) ((x) | (y))
#define LESSER(x, y) ((x) < (y) ? (x) : (y))   // the second where either is a NaN, as the instruction has it
#define GREATER(x, y) ((x) > (y) ? (x) : (y))
LANEWISE(add_ps, __m512, f32, 16, PLUS)
LANEWISE(sub_ps, __m512, f32, 16, MINUS)
LANEWISE(mul_ps, __m512, f32, 16, TIMES)
LANEWISE(div_ps, __m512, f32, 16, OVER)
LANEWISE(min_ps, __m512, f32, 16, LESSER)
LANEWISE(max_ps, __m512, f32, 16, GREATER)
LANEWISE(add_epi32, __m512i, i32, 16, WRAP_PLUS)
LANEWISE(sub_epi32, __m512i, i32, 16, WRAP_MINUS)
LANEWISE(mullo_epi32, __m512i, i32, 16, WRAP_TIMES)
LANEWISE(max_epi32, __m512i, i32, 16, GREATER)
LANEWISE(and_si512, __m512i, i32, 16, BOTH_BITS)
LANEWISE(or_si512, __m512i, i32, 16, EITHER_BIT)

/// A function whose lanes are `expression` of x, which is its argument a, and of lane i.
#define UNARY(name, To, arguments, count, target, expression)         \
    EMULATED To emulated_##name arguments {                                 \
        lanes x = {0}, r;                                                   \
        memcpy(&x, &a, sizeof a);                                           \
        EACH(count) r.target[i] = expression;                               \
        To result;                                                          \
        return memcpy(&result, &r, sizeof result), result;                  \
    }
UNARY(slli_epi32, __m512i, (__m512i a, unsigned n), 16, i32, (int32_t)((uint32_t)x.i32[i] << n))
UNARY(srai_epi32, __m512i, (__m512i a, unsigned n), 16, i32, x.i32[i] >> n)
UNARY(slli_epi16, __m512i, (__m512i a, unsigned n), 32, u16, (uint16_t)(x.u16[i] << n))
UNARY(srli_epi16, __m512i, (__m512i a, unsigned n), 32, u16, (uint16_t)(x.u16[i] >> n))
UNARY(cvtepi32_ps, __m512, (__m512i a), 16, f32, (float)x.i32[i])
UNARY(cvtepi32_epi8, __m128i, (__m512i a), 16, u8, (uint8_t)x.i32[i])
UNARY(cvtepi8_epi32, __m512i, (__m128i a), 16, i32, (int8_t)x.u8[i])
UNARY(cvtepu16_epi32, __m512i, (__m256i a), 16, i32, x.u16[i])
UNARY(cvtph_ps, __m512, (__m256i a), 16, f32, _cvtsh_ss(x.u16[i]))
UNARY(broadcast_i32x4, __m512i, (__m128i a), 16, i32, x.i32[i % 4])
UNARY(castps_si512, __m512i, (__m512 a), 16, i32, x.i32[i])
UNARY(castsi512_ps, __m512, (__m512i a), 16, i32, x.i32[i])
UNARY(castps512_ps256, __m256, (__m512 a), 8, i32, x.i32[i])
UNARY(extractf32x8_ps, __m256, (__m512 a, int half), 8, i32, x.i32[8 * half + i])
UNARY(set1_ps, __m512, (float a), 16, f32, x.f32[0])
UNARY(set1_epi32, __m512i, (int32_t a), 16, i32, x.i32[0])
UNARY(set1_epi8, __m512i, (char a), 64, u8, x.u8[0])
EMULATED __m512i emulated_setzero_si512(void) { return emulated_set1_epi32(0); }

EMULATED __m512 emulated_loadu_ps(const void *p) { __m512 v; return memcpy(&v, p, 64), v; }
EMULATED __m512i emulated_loadu_si512(const void *p) { __m512i v; return memcpy(&v, p, 64), v; }
EMULATED void emulated_storeu_ps(void *p, __m512 v) { memcpy(p, &v, 64); }
EMULATED __m512 emulated_mask_loadu_ps(__m512 other, __mmask16 mask, const float *p) {
    EACH(16) if (mask >> i & 1) memcpy((char *)&other + 4 * i, p + i, 4);
    return other;
}
EMULATED void emulated_mask_storeu_ps(float *p, __mmask16 mask, __m512 v) {
    EACH(16) if (mask >> i & 1) memcpy(p + i, (char *)&v + 4 * i, 4);
}
/// Equal or greater, neither where either is a NaN.
EMULATED __mmask16 emulated_cmp_ps_mask(__m512 a, __m512 b, int how) {
    lanes x, y;
    unsigned mask = 0;
    memcpy(&x, &a, 64), memcpy(&y, &b, 64);
    EACH(16) mask |= (unsigned)(how == _CMP_EQ_OQ ? x.f32[i] == y.f32[i] : x.f32[i] > y.f32[i]) << i;
    return (__mmask16)mask;
}
EMULATED __m512 emulated_mask_add_ps(__m512 other, __mmask16 mask, __m512 a, __m512 b) {
    __m512 sum = emulated_add_ps(a, b);
    EACH(16) if (mask >> i & 1) memcpy((char *)&other + 4 * i, (char *)&sum + 4 * i, 4);
    return other;
}
EMULATED __m512 emulated_fmadd_ps(__m512 a, __m512 b, __m512 c) {
    lanes x, y, z;
    memcpy(&x, &a, 64), memcpy(&y, &b, 64), memcpy(&z, &c, 64);
    EACH(16) z.f32[i] = __builtin_fmaf(x.f32[i], y.f32[i], z.f32[i]);
    return memcpy(&c, &z, 64), c;
}
/// a · 2^⌊b⌋ with one rounding.
EMULATED __m512 emulated_scalef_ps(__m512 a, __m512 b) {
    lanes x, y;
    memcpy(&x, &a, 64), memcpy(&y, &b, 64);
    EACH(16) {
        float n = floorf(y.f32[i]);
        if (n != n) x.f32[i] = n;
        else x.f32[i] = ldexpf(x.f32[i], (int)(n < -1000 ? -1000 : n > 1000 ? 1000 : n));
    }
    return memcpy(&a, &x, 64), a;
}
/// Four unsigned bytes times four signed ones, added in 32 bits.
EMULATED __m512i emulated_dpbusd_epi32(__m512i sums, __m512i a, __m512i b) {
    lanes s, x, y;
    memcpy(&s, &sums, 64), memcpy(&x, &a, 64), memcpy(&y, &b, 64);
    EACH(64) s.i32[i / 4] = WRAP_PLUS(s.i32[i / 4], x.u8[i] * (int8_t)y.u8[i]);
    return memcpy(&sums, &s, 64), sums;
}
/// Within each sixteen bytes; zero where the top bit is set.
EMULATED __m512i emulated_shuffle_epi8(__m512i a, __m512i places) {
    lanes x, p, r;
    memcpy(&x, &a, 64), memcpy(&p, &places, 64);
    EACH(64) r.u8[i] = p.u8[i] & 128 ? 0 : x.u8[i / 16 * 16 + p.u8[i] % 16];
    return memcpy(&a, &r, 64), a;
}
#define REDUCED(name, Result, Vector, member, expression)                   \
    EMULATED Result emulated_##name(Vector a) {                             \
        lanes x;                                                            \
        memcpy(&x, &a, 64);                                                 \
        for (int i = 1; i < 16; i++) x.member[0] = expression(x.member[0], x.member[i]); \
        return x.member[0];                                                 \
    }
REDUCED(reduce_add_epi32, int32_t, __m512i, i32, WRAP_PLUS)
REDUCED(reduce_max_epi32, int32_t, __m512i, i32, GREATER)
REDUCED(reduce_max_ps, float, __m512, f32, GREATER)

#undef EACH
