/// Matrix products over groups of sixteen rows, and the 8-bit form of activations.

static void quantize(const ck_activations *x, ck_range tokens) {
    size_t blocks = x->columns / CK_BLOCK;
    const i32x16 magnitude = i_set(INT32_MAX);
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        for (size_t b = 0; b < blocks; b++) {
            const float *values = x->values + t * x->stride + b * CK_BLOCK;
            int8_t *quants = x->quants + t * x->columns + b * CK_BLOCK;
            f32x16 low = f_load(values), high = f_load(values + CK_LANES);
            // Magnitudes of floats are ordered like their bits, NaNs last.
            int32_t largest = i_largest(i_max(i_and(f_bits(low), magnitude), i_and(f_bits(high), magnitude)));
            float scale = largest < 0x7f800000 ? ck_float((uint32_t)largest) / 127 : __builtin_nanf("");
            i32x16 lowQuants = i_zero(), highQuants = i_zero();
            if (scale > 0) {
                f32x16 least = f_set(-127), most = f_set(127);
                low = f_max(least, f_min(most, f_div(low, f_set(scale))));
                high = f_max(least, f_min(most, f_div(high, f_set(scale))));
                lowQuants = i_sub(f_bits(f_add(low, f_set(CK_ROUND))), i_set(CK_ROUND_BITS));
                highQuants = i_sub(f_bits(f_add(high, f_set(CK_ROUND))), i_set(CK_ROUND_BITS));
            }
            i_store_bytes(quants, lowQuants);
            i_store_bytes(quants + CK_LANES, highQuants);
            x->scales[t * blocks + b] = scale;
            x->sums[t * blocks + b] = i_sum(i_add(lowQuants, highQuants));
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
    f32x16 sums[VEC_DENSE_TOKENS][8];
    UNROLL for (int t = 0; t < tokens; t++) {
        UNROLL for (int g = 0; g < groups; g++) sums[t][g] = f_set(0);
    }
    for (size_t c = 0; c < columns; c++) {
        f32x16 weights[8];
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
        // A lone token waits for each sum before the next column, so eight groups go side by side.
        for (; groups.end - at.group >= 8; at.group += 8) dense_tile(at, type, 1, 8);
    }
    for (; groups.end - at.group >= VEC_DENSE_GROUPS; at.group += VEC_DENSE_GROUPS) {
        dense_groups(at, type, tokens, VEC_DENSE_GROUPS);
    }
    if (VEC_DENSE_GROUPS > 1) {
        for (; groups.end > at.group; at.group++) dense_groups(at, type, tokens, 1);
    }
}

/// Quants of four columns from `column` of a token.
INLINE int32_t four_quants(const int8_t *quants, size_t column) {
    int32_t four;
    memcpy(&four, quants + column, 4);
    return four;
}

/// Integer sums of one block of Q8_0 for each token, the offset not yet taken off.
INLINE void q8_block(const uint8_t *stored, const int8_t *quants, size_t stride, const int tokens, i32x16 *sums) {
    i32x16 odd[VEC_QUANT_TOKENS];
    UNROLL for (int t = 0; t < tokens; t++) sums[t] = odd[t] = i_zero();
    UNROLL for (size_t k = 0; k < 8; k++) {
        q8_weights weights = q8_prepare(b_load(stored + 64 * k));
        UNROLL for (int t = 0; t < tokens; t++) {
            i32x16 *sum = tokens <= 2 && k % 2 ? &odd[t] : &sums[t];  // few tokens need two chains to hide latency
            *sum = i_dot_q8(*sum, weights, four_quants(quants + (size_t)t * stride, 4 * k));
        }
    }
    UNROLL for (int t = 0; t < tokens && tokens <= 2; t++) sums[t] = i_add(sums[t], odd[t]);
}

/// Integer sums of one block of 4 or 5 bits for each token, the offset not yet taken off.
INLINE void nibble_block(const uint8_t *stored, const uint8_t *fifth, const int8_t *quants, size_t stride,
                         const int tokens, i32x16 *sums) {
    // Few tokens need two chains to hide latency; and eight steps may be too many for one.
    const bool twoChains = tokens <= 2 || (fifth && VEC_QUAD_STEPS < 8);
    quad_sums low[VEC_QUANT_TOKENS], high[VEC_QUANT_TOKENS];
    UNROLL for (int t = 0; t < tokens; t++) low[t] = high[t] = quad_zero();
    UNROLL for (size_t k = 0; k < 4; k++) {
        u8x64 both = b_load(stored + 64 * k);
        u8x64 lowWeights = b_and(both, 15), highWeights = b_and(b_shift_right(both, 4), 15);
        if (fifth) {  // bit k belongs to the low nibbles, bit 4 + k to the high ones
            u8x64 bits = b_load(fifth);
            lowWeights = b_or(lowWeights, b_and(b_shift_left(bits, 4 - (int)k), 16));
            highWeights = b_or(highWeights, b_and(b_shift_right(bits, (int)k), 16));
        }
        UNROLL for (int t = 0; t < tokens; t++) {
            const int8_t *x = quants + (size_t)t * stride;
            low[t] = quad_dot(low[t], lowWeights, four_quants(x, 4 * k));
            quad_sums *sum = twoChains ? &high[t] : &low[t];
            *sum = quad_dot(*sum, highWeights, four_quants(x, 16 + 4 * k));
        }
    }
    UNROLL for (int t = 0; t < tokens; t++) {
        sums[t] = quad_widen(low[t]);
        if (twoChains) sums[t] = i_add(sums[t], quad_widen(high[t]));
    }
}

/// `tokens` sums of one group in registers, block after block.
INLINE void quantized_tile(tile_at at, const ck_type type, const int tokens) {
    const ck_packed_layout layout = ck_layout(type);
    const int offset = type == CK_Q8_0 ? VEC_Q8_OFFSET : layout.offset;
    size_t blocks = at.w->columns / CK_BLOCK, stride = at.w->columns;
    const uint8_t *packed = (const uint8_t *)at.w->data + at.group * blocks * layout.blockBytes;
    const int8_t *quants = at.x->quants + at.token * stride;
    const float *scales = at.x->scales + at.token * blocks;
    const int32_t *quantSums = at.x->sums + at.token * blocks;
    f32x16 sums[VEC_QUANT_TOKENS];
    UNROLL for (int t = 0; t < tokens; t++) sums[t] = f_set(0);
    for (size_t b = 0; b < blocks; b++, packed += layout.blockBytes, quants += CK_BLOCK) {
        i32x16 integers[VEC_QUANT_TOKENS];
        if (type == CK_Q8_0) {
            q8_block(packed + layout.quants, quants, stride, tokens, integers);
        } else {
            const uint8_t *fifth = layout.fifthBits ? packed + layout.fifthBits : NULL;
            nibble_block(packed + layout.quants, fifth, quants, stride, tokens, integers);
        }
        f32x16 d = f_load_half((const uint16_t *)(const void *)packed);
        UNROLL for (int t = 0; t < tokens; t++) {
            f32x16 scale = f_set(scales[(size_t)t * blocks + b]);
            if (offset) integers[t] = i_add(integers[t], i_set(-offset * quantSums[(size_t)t * blocks + b]));
            sums[t] = f_fma(f_of_int(integers[t]), f_mul(d, scale), sums[t]);
            if (layout.minima) {
                f32x16 m = f_load_half((const uint16_t *)(const void *)(packed + layout.minima));
                sums[t] = f_fma(f_set((float)quantSums[(size_t)t * blocks + b]), f_mul(m, scale), sums[t]);
            }
        }
    }
    UNROLL for (int t = 0; t < tokens; t++) store_rows(at, at.group, at.token + (size_t)t, sums[t]);
}

INLINE void quantized_matmul(tile_at at, const ck_type type, ck_range groups, ck_range tokens) {
    for (at.group = groups.begin; at.group < groups.end; at.group++) {
        at.token = tokens.begin;
        for (; tokens.end - at.token >= VEC_QUANT_TOKENS; at.token += VEC_QUANT_TOKENS) {
            quantized_tile(at, type, VEC_QUANT_TOKENS);
        }
        for (; tokens.end - at.token >= 2; at.token += 2) quantized_tile(at, type, 2);
        for (; at.token < tokens.end; at.token++) quantized_tile(at, type, 1);
    }
}

static void matmul(const ck_matrix *w, const ck_activations *x, float *y, size_t yStride, ck_range groups,
                   ck_range tokens) {
    tile_at at = {w, x, y, yStride, 0, 0};
    switch (w->type) {  // each case is compiled for its type alone
    case CK_F32: dense_matmul(at, CK_F32, groups, tokens); break;
    case CK_F16: dense_matmul(at, CK_F16, groups, tokens); break;
    case CK_BF16: dense_matmul(at, CK_BF16, groups, tokens); break;
    case CK_Q8_0: quantized_matmul(at, CK_Q8_0, groups, tokens); break;
    case CK_Q4_0: quantized_matmul(at, CK_Q4_0, groups, tokens); break;
    case CK_Q4_1: quantized_matmul(at, CK_Q4_1, groups, tokens); break;
    case CK_Q5_0: quantized_matmul(at, CK_Q5_0, groups, tokens); break;
    case CK_Q5_1: quantized_matmul(at, CK_Q5_1, groups, tokens); break;
    }
}
