/// Sixteen lanes in one AVX-512 register. `vec_avx2.h` provides the same names; so would any further instruction set.
#define VEC_TABLE ck_kernels_avx512
// Register blocks that fill 32 registers of sixteen lanes.
#define VEC_DENSE_TOKENS 12
#define VEC_DENSE_GROUPS 2
#define VEC_LONE_GROUPS 8
#define VEC_QUANT_LINES 8
#define VEC_TILE_COLUMNS 2
/// Queries that go together in attention, the sums that their scores have registers for, and vectors of values.
#define VEC_ATTEND_ROWS 6
#define VEC_ATTEND_SUMS 24
#define VEC_ATTEND_COLUMNS 4
/// How often `quad_dot` may add weights of five bits before `quad_widen`; weights of four bits twice as often.
#define VEC_QUAD_STEPS 8
/// What `i_dot_q8` leaves to subtract from each weight.
#define VEC_Q8_OFFSET 128
/// Whether weights are taken apart for many tokens (`panels.h`).
#define VEC_PANELS 0

typedef __m512 f32x16;
typedef __m512i i32x16, u8x64;

#define INLINE static inline __attribute__((always_inline))

INLINE __mmask16 first_lanes(size_t n) { return (__mmask16)((1u << n) - 1); }

INLINE f32x16 f_set(float value) { return _mm512_set1_ps(value); }
INLINE f32x16 f_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void f_store(float *p, f32x16 v) { _mm512_storeu_ps(p, v); }
/// The first n values (n ≤ 16), the other lanes filled.
INLINE f32x16 f_load_first(const float *p, size_t n, float fill) {
    return _mm512_mask_loadu_ps(_mm512_set1_ps(fill), first_lanes(n), p);
}
INLINE void f_store_first(float *p, f32x16 v, size_t n) { _mm512_mask_storeu_ps(p, first_lanes(n), v); }
INLINE f32x16 f_load_half(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }
INLINE f32x16 f_load_bf16(const uint16_t *p) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p)), 16));
}
INLINE f32x16 f_add(f32x16 a, f32x16 b) { return _mm512_add_ps(a, b); }
INLINE f32x16 f_sub(f32x16 a, f32x16 b) { return _mm512_sub_ps(a, b); }
INLINE f32x16 f_mul(f32x16 a, f32x16 b) { return _mm512_mul_ps(a, b); }
INLINE f32x16 f_div(f32x16 a, f32x16 b) { return _mm512_div_ps(a, b); }
/// a · b + c with one rounding.
INLINE f32x16 f_fma(f32x16 a, f32x16 b, f32x16 c) { return _mm512_fmadd_ps(a, b, c); }
/// a · 2ⁿ for whole n, with one rounding.
INLINE f32x16 f_times_power(f32x16 a, f32x16 n) { return _mm512_scalef_ps(a, n); }
/// The lesser and the greater; the second where either is a NaN.
INLINE f32x16 f_min(f32x16 a, f32x16 b) { return _mm512_min_ps(a, b); }
INLINE f32x16 f_max(f32x16 a, f32x16 b) { return _mm512_max_ps(a, b); }
/// Bit i tells whether lane i is equal.
INLINE uint32_t f_equal(f32x16 a, f32x16 b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }

/// Whether x is greater than the threshold in all lanes; a NaN is not.
INLINE bool f_all_above(f32x16 x, f32x16 threshold) {
    return _mm512_cmp_ps_mask(x, threshold, _CMP_GT_OQ) == 0xffff;
}

/// sum + v in the lanes where x is greater than the threshold.
INLINE f32x16 f_add_where_above(f32x16 sum, f32x16 v, f32x16 x, f32x16 threshold) {
    return _mm512_mask_add_ps(sum, _mm512_cmp_ps_mask(x, threshold, _CMP_GT_OQ), sum, v);
}

INLINE i32x16 f_bits(f32x16 v) { return _mm512_castps_si512(v); }
INLINE f32x16 f_of_bits(i32x16 v) { return _mm512_castsi512_ps(v); }
INLINE f32x16 f_of_int(i32x16 v) { return _mm512_cvtepi32_ps(v); }
INLINE i32x16 i_set(int32_t value) { return _mm512_set1_epi32(value); }
INLINE i32x16 i_zero(void) { return _mm512_setzero_si512(); }
INLINE i32x16 i_add(i32x16 a, i32x16 b) { return _mm512_add_epi32(a, b); }
INLINE i32x16 i_sub(i32x16 a, i32x16 b) { return _mm512_sub_epi32(a, b); }
INLINE i32x16 i_mul(i32x16 a, i32x16 b) { return _mm512_mullo_epi32(a, b); }
INLINE i32x16 i_and(i32x16 a, i32x16 b) { return _mm512_and_si512(a, b); }
INLINE i32x16 i_max(i32x16 a, i32x16 b) { return _mm512_max_epi32(a, b); }
#define i_shift_left(v, count) _mm512_slli_epi32(v, count)
#define i_shift_right(v, count) _mm512_srai_epi32(v, count)
/// Sixteen signed bytes.
INLINE i32x16 i_load_bytes(const uint8_t *p) { return _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)p)); }
/// Stores the low byte of each lane.
INLINE void i_store_bytes(int8_t *p, i32x16 v) { _mm_storeu_si128((__m128i *)p, _mm512_cvtepi32_epi8(v)); }

// Bytes: 16 rows × 4 columns.
INLINE u8x64 b_load(const uint8_t *p) { return _mm512_loadu_si512(p); }
/// A table of sixteen bytes, and the bytes that indices below 16 name in it.
INLINE u8x64 b_table(const uint8_t *p) { return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)p)); }
INLINE u8x64 b_look_up(u8x64 table, u8x64 indices) { return _mm512_shuffle_epi8(table, indices); }
INLINE u8x64 b_and(u8x64 a, uint8_t mask) { return _mm512_and_si512(a, _mm512_set1_epi8((char)mask)); }
INLINE u8x64 b_or(u8x64 a, u8x64 b) { return _mm512_or_si512(a, b); }
// Shifts of 16-bit units: mask what crosses bytes.
#define b_shift_left(v, count) _mm512_slli_epi16(v, count)
#define b_shift_right(v, count) _mm512_srli_epi16(v, count)

/// Sums of products of bytes on their way; AVX2 keeps them in 16 bits.
typedef i32x16 quad_sums;
INLINE quad_sums quad_zero(void) { return _mm512_setzero_si512(); }
/// Adds, row by row, four weights (at most 31) times four signed bytes.
INLINE quad_sums quad_dot(quad_sums sums, u8x64 weights, int32_t x) {
    return _mm512_dpbusd_epi32(sums, weights, _mm512_set1_epi32(x));
}
INLINE i32x16 quad_widen(quad_sums sums) { return sums; }
/// Q8_0 weights (stored plus 128), prepared once for several tokens.
typedef u8x64 q8_weights;
INLINE q8_weights q8_prepare(u8x64 stored) { return stored; }
INLINE i32x16 i_dot_q8(i32x16 sums, q8_weights weights, int32_t x) {
    return _mm512_dpbusd_epi32(sums, weights, _mm512_set1_epi32(x));
}

/// The sum of the lanes, halves onto each other.
INLINE float f_sum(f32x16 v) {
    __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
INLINE float f_largest(f32x16 v) { return _mm512_reduce_max_ps(v); }
INLINE int32_t i_sum(i32x16 v) { return _mm512_reduce_add_epi32(v); }
INLINE int32_t i_largest(i32x16 v) { return _mm512_reduce_max_epi32(v); }
