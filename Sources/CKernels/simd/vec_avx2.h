/// Sixteen lanes in two AVX2 registers, rows 0 … 7 and 8 … 15. The names are explained in `vec_avx512.h`.
#define VEC_TABLE ck_kernels_avx2
// Register blocks that fill 16 registers of eight lanes.
#define VEC_DENSE_TOKENS 6
#define VEC_DENSE_GROUPS 1
#define VEC_LONE_GROUPS 4
#define VEC_QUANT_LINES 4
#define VEC_QUAD_STEPS 4
#define VEC_TILE_COLUMNS 1
#define VEC_ATTEND_ROWS 2
#define VEC_ATTEND_SUMS 4
#define VEC_ATTEND_COLUMNS 2
#define VEC_Q8_OFFSET 0
#define VEC_PANELS 1

typedef struct { __m256 low, high; } f32x16;
typedef struct { __m256i low, high; } i32x16;
typedef i32x16 u8x64;

#define INLINE static inline __attribute__((always_inline))

/// All bits set in the first n of sixteen lanes.
INLINE i32x16 first_lanes(size_t n) {
    __m256i count = _mm256_set1_epi32((int)n);
    return (i32x16){_mm256_cmpgt_epi32(count, _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)),
                    _mm256_cmpgt_epi32(count, _mm256_setr_epi32(8, 9, 10, 11, 12, 13, 14, 15))};
}

INLINE f32x16 f_set(float value) { return (f32x16){_mm256_set1_ps(value), _mm256_set1_ps(value)}; }
INLINE f32x16 f_load(const float *p) { return (f32x16){_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
INLINE void f_store(float *p, f32x16 v) {
    _mm256_storeu_ps(p, v.low);
    _mm256_storeu_ps(p + 8, v.high);
}
INLINE f32x16 f_load_first(const float *p, size_t n, float fill) {
    i32x16 mask = first_lanes(n);
    __m256 other = _mm256_set1_ps(fill);
    return (f32x16){
        _mm256_blendv_ps(other, _mm256_maskload_ps(p, mask.low), _mm256_castsi256_ps(mask.low)),
        _mm256_blendv_ps(other, _mm256_maskload_ps(p + 8, mask.high), _mm256_castsi256_ps(mask.high))};
}
INLINE void f_store_first(float *p, f32x16 v, size_t n) {
    i32x16 mask = first_lanes(n);
    _mm256_maskstore_ps(p, mask.low, v.low);
    _mm256_maskstore_ps(p + 8, mask.high, v.high);
}
INLINE f32x16 f_load_half(const uint16_t *p) {
    return (f32x16){_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)),
                    _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(p + 8)))};
}
INLINE f32x16 f_load_bf16(const uint16_t *p) {
    __m256i low = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p));
    __m256i high = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(p + 8)));
    return (f32x16){_mm256_castsi256_ps(_mm256_slli_epi32(low, 16)), _mm256_castsi256_ps(_mm256_slli_epi32(high, 16))};
}

#define BOTH(type, function, a, b) ((type){function((a).low, (b).low), function((a).high, (b).high)})
INLINE f32x16 f_add(f32x16 a, f32x16 b) { return BOTH(f32x16, _mm256_add_ps, a, b); }
INLINE f32x16 f_sub(f32x16 a, f32x16 b) { return BOTH(f32x16, _mm256_sub_ps, a, b); }
INLINE f32x16 f_mul(f32x16 a, f32x16 b) { return BOTH(f32x16, _mm256_mul_ps, a, b); }
INLINE f32x16 f_div(f32x16 a, f32x16 b) { return BOTH(f32x16, _mm256_div_ps, a, b); }
INLINE f32x16 f_min(f32x16 a, f32x16 b) { return BOTH(f32x16, _mm256_min_ps, a, b); }
INLINE f32x16 f_max(f32x16 a, f32x16 b) { return BOTH(f32x16, _mm256_max_ps, a, b); }
INLINE f32x16 f_fma(f32x16 a, f32x16 b, f32x16 c) {
    return (f32x16){_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}
INLINE uint32_t f_equal(f32x16 a, f32x16 b) {
    uint32_t low = (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(a.low, b.low, _CMP_EQ_OQ));
    return low | (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(a.high, b.high, _CMP_EQ_OQ)) << 8;
}

INLINE bool f_all_above(f32x16 x, f32x16 threshold) {
    __m256 low = _mm256_cmp_ps(x.low, threshold.low, _CMP_GT_OQ), high = _mm256_cmp_ps(x.high, threshold.high, _CMP_GT_OQ);
    return _mm256_movemask_ps(_mm256_and_ps(low, high)) == 0xff;
}
INLINE __m256 add_where_above(__m256 sum, __m256 v, __m256 x, __m256 threshold) {
    return _mm256_add_ps(sum, _mm256_and_ps(v, _mm256_cmp_ps(x, threshold, _CMP_GT_OQ)));
}
INLINE f32x16 f_add_where_above(f32x16 sum, f32x16 v, f32x16 x, f32x16 threshold) {
    return (f32x16){add_where_above(sum.low, v.low, x.low, threshold.low),
                    add_where_above(sum.high, v.high, x.high, threshold.high)};
}

INLINE i32x16 f_bits(f32x16 v) { return (i32x16){_mm256_castps_si256(v.low), _mm256_castps_si256(v.high)}; }
INLINE f32x16 f_of_bits(i32x16 v) { return (f32x16){_mm256_castsi256_ps(v.low), _mm256_castsi256_ps(v.high)}; }
INLINE f32x16 f_of_int(i32x16 v) { return (f32x16){_mm256_cvtepi32_ps(v.low), _mm256_cvtepi32_ps(v.high)}; }
INLINE i32x16 i_set(int32_t value) { return (i32x16){_mm256_set1_epi32(value), _mm256_set1_epi32(value)}; }
INLINE i32x16 i_zero(void) { return (i32x16){_mm256_setzero_si256(), _mm256_setzero_si256()}; }
INLINE i32x16 i_add(i32x16 a, i32x16 b) { return BOTH(i32x16, _mm256_add_epi32, a, b); }
INLINE i32x16 i_sub(i32x16 a, i32x16 b) { return BOTH(i32x16, _mm256_sub_epi32, a, b); }
INLINE i32x16 i_mul(i32x16 a, i32x16 b) { return BOTH(i32x16, _mm256_mullo_epi32, a, b); }
INLINE i32x16 i_and(i32x16 a, i32x16 b) { return BOTH(i32x16, _mm256_and_si256, a, b); }
INLINE i32x16 i_max(i32x16 a, i32x16 b) { return BOTH(i32x16, _mm256_max_epi32, a, b); }
#define i_shift_left(v, count) ((i32x16){_mm256_slli_epi32((v).low, count), _mm256_slli_epi32((v).high, count)})
#define i_shift_right(v, count) ((i32x16){_mm256_srai_epi32((v).low, count), _mm256_srai_epi32((v).high, count)})
INLINE f32x16 f_times_power(f32x16 a, f32x16 n) {
    // Two factors: one alone could not be written for results below 2^-126, nor for 2^128. The first product is exact.
    i32x16 exponent = {_mm256_cvtps_epi32(n.low), _mm256_cvtps_epi32(n.high)}, half = i_shift_right(exponent, 1);
    f32x16 first = f_of_bits(i_shift_left(i_add(half, i_set(127)), 23));
    f32x16 second = f_of_bits(i_shift_left(i_add(i_sub(exponent, half), i_set(127)), 23));
    return f_mul(f_mul(a, first), second);
}
INLINE i32x16 i_load_bytes(const uint8_t *p) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)p);
    return (i32x16){_mm256_cvtepi8_epi32(bytes), _mm256_cvtepi8_epi32(_mm_srli_si128(bytes, 8))};
}
INLINE void i_store_bytes(int8_t *p, i32x16 v) {
    __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(v.low, v.high), 0xd8);  // 0 … 15 in order
    _mm_storeu_si128((__m128i *)p, _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
}

INLINE u8x64 b_load(const uint8_t *p) {
    return (u8x64){_mm256_loadu_si256((const __m256i *)p), _mm256_loadu_si256((const __m256i *)(p + 32))};
}
INLINE u8x64 b_table(const uint8_t *p) {
    __m256i both = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)p));
    return (u8x64){both, both};
}
INLINE u8x64 b_look_up(u8x64 table, u8x64 indices) { return BOTH(u8x64, _mm256_shuffle_epi8, table, indices); }
INLINE u8x64 b_and(u8x64 a, uint8_t mask) {
    __m256i all = _mm256_set1_epi8((char)mask);
    return (u8x64){_mm256_and_si256(a.low, all), _mm256_and_si256(a.high, all)};
}
INLINE u8x64 b_or(u8x64 a, u8x64 b) { return BOTH(u8x64, _mm256_or_si256, a, b); }
#define b_shift_left(v, count) ((u8x64){_mm256_slli_epi16((v).low, count), _mm256_slli_epi16((v).high, count)})
#define b_shift_right(v, count) ((u8x64){_mm256_srli_epi16((v).low, count), _mm256_srli_epi16((v).high, count)})

/// Two 16-bit sums a row. Four steps of two products of at most 31 · 127 stay below 2^15, and eight of 15 · 127.
typedef i32x16 quad_sums;
INLINE quad_sums quad_zero(void) { return i_zero(); }
INLINE quad_sums quad_all(int value) { __m256i all = _mm256_set1_epi16((short)value); return (quad_sums){all, all}; }
/// Keeps the compiler from adding up products before they are added to these sums, for which registers don't suffice.
INLINE void quad_settle(quad_sums *sums) { __asm__("" : "+x"(sums->low), "+x"(sums->high)); }
INLINE quad_sums quad_dot(quad_sums sums, u8x64 weights, int32_t x) {
    __m256i four = _mm256_set1_epi32(x);
    return (quad_sums){_mm256_add_epi16(sums.low, _mm256_maddubs_epi16(weights.low, four)),
                       _mm256_add_epi16(sums.high, _mm256_maddubs_epi16(weights.high, four))};
}
INLINE i32x16 quad_widen(quad_sums sums) {
    __m256i ones = _mm256_set1_epi16(1);
    return (i32x16){_mm256_madd_epi16(sums.low, ones), _mm256_madd_epi16(sums.high, ones)};
}
/// maddubs wants one unsigned side and saturates at 16 bits, so it gets |w| ≤ 128 and x with w's sign: 2 · 128 · 127
/// fits.
typedef struct { u8x64 weights, magnitudes; } q8_weights;
INLINE q8_weights q8_prepare(u8x64 stored) {
    __m256i flip = _mm256_set1_epi8((char)128);
    u8x64 weights = {_mm256_xor_si256(stored.low, flip), _mm256_xor_si256(stored.high, flip)};
    return (q8_weights){weights, {_mm256_abs_epi8(weights.low), _mm256_abs_epi8(weights.high)}};
}
INLINE i32x16 i_dot_q8(i32x16 sums, q8_weights w, int32_t x) {
    __m256i four = _mm256_set1_epi32(x), ones = _mm256_set1_epi16(1);
    __m256i low = _mm256_maddubs_epi16(w.magnitudes.low, _mm256_sign_epi8(four, w.weights.low));
    __m256i high = _mm256_maddubs_epi16(w.magnitudes.high, _mm256_sign_epi8(four, w.weights.high));
    return (i32x16){_mm256_add_epi32(sums.low, _mm256_madd_epi16(low, ones)),
                    _mm256_add_epi32(sums.high, _mm256_madd_epi16(high, ones))};
}

// For panels: bytes on their way, and words, a pair of columns of sixteen rows in a register.
INLINE void b_store(uint8_t *p, u8x64 v) {
    _mm256_storeu_si256((__m256i *)p, v.low);
    _mm256_storeu_si256((__m256i *)(p + 32), v.high);
}
INLINE i32x16 i_load(const int32_t *p) { return b_load((const uint8_t *)p); }
INLINE void i_store(int32_t *p, i32x16 v) { b_store((uint8_t *)p, v); }
INLINE u8x64 b_subtract(u8x64 a, uint8_t value) {
    __m256i all = _mm256_set1_epi8((char)value);
    return (u8x64){_mm256_sub_epi8(a.low, all), _mm256_sub_epi8(a.high, all)};
}
typedef i32x16 i16x32;
INLINE i16x32 w_load(const int16_t *p) { return b_load((const uint8_t *)p); }
INLINE void w_store(int16_t *p, i16x32 v) { b_store((uint8_t *)p, v); }

/// Eight units of 32 bits of tokens: four bytes each, or two words.
typedef __m256i x8;
INLINE x8 x_all(int32_t unit) { return _mm256_set1_epi32(unit); }

// Products of x with weights, added up row by row: of bytes (weights have signs, x has none) in 16 bits, of words in 32.
// With weights in registers, or out of memory as part of the instruction: registers don't suffice for all, and as
// instructions of their own, loads would be too many of the four that the processor takes up a cycle. No intrinsic says
// this: compilers load once and keep.
INLINE __m256i x_bytes_from(x8 x, const uint8_t *weights) {
    __m256i products;
    __asm__("vpmaddubsw %2, %1, %0" : "=x"(products) : "x"(x), "m"(*(const __m256i *)(const void *)weights));
    return products;
}
INLINE __m256i x_words_from(x8 x, const int16_t *weights) {
    __m256i products;
    __asm__("vpmaddwd %2, %1, %0" : "=x"(products) : "x"(x), "m"(*(const __m256i *)(const void *)weights));
    return products;
}
INLINE quad_sums x_bytes_add(quad_sums sums, u8x64 weights, x8 x) {
    return (quad_sums){_mm256_add_epi16(sums.low, _mm256_maddubs_epi16(x, weights.low)),
                       _mm256_add_epi16(sums.high, _mm256_maddubs_epi16(x, weights.high))};
}
INLINE quad_sums x_bytes_add_from(quad_sums sums, const uint8_t *weights, x8 x) {
    return (quad_sums){_mm256_add_epi16(sums.low, x_bytes_from(x, weights)),
                       _mm256_add_epi16(sums.high, x_bytes_from(x, weights + 32))};
}
INLINE i32x16 x_words_add(i32x16 sums, i16x32 weights, x8 x) {
    return (i32x16){_mm256_add_epi32(sums.low, _mm256_madd_epi16(x, weights.low)),
                    _mm256_add_epi32(sums.high, _mm256_madd_epi16(x, weights.high))};
}
INLINE i32x16 x_words_add_from(i32x16 sums, const int16_t *weights, x8 x) {
    return (i32x16){_mm256_add_epi32(sums.low, x_words_from(x, weights)),
                    _mm256_add_epi32(sums.high, x_words_from(x, weights + 16))};
}

/// The first two of four columns of signed bytes in the lower halves of eight rows' words, the others in the upper.
INLINE __m256i w_sort(__m256i four) {
    __m128i order = _mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
    return _mm256_shuffle_epi8(four, _mm256_broadcastsi128_si256(order));
}
/// Four columns of signed bytes as two pairs of words.
INLINE void w_store_pairs(int16_t pairs[2][32], u8x64 four) {
    __m256i low = w_sort(four.low), high = w_sort(four.high);
    w_store(pairs[0], (i16x32){_mm256_srai_epi16(_mm256_unpacklo_epi8(low, low), 8),
                               _mm256_srai_epi16(_mm256_unpacklo_epi8(high, high), 8)});
    w_store(pairs[1], (i16x32){_mm256_srai_epi16(_mm256_unpackhi_epi8(low, low), 8),
                               _mm256_srai_epi16(_mm256_unpackhi_epi8(high, high), 8)});
}
/// Multiplies both pairs by a factor for each row.
INLINE void w_scale_pairs(int16_t pairs[2][32], i32x16 rows) {
    i32x16 both = BOTH(i32x16, _mm256_or_si256, i_and(rows, i_set(0xffff)), i_shift_left(rows, 16));
    w_store(pairs[0], BOTH(i16x32, _mm256_mullo_epi16, w_load(pairs[0]), both));
    w_store(pairs[1], BOTH(i16x32, _mm256_mullo_epi16, w_load(pairs[1]), both));
}

/// What is added to bytes of x, so that none is negative.
enum { X_LIFT = 127 };
INLINE x8 x_load_bytes(const int8_t *quants) {
    return _mm256_add_epi8(_mm256_loadu_si256((const __m256i *)quants), _mm256_set1_epi8(X_LIFT));
}
INLINE __m256i x_widen(const int8_t *bytes) { return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)bytes)); }
/// Words of one digit, or of two.
INLINE x8 x_load_words(const int8_t *first, const int8_t *second) {
    if (!second) return x_widen(first);
    return _mm256_add_epi16(_mm256_mullo_epi16(x_widen(first), _mm256_set1_epi16(CK_BASE)), x_widen(second));
}
INLINE void x_store_half(int32_t *p, __m128i four) { _mm_storeu_si128((__m128i *)p, four); }
/// Unit i of token t becomes out[i][t]; what follows the last is overwritten.
INLINE void x_store_side_by_side(int32_t out[8][3], const x8 token[3]) {
    x8 a = _mm256_unpacklo_epi32(token[0], token[1]), b = _mm256_unpackhi_epi32(token[0], token[1]);
    x8 c = _mm256_unpacklo_epi32(token[2], token[2]), d = _mm256_unpackhi_epi32(token[2], token[2]);
    x8 unit04 = _mm256_unpacklo_epi64(a, c), unit15 = _mm256_unpackhi_epi64(a, c);
    x8 unit26 = _mm256_unpacklo_epi64(b, d), unit37 = _mm256_unpackhi_epi64(b, d);
    // In order, as each overwrites what the one before has too much.
    x_store_half(out[0], _mm256_castsi256_si128(unit04));
    x_store_half(out[1], _mm256_castsi256_si128(unit15));
    x_store_half(out[2], _mm256_castsi256_si128(unit26));
    x_store_half(out[3], _mm256_castsi256_si128(unit37));
    x_store_half(out[4], _mm256_extracti128_si256(unit04, 1));
    x_store_half(out[5], _mm256_extracti128_si256(unit15, 1));
    x_store_half(out[6], _mm256_extracti128_si256(unit26, 1));
    x_store_half(out[7], _mm256_extracti128_si256(unit37, 1));
}

INLINE float f_sum(f32x16 v) {
    __m256 eight = _mm256_add_ps(v.low, v.high);
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
INLINE float f_largest(f32x16 v) {
    __m256 eight = _mm256_max_ps(v.low, v.high);
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}
INLINE int32_t i_sum(i32x16 v) {
    __m256i eight = _mm256_add_epi32(v.low, v.high);
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
    __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
}
INLINE int32_t i_largest(i32x16 v) {
    __m256i eight = _mm256_max_epi32(v.low, v.high);
    __m128i four = _mm_max_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
    __m128i two = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_max_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
}
