/// exp, log(1 + u), silu, softplus, tanh and GELU of sixteen lanes: the operations of `scalar/math.h`, in their order.

/// e^r − 1 for r = x − n · ln2.
INLINE f32x16 v_exp_rest(f32x16 x, f32x16 n) {
    f32x16 r = f_fma(n, f_set(-CK_LN2_LOW), f_fma(n, f_set(-CK_LN2_HIGH), x));
    f32x16 p = f_fma(f_set(CK_EXP_4), r, f_set(CK_EXP_3));
    p = f_fma(p, r, f_set(CK_EXP_2));
    p = f_fma(p, r, f_set(CK_EXP_1));
    p = f_fma(p, r, f_set(CK_EXP_0));
    return f_fma(p, f_mul(r, r), r);
}

INLINE f32x16 v_exp(f32x16 x) {
    x = f_max(f_set(CK_EXP_MIN), f_min(f_set(CK_EXP_MAX), x));
    f32x16 n = f_sub(f_fma(x, f_set(CK_LOG2E), f_set(CK_ROUND)), f_set(CK_ROUND));
    return f_times_power(f_add(v_exp_rest(x, n), f_set(1)), n);
}

/// `v_exp` of numbers up to ±CK_EXP_NEAR, with the same bits: n is added to the exponent.
INLINE f32x16 v_exp_near(f32x16 x) {
    f32x16 shifted = f_fma(x, f_set(CK_LOG2E), f_set(CK_ROUND));
    f32x16 p = f_add(v_exp_rest(x, f_sub(shifted, f_set(CK_ROUND))), f_set(1));
    return f_of_bits(i_add(f_bits(p), i_shift_left(f_bits(shifted), 23)));
}

INLINE f32x16 v_exp_rough(f32x16 x) {
    x = f_max(f_set(CK_ROUGH_MIN), x);
    f32x16 shifted = f_fma(x, f_set(CK_LOG2E), f_set(CK_ROUND));
    f32x16 r = f_fma(f_sub(f_set(CK_ROUND), shifted), f_set(CK_LN2), x);
    f32x16 p = f_fma(f_set(CK_ROUGH_4), r, f_set(CK_ROUGH_3));
    p = f_fma(p, r, f_set(CK_ROUGH_2));
    p = f_fma(p, r, f_set(1));
    p = f_fma(p, r, f_set(1));
    return f_of_bits(i_add(f_bits(p), i_shift_left(f_bits(shifted), 23)));
}

INLINE f32x16 v_log(f32x16 y, f32x16 correction) {
    i32x16 k = i_shift_right(i_sub(f_bits(y), i_set(CK_SQRT_HALF_BITS)), 23);
    f32x16 f = f_sub(f_of_bits(i_sub(f_bits(y), i_shift_left(k, 23))), f_set(1));
    f32x16 p = f_fma(f_set(CK_LOG_7), f, f_set(CK_LOG_6));
    p = f_fma(p, f, f_set(CK_LOG_5));
    p = f_fma(p, f, f_set(CK_LOG_4));
    p = f_fma(p, f, f_set(CK_LOG_3));
    p = f_fma(p, f, f_set(CK_LOG_2));
    p = f_fma(p, f, f_set(CK_LOG_1));
    p = f_fma(p, f, f_set(CK_LOG_0));
    p = f_fma(p, f, f_set(-0.5f));
    f32x16 small = f_fma(f_of_int(k), f_set(CK_LN2_LOW), correction);
    return f_fma(f_of_int(k), f_set(CK_LN2_HIGH), f_add(f_fma(p, f_mul(f, f), small), f));
}

/// −x: the sign bit flipped.
INLINE f32x16 v_negate(f32x16 x) { return f_of_bits(i_add(f_bits(x), i_set(INT32_MIN))); }
INLINE f32x16 v_magnitude(f32x16 x) { return f_of_bits(i_and(f_bits(x), i_set(INT32_MAX))); }

INLINE f32x16 v_silu(f32x16 x) { return f_div(x, f_add(f_set(1), v_exp(v_negate(x)))); }

INLINE f32x16 v_softplus(f32x16 x) {
    f32x16 u = v_exp(v_negate(v_magnitude(x))), y = f_add(f_set(1), u);
    f32x16 correction = f_div(f_sub(u, f_sub(y, f_set(1))), y);
    return f_add(f_max(f_set(0), x), v_log(y, correction));
}

INLINE f32x16 v_tanh(f32x16 x) {
    f32x16 y = f_max(f_set(-CK_TANH_MAX), f_min(f_set(CK_TANH_MAX), f_add(x, x)));
    f32x16 n = f_sub(f_fma(y, f_set(CK_LOG2E), f_set(CK_ROUND)), f_set(CK_ROUND));
    f32x16 power = f_times_power(f_set(1), n), e = f_fma(power, v_exp_rest(y, n), f_sub(power, f_set(1)));
    return f_div(e, f_add(e, f_set(2)));
}

INLINE f32x16 v_gelu(f32x16 x) {
    f32x16 m = f_min(f_set(CK_TAIL_MAX), v_magnitude(x));
    f32x16 t = f_div(f_set(1), f_fma(m, f_set(CK_TAIL_SLOPE), f_set(1)));
    f32x16 p = f_fma(f_set(CK_TAIL_8), t, f_set(CK_TAIL_7));
    p = f_fma(p, t, f_set(CK_TAIL_6));
    p = f_fma(p, t, f_set(CK_TAIL_5));
    p = f_fma(p, t, f_set(CK_TAIL_4));
    p = f_fma(p, t, f_set(CK_TAIL_3));
    p = f_fma(p, t, f_set(CK_TAIL_2));
    p = f_fma(p, t, f_set(CK_TAIL_1));
    p = f_fma(p, t, f_set(CK_TAIL_0));
    f32x16 square = f_mul(m, m), lost = f_fma(m, m, v_negate(square));
    f32x16 tail = f_mul(v_exp(f_mul(square, f_set(-0.5f))), f_mul(p, t));
    tail = f_fma(f_mul(tail, lost), f_set(-0.5f), tail);
    return f_fma(v_negate(m), tail, f_max(f_set(0), x));
}

INLINE f32x16 v_gelu_tanh(f32x16 x) {
    f32x16 slope = f_fma(f_mul(x, x), f_set(CK_GELU_TANH_3), f_set(CK_GELU_TANH_1));
    return f_div(x, f_add(f_set(1), v_exp(f_mul(v_negate(x), slope))));
}

/// Applies `expression` (of sixteen lanes `v` from `x`) to `count` values, the last ones without touching what follows.
#define FOR_ALL_LANES(x, out, count, expression)                         \
    do {                                                                 \
        size_t i = 0;                                                    \
        for (; i + CK_LANES <= (count); i += CK_LANES) {                 \
            f32x16 v = f_load((x) + i);                                  \
            f_store((out) + i, expression);                              \
        }                                                                \
        if (i < (count)) {                                               \
            f32x16 v = f_load_first((x) + i, (count) - i, 0);            \
            f_store_first((out) + i, expression, (count) - i);           \
        }                                                                \
    } while (0)

static void exp_all(const float *x, float *out, size_t count) { FOR_ALL_LANES(x, out, count, v_exp(v)); }
static void silu_all(const float *x, float *out, size_t count) { FOR_ALL_LANES(x, out, count, v_silu(v)); }
static void tanh_all(const float *x, float *out, size_t count) { FOR_ALL_LANES(x, out, count, v_tanh(v)); }
static void gelu_all(const float *x, float *out, size_t count) { FOR_ALL_LANES(x, out, count, v_gelu(v)); }
static void softplus_all(const float *x, float *out, size_t count) { FOR_ALL_LANES(x, out, count, v_softplus(v)); }
