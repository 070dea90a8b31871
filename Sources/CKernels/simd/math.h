/// exp, log(1 + u), silu and softplus of sixteen lanes: the operations of `scalar/math.h`, in their order.

INLINE f32x16 v_exp(f32x16 x) {
    x = f_max(f_set(CK_EXP_MIN), f_min(f_set(CK_EXP_MAX), x));
    f32x16 shifted = f_fma(x, f_set(CK_LOG2E), f_set(CK_ROUND));
    f32x16 n = f_sub(shifted, f_set(CK_ROUND));
    f32x16 r = f_fma(n, f_set(-CK_LN2_LOW), f_fma(n, f_set(-CK_LN2_HIGH), x));
    f32x16 p = f_fma(f_set(CK_EXP_4), r, f_set(CK_EXP_3));
    p = f_fma(p, r, f_set(CK_EXP_2));
    p = f_fma(p, r, f_set(CK_EXP_1));
    p = f_fma(p, r, f_set(CK_EXP_0));
    p = f_add(f_fma(p, f_mul(r, r), r), f_set(1));
    return f_times_power(p, n);
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

INLINE f32x16 v_silu(f32x16 x) {
    return f_div(x, f_add(f_set(1), v_exp(f_of_bits(i_add(f_bits(x), i_set(INT32_MIN))))));  // the sign bit flipped: −x
}

INLINE f32x16 v_softplus(f32x16 x) {
    f32x16 magnitude = f_of_bits(i_and(f_bits(x), i_set(INT32_MAX)));
    f32x16 u = v_exp(f_of_bits(i_add(f_bits(magnitude), i_set(INT32_MIN)))), y = f_add(f_set(1), u);
    f32x16 correction = f_div(f_sub(u, f_sub(y, f_set(1))), y);
    return f_add(f_max(f_set(0), x), v_log(y, correction));
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
static void softplus_all(const float *x, float *out, size_t count) { FOR_ALL_LANES(x, out, count, v_softplus(v)); }
