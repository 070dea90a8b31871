/// Products of quantised activations with matrices in blocks of 32 columns, over groups of sixteen rows.
///
/// The bytes of one digit of one token are a line; a token's lines lie one after the other.

enum { FETCH_AHEAD = 4096 };

/// Asks for what comes some blocks later, as large as one block. A block's parts are not read in the order in which they
/// lie, so processors don't see that memory is read from one end to the other.
INLINE void fetch_ahead(const uint8_t *packed, size_t bytes) {
    UNROLL for (size_t line = 0; line < bytes; line += 64) __builtin_prefetch(packed + FETCH_AHEAD + line);
}

/// Quants of four columns from `column` of a line.
INLINE int32_t four_quants(const int8_t *quants, size_t column) {
    int32_t four;
    memcpy(&four, quants + column, 4);
    return four;
}

/// Integer sums of one block of Q8_0 for each line, the offset not yet taken off.
INLINE void q8_block(const uint8_t *stored, const int8_t *quants, size_t stride, const int lines, i32x16 *sums) {
    i32x16 odd[VEC_QUANT_LINES];
    UNROLL for (int t = 0; t < lines; t++) sums[t] = odd[t] = i_zero();
    UNROLL for (size_t k = 0; k < 8; k++) {
        q8_weights weights = q8_prepare(b_load(stored + 64 * k));
        UNROLL for (int t = 0; t < lines; t++) {
            i32x16 *sum = lines <= 2 && k % 2 ? &odd[t] : &sums[t];  // few lines need two chains to hide latency
            *sum = i_dot_q8(*sum, weights, four_quants(quants + (size_t)t * stride, 4 * k));
        }
    }
    UNROLL for (int t = 0; t < lines && lines <= 2; t++) sums[t] = i_add(sums[t], odd[t]);
}

/// Integer sums of one block whose nibbles index a table (of values plus 128), the offset not yet taken off.
INLINE void table_block(const uint8_t *stored, const uint8_t *table, const int8_t *quants, size_t stride,
                        const int lines, i32x16 *sums) {
    i32x16 high[VEC_QUANT_LINES];
    const u8x64 values = b_table(table);
    UNROLL for (int t = 0; t < lines; t++) sums[t] = high[t] = i_zero();
    UNROLL for (size_t k = 0; k < 4; k++) {
        u8x64 both = b_load(stored + 64 * k);
        q8_weights low = q8_prepare(b_look_up(values, b_and(both, 15)));
        q8_weights upper = q8_prepare(b_look_up(values, b_and(b_shift_right(both, 4), 15)));
        UNROLL for (int t = 0; t < lines; t++) {
            const int8_t *x = quants + (size_t)t * stride;
            i32x16 *sum = lines <= 2 ? &high[t] : &sums[t];  // few lines need two chains to hide latency
            sums[t] = i_dot_q8(sums[t], low, four_quants(x, 4 * k));
            *sum = i_dot_q8(*sum, upper, four_quants(x, 16 + 4 * k));
        }
    }
    UNROLL for (int t = 0; t < lines && lines <= 2; t++) sums[t] = i_add(sums[t], high[t]);
}

/// Weights of 4 or 5 bits: columns 4k … 4k+3 of the sixteen rows, and 16+4k … 16+4k+3.
typedef struct { u8x64 low, high; } nibble_pair;
INLINE nibble_pair load_nibbles(const uint8_t *stored, const uint8_t *fifth, const int k) {
    u8x64 both = b_load(stored + 64 * k);
    nibble_pair pair = {b_and(both, 15), b_and(b_shift_right(both, 4), 15)};
    if (fifth) {  // bit k belongs to the low nibbles, bit 4 + k to the high ones
        u8x64 bits = b_load(fifth);
        pair.low = b_or(pair.low, b_and(b_shift_left(bits, 4 - k), 16));
        pair.high = b_or(pair.high, b_and(b_shift_right(bits, k), 16));
    }
    return pair;
}

/// Integer sums of one block of 4 or 5 bits for each line, the offset not yet taken off.
INLINE void nibble_block(const uint8_t *stored, const uint8_t *fifth, const int8_t *quants, size_t stride,
                         const int lines, i32x16 *sums) {
    // Few lines need two chains to hide latency; and eight steps may be too many for one.
    const bool twoChains = lines <= 2 || (fifth && VEC_QUAD_STEPS < 8);
    quad_sums low[VEC_QUANT_LINES], high[VEC_QUANT_LINES];
    UNROLL for (int t = 0; t < lines; t++) low[t] = high[t] = quad_zero();
    UNROLL for (size_t k = 0; k < 4; k++) {
        nibble_pair weights = load_nibbles(stored, fifth, (int)k);
        UNROLL for (int t = 0; t < lines; t++) {
            const int8_t *x = quants + (size_t)t * stride;
            low[t] = quad_dot(low[t], weights.low, four_quants(x, 4 * k));
            quad_sums *sum = twoChains ? &high[t] : &low[t];
            *sum = quad_dot(*sum, weights.high, four_quants(x, 16 + 4 * k));
        }
    }
    UNROLL for (int t = 0; t < lines; t++) {
        sums[t] = quad_widen(low[t]);
        if (twoChains) sums[t] = i_add(sums[t], quad_widen(high[t]));
    }
}

/// Makes whole numbers of what a block's digits sum up to, token by token.
INLINE void join_digits(i32x16 *sums, const int tokens, const int digits) {
    if (digits == 1) return;
    UNROLL for (int t = 0; t < tokens; t++) sums[t] = i_join(sums[2 * t], sums[2 * t + 1]);
}

/// `tokens` sums of one group in registers, block after block.
INLINE void block_tile(tile_at at, const ck_type type, const int digits, const int tokens) {
    const ck_packed_layout layout = ck_layout(type);
    const uint8_t *table = ck_table(type);
    const int offset = type == CK_Q8_0 || table ? VEC_Q8_OFFSET : layout.offset, lines = digits * tokens;
    size_t blocks = at.w->columns / CK_BLOCK, stride = at.w->columns;
    const uint8_t *packed = (const uint8_t *)at.w->data + at.group * blocks * layout.blockBytes;
    const int8_t *quants = at.x->quants + at.token * (size_t)digits * stride;
    const float *scales = at.x->scales + at.token * blocks;
    const int32_t *quantSums = at.x->sums + at.token * blocks;
    f32x16 sums[VEC_QUANT_LINES];
    UNROLL for (int t = 0; t < tokens; t++) sums[t] = f_set(0);
    for (size_t b = 0; b < blocks; b++, packed += layout.blockBytes, quants += CK_BLOCK) {
        i32x16 integers[VEC_QUANT_LINES];
        if (lines <= 2) fetch_ahead(packed, layout.blockBytes);
        if (type == CK_Q8_0) {
            q8_block(packed + layout.quants, quants, stride, lines, integers);
        } else if (table) {
            table_block(packed + layout.quants, table, quants, stride, lines, integers);
        } else {
            const uint8_t *fifth = layout.fifthBits ? packed + layout.fifthBits : NULL;
            nibble_block(packed + layout.quants, fifth, quants, stride, lines, integers);
        }
        join_digits(integers, tokens, digits);
        const uint16_t *halves = (const uint16_t *)(const void *)packed;
        f32x16 d = type == CK_MXFP4 ? f_load_bf16(halves) : f_load_half(halves);
        UNROLL for (int t = 0; t < tokens; t++) {
            f32x16 scale = f_set(scales[(size_t)t * blocks + b]);
            if (offset) integers[t] = i_add(integers[t], i_set(-offset * quantSums[(size_t)t * blocks + b]));
            sums[t] = f_fma(f_of_int(integers[t]), f_mul(d, scale), sums[t]);
            if (layout.minima) {
                f32x16 m = f_load_half((const uint16_t *)(const void *)(packed + layout.minima));
                size_t i = (size_t)t * blocks + b;
                sums[t] = f_fma(f_set((float)quantSums[i] * scales[i]), m, sums[t]);
            }
        }
    }
    UNROLL for (int t = 0; t < tokens; t++) store_rows(at, at.group, at.token + (size_t)t, sums[t]);
}
