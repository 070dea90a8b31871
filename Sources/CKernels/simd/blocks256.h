/// Products of quantised activations with matrices in superblocks of 256 columns, over groups of sixteen rows.

/// Stored quants of four columns of one half of a block of 32; k counts the fours.
INLINE u8x64 super_quants(const ck_superlayout layout, const uint8_t *stored, const int half, const int k) {
    u8x64 quants = b_load(stored + (layout.nibbles ? 64 * k : 64 * half));  // of nibbles, else of pairs
    if (layout.nibbles) quants = b_and(half ? b_shift_right(quants, 4) : quants, 15);
    if (layout.pairs) {
        u8x64 pairs = b_load(stored + ck_pairs_at(layout) + 64 * half);
        if (!layout.nibbles) {
            quants = b_and(b_shift_right(pairs, 2 * k), 3);
        } else {
            u8x64 shifted = k < 2 ? b_shift_left(pairs, 4 - 2 * k) : b_shift_right(pairs, 2 * k - 4);
            quants = b_or(quants, b_and(shifted, 0x30));
        }
    }
    if (layout.single) {  // above the nibbles or the pairs; no type has all three
        u8x64 bits = b_load(stored + ck_single_at(layout));
        const int from = 4 * half + k, to = layout.nibbles ? 4 : 2;
        u8x64 shifted = from < to ? b_shift_left(bits, to - from) : b_shift_right(bits, from - to);
        quants = b_or(quants, b_and(shifted, (uint8_t)(1 << to)));
    }
    return quants;
}

/// Integer sums of one half of a block for each line, the offset not yet taken off.
INLINE void half_block(const ck_type type, const uint8_t *stored, const int half, const int8_t *quants, size_t stride,
                       const int lines, i32x16 *sums) {
    const ck_superlayout layout = ck_super(type);
    const int8_t *x = quants + 16 * half;
    if (type == CK_Q8_K) {
        UNROLL for (int t = 0; t < lines; t++) sums[t] = i_zero();
        UNROLL for (int k = 0; k < 4; k++) {
            q8_weights weights = q8_prepare(b_load(stored + 64 * (4 * half + k)));
            UNROLL for (int t = 0; t < lines; t++) {
                sums[t] = i_dot_q8(sums[t], weights, four_quants(x + (size_t)t * stride, 4 * (size_t)k));
            }
        }
        return;
    }
    // Six bits are too many for more than two steps in 16 bits.
    const bool twoChains = layout.nibbles && VEC_QUAD_STEPS < 8;
    quad_sums first[VEC_QUANT_LINES], second[VEC_QUANT_LINES];
    UNROLL for (int t = 0; t < lines; t++) first[t] = second[t] = quad_zero();
    UNROLL for (int k = 0; k < 4; k++) {
        u8x64 weights = super_quants(layout, stored, half, k);
        UNROLL for (int t = 0; t < lines; t++) {
            quad_sums *sum = twoChains && k >= 2 ? &second[t] : &first[t];
            *sum = quad_dot(*sum, weights, four_quants(x + (size_t)t * stride, 4 * (size_t)k));
        }
    }
    UNROLL for (int t = 0; t < lines; t++) {
        sums[t] = quad_widen(first[t]);
        if (twoChains) sums[t] = i_add(sums[t], quad_widen(second[t]));
    }
}

/// What one tile of a superblock works on.
typedef struct {
    const uint8_t *packed, *stored;  // the superblock, and the quants of the block
    const int8_t *quants;            // of the first token in this block
    const float *scales;             // likewise, and the sums
    const int32_t *sums, *firstSums;
    size_t stride, blocks, number;   // columns and blocks of a token; the block within the superblock
} super_at;

/// One block of a type with a scale for all its 32 columns.
INLINE void whole_block(super_at at, const ck_type type, const int digits, const int tokens, f32x16 d, f32x16 m,
                        f32x16 *sums) {
    const ck_superlayout layout = ck_super(type);
    const int offset = type == CK_IQ4_XS ? VEC_Q8_OFFSET : layout.offset;
    i32x16 integers[VEC_QUANT_LINES];
    if (type == CK_IQ4_XS) {
        table_block(at.stored, ck_table_iq4, at.quants, at.stride, digits * tokens, integers);
    } else {
        const uint8_t *fifth = layout.single ? at.stored + ck_single_at(layout) : NULL;
        nibble_block(at.stored, fifth, at.quants, at.stride, digits * tokens, integers);
    }
    join_digits(integers, tokens, digits);
    d = f_mul(d, f_of_int(i_load_bytes(at.packed + layout.scales + CK_LANES * at.number)));
    if (layout.minima) m = f_mul(m, f_of_int(i_load_bytes(at.packed + layout.minima + CK_LANES * at.number)));
    UNROLL for (int t = 0; t < tokens; t++) {
        size_t i = (size_t)t * at.blocks;
        f32x16 scale = f_set(at.scales[i]);
        if (offset) integers[t] = i_add(integers[t], i_set(-offset * at.sums[i]));
        sums[t] = f_fma(f_of_int(integers[t]), f_mul(d, scale), sums[t]);
        if (layout.minima) sums[t] = f_fma(f_set((float)at.sums[i] * at.scales[i]), m, sums[t]);
    }
}

/// One block of a type with a scale for each sixteen columns. Of one digit, both halves' integers, scaled, are whole
/// numbers below 2^24, and so is their sum: floats add them exactly. Of two digits, each fits into 32 bits.
INLINE void halved_block(super_at at, const ck_type type, const int digits, const int tokens, f32x16 d, f32x16 m,
                         f32x16 *sums) {
    const ck_superlayout layout = ck_super(type);
    const int offset = type == CK_Q8_K ? VEC_Q8_OFFSET : layout.offset;
    f32x16 scaled[VEC_QUANT_LINES], minima[2];
    UNROLL for (int half = 0; half < 2; half++) {
        i32x16 integers[VEC_QUANT_LINES];
        half_block(type, at.stored, half, at.quants, at.stride, digits * tokens, integers);
        join_digits(integers, tokens, digits);
        size_t sub = CK_LANES * (2 * at.number + (size_t)half);
        i32x16 wholeScale = i_load_bytes(at.packed + layout.scales + sub);
        f32x16 s = f_of_int(wholeScale);
        if (layout.minima) minima[half] = f_of_int(i_load_bytes(at.packed + layout.minima + sub));
        UNROLL for (int t = 0; t < tokens; t++) {
            size_t i = (size_t)t * at.blocks;
            int32_t quantSum = half ? at.sums[i] - at.firstSums[i] : at.firstSums[i];
            if (offset) integers[t] = i_add(integers[t], i_set(-offset * quantSum));
            if (digits == 2) {
                f32x16 sum = f_of_int(i_mul(integers[t], wholeScale));
                sums[t] = f_fma(sum, f_mul(d, f_set(at.scales[i])), sums[t]);
                continue;
            }
            f32x16 sum = f_of_int(integers[t]);
            scaled[t] = half ? f_fma(sum, s, scaled[t]) : f_mul(sum, s);
        }
    }
    UNROLL for (int t = 0; t < tokens; t++) {
        size_t i = (size_t)t * at.blocks;
        f32x16 scale = f_set(at.scales[i]);
        if (digits == 1) sums[t] = f_fma(scaled[t], f_mul(d, scale), sums[t]);
        if (layout.minima) {
            f32x16 first = f_set((float)at.firstSums[i]), second = f_set((float)(at.sums[i] - at.firstSums[i]));
            f32x16 both = f_fma(first, minima[0], f_mul(second, minima[1]));
            sums[t] = f_fma(both, f_mul(m, scale), sums[t]);
        }
    }
}

/// `tokens` sums of one group in registers, block after block.
INLINE void super_tile(tile_at at, const ck_type type, const int digits, const int tokens) {
    const ck_superlayout layout = ck_super(type);
    size_t blocks = at.w->columns / CK_BLOCK, first = at.token * blocks;
    super_at here = {.packed = (const uint8_t *)at.w->data + at.group * (at.w->columns / CK_SUPERBLOCK) * layout.bytes,
                     .quants = at.x->quants + at.token * (size_t)digits * at.w->columns,
                     .scales = at.x->scales + first, .sums = at.x->sums + first, .firstSums = at.x->firstSums + first,
                     .stride = at.w->columns, .blocks = blocks};
    f32x16 sums[VEC_QUANT_LINES];
    UNROLL for (int t = 0; t < tokens; t++) sums[t] = f_set(0);
    for (size_t b = 0; b < blocks; b += CK_SUPERBLOCK_BLOCKS, here.packed += layout.bytes) {
        f32x16 d, m = f_set(0);
        if (layout.minima) {
            d = f_load_half((const uint16_t *)(const void *)here.packed);
            m = f_load_half((const uint16_t *)(const void *)(here.packed + 32));
        } else {
            d = f_load((const float *)(const void *)here.packed);
        }
        here.stored = here.packed + layout.quants;
        for (here.number = 0; here.number < CK_SUPERBLOCK_BLOCKS; here.number++) {
            if (digits * tokens <= 2 && layout.nibbles) fetch_ahead(here.stored, layout.blockQuants);
            if (layout.subColumns == CK_BLOCK) whole_block(here, type, digits, tokens, d, m, sums);
            else halved_block(here, type, digits, tokens, d, m, sums);
            here.stored += layout.blockQuants;
            here.quants += CK_BLOCK;
            here.scales++, here.sums++, here.firstSums++;
        }
    }
    UNROLL for (int t = 0; t < tokens; t++) store_rows(at, at.group, at.token + (size_t)t, sums[t]);
}
