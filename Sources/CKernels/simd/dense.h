/// Activations as whole numbers, and products with dense matrices over groups of sixteen rows.

/// The nearest whole numbers, below 2^22.
INLINE i32x16 nearest(f32x16 x) { return i_sub(f_bits(f_add(x, f_set(CK_ROUND))), i_set(CK_ROUND_BITS)); }
/// A number of two digits: 255 · first + second.
INLINE i32x16 i_join(i32x16 first, i32x16 second) {
    return i_add(i_sub(i_shift_left(first, 8), first), second);
}

/// Stores the digits of sixteen quants.
INLINE void store_digits(const ck_activations *x, int8_t *quants, i32x16 q) {
    if (x->digits == 1) return i_store_bytes(quants, q);
    // No whole number is near the middle of two multiples of 255, so that errors of the product round away.
    i32x16 first = nearest(f_mul(f_of_int(q), f_set(1.0f / CK_BASE)));
    i_store_bytes(quants, first);
    i_store_bytes(quants + x->columns, i_sub(q, i_join(first, i_zero())));
}

static void quantize(const ck_activations *x, ck_range tokens) {
    size_t blocks = x->columns / CK_BLOCK;
    const i32x16 magnitude = i_set(INT32_MAX);
    const float largestQuant = ck_largest_quant(x->digits);
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        for (size_t b = 0; b < blocks; b++) {
            const float *values = x->values + t * x->stride + b * CK_BLOCK;
            int8_t *quants = x->quants + t * x->digits * x->columns + b * CK_BLOCK;
            f32x16 low = f_load(values), high = f_load(values + CK_LANES);
            // Magnitudes of floats are ordered like their bits, NaNs last.
            int32_t largest = i_largest(i_max(i_and(f_bits(low), magnitude), i_and(f_bits(high), magnitude)));
            float scale = largest < 0x7f800000 ? ck_float((uint32_t)largest) / largestQuant : __builtin_nanf("");
            i32x16 lowQuants = i_zero(), highQuants = i_zero();
            if (scale > 0) {
                f32x16 least = f_set(-largestQuant), most = f_set(largestQuant);
                lowQuants = nearest(f_max(least, f_min(most, f_div(low, f_set(scale)))));
                highQuants = nearest(f_max(least, f_min(most, f_div(high, f_set(scale)))));
            }
            store_digits(x, quants, lowQuants);
            store_digits(x, quants + CK_LANES, highQuants);
            x->scales[t * blocks + b] = scale;
            int32_t first = i_sum(lowQuants);
            x->firstSums[t * blocks + b] = first;
            x->sums[t * blocks + b] = first + i_sum(highQuants);
        }
    }
}

/// Where one register block reads and writes.
typedef struct {
    const ck_matrix *w;
    const ck_activations *x;
    float *y;
    size_t yStride, group, token;
} tile_at;

INLINE void store_rows(tile_at at, size_t group, size_t token, f32x16 sums) {
    size_t row = group * CK_LANES;
    store_up_to(at.y + token * at.yStride + row, sums, at.w->rows - row);
}

INLINE f32x16 load_dense(const ck_type type, const void *data, size_t i) {
    if (type == CK_F32) return f_load((const float *)data + i);
    return type == CK_F16 ? f_load_half((const uint16_t *)data + i) : f_load_bf16((const uint16_t *)data + i);
}

/// `tokens` × `groups` sums in registers, column after column.
INLINE void dense_tile(tile_at at, const ck_type type, const int tokens, const int groups) {
    size_t columns = at.w->columns, groupElements = columns * CK_LANES, first = at.group * groupElements;
    const float *x = at.x->values + at.token * at.x->stride;
    f32x16 sums[VEC_DENSE_TOKENS][VEC_LONE_GROUPS];
    UNROLL for (int t = 0; t < tokens; t++) {
        UNROLL for (int g = 0; g < groups; g++) sums[t][g] = f_set(0);
    }
    for (size_t c = 0; c < columns; c++) {
        f32x16 weights[VEC_LONE_GROUPS];
        UNROLL for (int g = 0; g < groups; g++) {
            weights[g] = load_dense(type, at.w->data, first + (size_t)g * groupElements + c * CK_LANES);
        }
        UNROLL for (int t = 0; t < tokens; t++) {
            f32x16 value = f_set(x[(size_t)t * at.x->stride + c]);
            UNROLL for (int g = 0; g < groups; g++) sums[t][g] = f_fma(weights[g], value, sums[t][g]);
        }
    }
    UNROLL for (int t = 0; t < tokens; t++) {
        UNROLL for (int g = 0; g < groups; g++) store_rows(at, at.group + (size_t)g, at.token + (size_t)t, sums[t][g]);
    }
}

/// All tokens of one run of groups.
INLINE void dense_groups(tile_at at, const ck_type type, ck_range tokens, const int groups) {
    at.token = tokens.begin;
    while (tokens.end - at.token >= VEC_DENSE_TOKENS) {
        dense_tile(at, type, VEC_DENSE_TOKENS, groups);
        at.token += VEC_DENSE_TOKENS;
    }
    for (; tokens.end - at.token >= 3; at.token += 3) dense_tile(at, type, 3, groups);
    for (; tokens.end > at.token; at.token++) dense_tile(at, type, 1, groups);
}

INLINE void dense_matmul(tile_at at, const ck_type type, ck_range groups, ck_range tokens) {
    at.group = groups.begin;
    at.token = tokens.begin;
    if (tokens.end - tokens.begin == 1) {
        // A lone token waits for each sum before the next column, so several groups go side by side.
        for (; groups.end - at.group >= VEC_LONE_GROUPS; at.group += VEC_LONE_GROUPS) {
            dense_tile(at, type, 1, VEC_LONE_GROUPS);
        }
    }
    for (; groups.end - at.group >= VEC_DENSE_GROUPS; at.group += VEC_DENSE_GROUPS) {
        dense_groups(at, type, tokens, VEC_DENSE_GROUPS);
    }
    if (VEC_DENSE_GROUPS > 1) {
        for (; groups.end > at.group; at.group++) dense_groups(at, type, tokens, 1);
    }
}
