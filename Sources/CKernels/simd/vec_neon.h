/// Sixteen lanes in four NEON registers, rows 0 … 3, 4 … 7, 8 … 11 and 12 … 15. The names are explained in
/// `vec_avx512.h`.
#define VEC_TABLE ck_kernels_neon
// Register blocks that fill 32 registers of four lanes.
#define VEC_DENSE_TOKENS 6
#define VEC_DENSE_GROUPS 1
#define VEC_LONE_GROUPS 4
#define VEC_QUANT_LINES 4
#define VEC_QUAD_STEPS 8
#define VEC_TILE_COLUMNS 1
#define VEC_ATTEND_ROWS 2
#define VEC_ATTEND_SUMS 4
#define VEC_ATTEND_COLUMNS 2
#define VEC_Q8_OFFSET 0
#define VEC_PANELS 0

typedef float32x4x4_t f32x16;
typedef int32x4x4_t i32x16;
typedef uint8x16x4_t u8x64;

#define INLINE static inline __attribute__((always_inline))

/// A function of four registers each.
#define FOUR(type, expression) ((type){{expression(0), expression(1), expression(2), expression(3)}})

INLINE f32x16 f_set(float value) {
    float32x4_t all = vdupq_n_f32(value);
    return (f32x16){{all, all, all, all}};
}
INLINE f32x16 f_load(const float *p) {
#define PART(i) vld1q_f32(p + 4 * i)
    return FOUR(f32x16, PART);
#undef PART
}
INLINE void f_store(float *p, f32x16 v) {
    vst1q_f32(p, v.val[0]);
    vst1q_f32(p + 4, v.val[1]);
    vst1q_f32(p + 8, v.val[2]);
    vst1q_f32(p + 12, v.val[3]);
}
INLINE f32x16 f_load_first(const float *p, size_t n, float fill) {
    float padded[16];
    for (size_t i = 0; i < 16; i++) padded[i] = i < n ? p[i] : fill;
    return f_load(padded);
}
INLINE void f_store_first(float *p, f32x16 v, size_t n) {
    float all[16];
    f_store(all, v);
    memcpy(p, all, n * sizeof *p);
}
INLINE f32x16 f_load_half(const uint16_t *p) {
#define PART(i) vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p + 4 * i)))
    return FOUR(f32x16, PART);
#undef PART
}
INLINE f32x16 f_load_bf16(const uint16_t *p) {
#define PART(i) vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p + 4 * i), 16))
    return FOUR(f32x16, PART);
#undef PART
}

#define BOTH(type, function, a, b)                                                              \
    ((type){{function((a).val[0], (b).val[0]), function((a).val[1], (b).val[1]),                \
             function((a).val[2], (b).val[2]), function((a).val[3], (b).val[3])}})
#define EACH(type, function, a) \
    ((type){{function((a).val[0]), function((a).val[1]), function((a).val[2]), function((a).val[3])}})
INLINE f32x16 f_add(f32x16 a, f32x16 b) { return BOTH(f32x16, vaddq_f32, a, b); }
INLINE f32x16 f_sub(f32x16 a, f32x16 b) { return BOTH(f32x16, vsubq_f32, a, b); }
INLINE f32x16 f_mul(f32x16 a, f32x16 b) { return BOTH(f32x16, vmulq_f32, a, b); }
INLINE f32x16 f_div(f32x16 a, f32x16 b) { return BOTH(f32x16, vdivq_f32, a, b); }
// vminq and vmaxq would return a NaN, whichever side it is on.
INLINE float32x4_t lesser(float32x4_t a, float32x4_t b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
INLINE float32x4_t greater(float32x4_t a, float32x4_t b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
INLINE f32x16 f_min(f32x16 a, f32x16 b) { return BOTH(f32x16, lesser, a, b); }
INLINE f32x16 f_max(f32x16 a, f32x16 b) { return BOTH(f32x16, greater, a, b); }
INLINE f32x16 f_fma(f32x16 a, f32x16 b, f32x16 c) {
#define PART(i) vfmaq_f32(c.val[i], a.val[i], b.val[i])
    return FOUR(f32x16, PART);
#undef PART
}
INLINE uint32_t f_equal(f32x16 a, f32x16 b) {
    const uint16x8_t places = {1, 2, 4, 8, 16, 32, 64, 128};
    uint16x8_t low = vcombine_u16(vmovn_u32(vceqq_f32(a.val[0], b.val[0])), vmovn_u32(vceqq_f32(a.val[1], b.val[1])));
    uint16x8_t high = vcombine_u16(vmovn_u32(vceqq_f32(a.val[2], b.val[2])), vmovn_u32(vceqq_f32(a.val[3], b.val[3])));
    return (uint32_t)vaddvq_u16(vandq_u16(low, places)) | (uint32_t)vaddvq_u16(vandq_u16(high, places)) << 8;
}

INLINE bool f_all_above(f32x16 x, f32x16 threshold) {
    uint32x4_t low = vandq_u32(vcgtq_f32(x.val[0], threshold.val[0]), vcgtq_f32(x.val[1], threshold.val[1]));
    uint32x4_t high = vandq_u32(vcgtq_f32(x.val[2], threshold.val[2]), vcgtq_f32(x.val[3], threshold.val[3]));
    return vminvq_u32(vandq_u32(low, high)) != 0;
}
INLINE f32x16 f_add_where_above(f32x16 sum, f32x16 v, f32x16 x, f32x16 threshold) {
#define KEPT(i) vandq_u32(vreinterpretq_u32_f32(v.val[i]), vcgtq_f32(x.val[i], threshold.val[i]))
#define PART(i) vaddq_f32(sum.val[i], vreinterpretq_f32_u32(KEPT(i)))
    return FOUR(f32x16, PART);
#undef PART
#undef KEPT
}

INLINE i32x16 f_bits(f32x16 v) { return EACH(i32x16, vreinterpretq_s32_f32, v); }
INLINE f32x16 f_of_bits(i32x16 v) { return EACH(f32x16, vreinterpretq_f32_s32, v); }
INLINE f32x16 f_of_int(i32x16 v) { return EACH(f32x16, vcvtq_f32_s32, v); }
INLINE i32x16 i_set(int32_t value) {
    int32x4_t all = vdupq_n_s32(value);
    return (i32x16){{all, all, all, all}};
}
INLINE i32x16 i_zero(void) { return i_set(0); }
INLINE i32x16 i_add(i32x16 a, i32x16 b) { return BOTH(i32x16, vaddq_s32, a, b); }
INLINE i32x16 i_sub(i32x16 a, i32x16 b) { return BOTH(i32x16, vsubq_s32, a, b); }
INLINE i32x16 i_mul(i32x16 a, i32x16 b) { return BOTH(i32x16, vmulq_s32, a, b); }
INLINE i32x16 i_and(i32x16 a, i32x16 b) { return BOTH(i32x16, vandq_s32, a, b); }
INLINE i32x16 i_max(i32x16 a, i32x16 b) { return BOTH(i32x16, vmaxq_s32, a, b); }
INLINE i32x16 i_shift_left(i32x16 v, int count) { return BOTH(i32x16, vshlq_s32, v, i_set(count)); }
INLINE i32x16 i_shift_right(i32x16 v, int count) { return BOTH(i32x16, vshlq_s32, v, i_set(-count)); }
INLINE f32x16 f_times_power(f32x16 a, f32x16 n) {
    // Two factors: one alone could not be written for results below 2^-126, nor for 2^128. The first product is exact.
    i32x16 exponent = EACH(i32x16, vcvtnq_s32_f32, n), half = i_shift_right(exponent, 1);
    f32x16 first = f_of_bits(i_shift_left(i_add(half, i_set(127)), 23));
    f32x16 second = f_of_bits(i_shift_left(i_add(i_sub(exponent, half), i_set(127)), 23));
    return f_mul(f_mul(a, first), second);
}
INLINE i32x16 i_load_bytes(const uint8_t *p) {
    int8x16_t bytes = vreinterpretq_s8_u8(vld1q_u8(p));
    int16x8_t low = vmovl_s8(vget_low_s8(bytes)), high = vmovl_s8(vget_high_s8(bytes));
    return (i32x16){{vmovl_s16(vget_low_s16(low)), vmovl_s16(vget_high_s16(low)), vmovl_s16(vget_low_s16(high)),
                     vmovl_s16(vget_high_s16(high))}};
}
INLINE void i_store_bytes(int8_t *p, i32x16 v) {
    int16x8_t low = vcombine_s16(vmovn_s32(v.val[0]), vmovn_s32(v.val[1]));
    int16x8_t high = vcombine_s16(vmovn_s32(v.val[2]), vmovn_s32(v.val[3]));
    vst1q_s8(p, vcombine_s8(vmovn_s16(low), vmovn_s16(high)));
}

INLINE u8x64 b_load(const uint8_t *p) {
#define PART(i) vld1q_u8(p + 16 * i)
    return FOUR(u8x64, PART);
#undef PART
}
INLINE u8x64 b_table(const uint8_t *p) {
    uint8x16_t table = vld1q_u8(p);
    return (u8x64){{table, table, table, table}};
}
INLINE u8x64 b_look_up(u8x64 table, u8x64 indices) { return BOTH(u8x64, vqtbl1q_u8, table, indices); }
INLINE u8x64 b_and(u8x64 a, uint8_t mask) {
#define PART(i) vandq_u8(a.val[i], vdupq_n_u8(mask))
    return FOUR(u8x64, PART);
#undef PART
}
INLINE u8x64 b_or(u8x64 a, u8x64 b) { return BOTH(u8x64, vorrq_u8, a, b); }
INLINE uint8x16_t b_shift(uint8x16_t v, int count) {
    return vreinterpretq_u8_u16(vshlq_u16(vreinterpretq_u16_u8(v), vdupq_n_s16((int16_t)count)));
}
INLINE u8x64 b_shift_left(u8x64 v, int count) {
#define PART(i) b_shift(v.val[i], count)
    return FOUR(u8x64, PART);
#undef PART
}
INLINE u8x64 b_shift_right(u8x64 v, int count) { return b_shift_left(v, -count); }

/// One 32-bit sum a row; weights of up to seven bits are as good signed as unsigned.
typedef i32x16 quad_sums;
INLINE quad_sums quad_zero(void) { return i_zero(); }
INLINE quad_sums quad_dot(quad_sums sums, u8x64 weights, int32_t x) {
    int8x16_t four = vreinterpretq_s8_s32(vdupq_n_s32(x));
#define PART(i) vdotq_s32(sums.val[i], vreinterpretq_s8_u8(weights.val[i]), four)
    return FOUR(quad_sums, PART);
#undef PART
}
INLINE i32x16 quad_widen(quad_sums sums) { return sums; }
typedef u8x64 q8_weights;
INLINE q8_weights q8_prepare(u8x64 stored) {
#define PART(i) veorq_u8(stored.val[i], vdupq_n_u8(128))
    return FOUR(q8_weights, PART);
#undef PART
}
INLINE i32x16 i_dot_q8(i32x16 sums, q8_weights w, int32_t x) { return quad_dot(sums, w, x); }

INLINE float f_sum(f32x16 v) {
    float32x4_t four = vaddq_f32(vaddq_f32(v.val[0], v.val[2]), vaddq_f32(v.val[1], v.val[3]));
    float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}
INLINE float f_largest(f32x16 v) {
    return vmaxvq_f32(vmaxq_f32(vmaxq_f32(v.val[0], v.val[1]), vmaxq_f32(v.val[2], v.val[3])));
}
INLINE int32_t i_sum(i32x16 v) {
    return vaddvq_s32(vaddq_s32(vaddq_s32(v.val[0], v.val[1]), vaddq_s32(v.val[2], v.val[3])));
}
INLINE int32_t i_largest(i32x16 v) {
    return vmaxvq_s32(vmaxq_s32(vmaxq_s32(v.val[0], v.val[1]), vmaxq_s32(v.val[2], v.val[3])));
}
