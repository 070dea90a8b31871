/// Products of many tokens with quantised matrices, where no instruction multiplies bytes into 32 bits.
///
/// A panel of weights, sixteen rows by some blocks of columns, is taken apart once for many tokens, into the form whose
/// products cost the fewest instructions; and tokens are put side by side, once for all rows. Sums of blocks are exact,
/// and are added block after block as elsewhere.

/// Blocks of columns of a panel, tokens that share it (both have to stay near the processor), and tokens whose sums stay
/// in registers.
enum { PANEL_BLOCKS = 8, PANEL_TOKENS = 128, PANEL_TILE = 4 };
/// For fewer tokens, taking weights apart costs more than it saves.
enum { PANEL_LEAST = 8 };

// Unrolled whole, sums would be taken apart by the compiler, and registers not suffice.
#define ROLLED _Pragma("clang loop unroll_count(2)")

/// What a type's panel is like.
typedef struct {
    bool words;    // 16 bits a weight, else 8
    bool fifth;    // a weight is up to 31, so that sums of 16 bits hold four steps and not eight
    bool minima;
    int offset;    // what is taken off a stored byte
} panel_form;

INLINE panel_form panel_of(const ck_type type, const int digits) {
    if (digits == 2) return (panel_form){.words = true, .minima = ck_layout(type).minima || ck_super(type).minima};
    switch (type) {
    case CK_Q4_0: return (panel_form){.offset = 8};
    case CK_Q5_0: return (panel_form){.offset = 16, .fifth = true};
    case CK_Q4_1:
    case CK_Q4_K: return (panel_form){.minima = true};
    case CK_Q5_1:
    case CK_Q5_K: return (panel_form){.minima = true, .fifth = true};
    default: return (panel_form){.words = true};
    }
}

/// Sixteen rows: scales, minima and quants of each block. Words have their sign, and the scales of halves of blocks
/// multiplied in, which makes 128 · 32 at most.
typedef struct {
    float scales[PANEL_BLOCKS][CK_LANES], minima[PANEL_BLOCKS][CK_LANES];
    union {
        uint8_t bytes[PANEL_BLOCKS][8][64];   // four columns of sixteen rows
        int16_t words[PANEL_BLOCKS][16][32];  // two columns of sixteen rows
    };
} weight_panel;

/// Four tokens, side by side: what belongs to the same columns lies together. Words hold both digits.
typedef struct {
    int32_t quants[PANEL_BLOCKS * CK_BLOCK / 2][PANEL_TILE];  // four bytes, or two words
    float scales[PANEL_BLOCKS][PANEL_TILE];
    float sums[PANEL_BLOCKS][PANEL_TILE];
    int32_t offsets[PANEL_BLOCKS][PANEL_TILE];  // the type's, times the sums
} token_panel;

/// What is taken apart at a time: 86 KiB, once for all types.
typedef struct {
    weight_panel weights;
    token_panel tiles[PANEL_TOKENS / PANEL_TILE];
} panel_scratch;

/// Nibbles, with their fifth bits if there are any, as bytes.
INLINE void take_nibbles(const uint8_t *stored, const uint8_t *fifth, uint8_t out[8][64]) {
    UNROLL for (int k = 0; k < 4; k++) {
        nibble_pair pair = load_nibbles(stored, fifth, k);
        b_store(out[k], pair.low);
        b_store(out[4 + k], pair.high);
    }
}

/// Four columns of stored quants, as pairs of words without the offset.
INLINE void take_words(u8x64 quants, const int offset, int16_t pairs[2][32]) {
    w_store_pairs(pairs, b_subtract(quants, (uint8_t)offset));
}

/// Takes a block of 32 columns apart, as block `to` of the panel.
INLINE void take_block(const ck_type type, const int digits, const uint8_t *packed, weight_panel *panel, size_t to) {
    const ck_packed_layout layout = ck_layout(type);
    const uint8_t *table = ck_table(type), *stored = packed + layout.quants;
    const uint16_t *halves = (const uint16_t *)(const void *)packed;
    f_store(panel->scales[to], type == CK_MXFP4 ? f_load_bf16(halves) : f_load_half(halves));
    if (layout.minima) {
        f_store(panel->minima[to], f_load_half((const uint16_t *)(const void *)(packed + layout.minima)));
    }
    const uint8_t *fifth = layout.fifthBits ? packed + layout.fifthBits : NULL;
    if (!panel_of(type, digits).words) return take_nibbles(stored, fifth, panel->bytes[to]);
    if (type == CK_Q8_0) {
        UNROLL for (int k = 0; k < 8; k++) take_words(b_load(stored + 64 * k), layout.offset, panel->words[to] + 2 * k);
        return;
    }
    UNROLL for (int k = 0; k < 4; k++) {
        nibble_pair pair = load_nibbles(stored, fifth, k);
        if (table) pair = (nibble_pair){b_look_up(b_table(table), pair.low), b_look_up(b_table(table), pair.high)};
        take_words(pair.low, layout.offset, panel->words[to] + 2 * k);
        take_words(pair.high, layout.offset, panel->words[to] + 8 + 2 * k);
    }
}

/// Takes block `number` of a superblock apart.
INLINE void take_super_block(const ck_type type, const int digits, const uint8_t *packed, size_t number,
                             weight_panel *panel, size_t to) {
    const ck_superlayout layout = ck_super(type);
    const uint8_t *stored = packed + layout.quants + number * layout.blockQuants, *scales = packed + layout.scales;
    const bool halved = layout.subColumns != CK_BLOCK;
    const uint16_t *halves = (const uint16_t *)(const void *)packed;
    f32x16 d = layout.minima ? f_load_half(halves) : f_load((const float *)(const void *)packed);
    if (!halved) d = f_mul(d, f_of_int(i_load_bytes(scales + CK_LANES * number)));
    f_store(panel->scales[to], d);
    if (layout.minima) {
        f32x16 minima = f_of_int(i_load_bytes(packed + layout.minima + CK_LANES * number));
        f_store(panel->minima[to], f_mul(f_load_half(halves + CK_LANES), minima));
    }
    if (!panel_of(type, digits).words) {
        return take_nibbles(stored, layout.single ? stored + ck_single_at(layout) : NULL, panel->bytes[to]);
    }
    UNROLL for (int half = 0; half < 2; half++) {
        UNROLL for (int k = 0; k < 4; k++) {
            int16_t(*words)[32] = panel->words[to] + 8 * half + 2 * k;
            u8x64 quants = b_load(stored + 64 * (4 * half + k));  // of Q8_K
            if (type != CK_Q8_K) quants = super_quants(layout, stored, half, k);
            if (type == CK_IQ4_XS) quants = b_look_up(b_table(ck_table_iq4), quants);
            take_words(quants, type == CK_IQ4_XS ? 128 : layout.offset, words);
            if (halved) w_scale_pairs(words, i_load_bytes(scales + CK_LANES * (2 * number + (size_t)half)));
        }
    }
}

/// Puts four tokens side by side, `count` blocks from `block`. In the place of missing ones the last comes again.
INLINE void take_tokens(const ck_type type, const int digits, const ck_activations *x, ck_range tokens, size_t block,
                        size_t count, token_panel *panel) {
    const panel_form form = panel_of(type, digits);
    size_t blocks = x->columns / CK_BLOCK;
    const int8_t *quants[PANEL_TILE];
    for (size_t t = 0; t < PANEL_TILE; t++) {
        size_t token = tokens.begin + t < tokens.end ? tokens.begin + t : tokens.end - 1;
        size_t first = token * blocks + block;
        quants[t] = x->quants + (token * (size_t)digits * blocks + block) * CK_BLOCK;
        for (size_t b = 0; b < count; b++) {
            panel->scales[b][t] = x->scales[first + b];
            panel->sums[b][t] = (float)x->sums[first + b];
            panel->offsets[b][t] = -form.offset * x->sums[first + b];
        }
    }
    for (size_t c = 0; c < count * CK_BLOCK; c += form.words ? 16 : 32) {
        x8 units[PANEL_TILE];
        UNROLL for (int t = 0; t < PANEL_TILE; t++) {
            if (form.words) units[t] = x_words(quants[t] + c, digits == 2 ? quants[t] + x->columns + c : NULL);
            else units[t] = x_bytes(quants[t] + c);
        }
        x_store_side_by_side(panel->quants + c / (form.words ? 2 : 4), units);
    }
}

/// Integer sums of steps `from` … `to` of a block of bytes.
INLINE void byte_sums(const uint8_t weights[8][64], const int32_t x[8][PANEL_TILE], const int from, const int to,
                      i32x16 *sums) {
    quad_sums quads[PANEL_TILE];
    UNROLL for (int t = 0; t < PANEL_TILE; t++) quads[t] = quad_zero();
    ROLLED for (int k = from; k < to; k++) {
        u8x64 w = b_load(weights[k]);
        UNROLL for (int t = 0; t < PANEL_TILE; t++) quads[t] = quad_dot(quads[t], w, x[k][t]);
    }
    UNROLL for (int t = 0; t < PANEL_TILE; t++) sums[t] = quad_widen(quads[t]);
}

/// Whether a block's halves are added one after the other.
INLINE bool adds_halves(const ck_type type, const int digits) {
    return digits == 2 && ck_is_super(type) && ck_super(type).subColumns != CK_BLOCK;
}

/// Integer sums of pairs of columns `from` … `to` of a block of words.
INLINE void word_sums(const int16_t weights[16][32], const int32_t x[16][PANEL_TILE], const int from, const int to,
                      i32x16 *sums) {
    UNROLL for (int t = 0; t < PANEL_TILE; t++) sums[t] = i_zero();
    ROLLED for (int k = from; k < to; k++) {
        i32x16 w = w_load(weights[k]);
        UNROLL for (int t = 0; t < PANEL_TILE; t++) sums[t] = w_dot(sums[t], w, x[k][t]);
    }
}

/// Integer sums of a block for each token, or of one half of what 32 bits can't hold together.
INLINE void panel_sums(const ck_type type, const int digits, const weight_panel *panel, const token_panel *x, size_t b,
                       const int half, i32x16 *sums) {
    const panel_form form = panel_of(type, digits);
    if (form.words) {
        const bool apart = adds_halves(type, digits);
        word_sums(panel->words[b], x->quants + 16 * b, apart ? 8 * half : 0, apart ? 8 * half + 8 : 16, sums);
        return;
    }
    byte_sums(panel->bytes[b], x->quants + 8 * b, 0, form.fifth ? 4 : 8, sums);
    if (form.fifth) {
        i32x16 more[PANEL_TILE];
        byte_sums(panel->bytes[b], x->quants + 8 * b, 4, 8, more);
        UNROLL for (int t = 0; t < PANEL_TILE; t++) sums[t] = i_add(sums[t], more[t]);
    }
    UNROLL for (int t = 0; t < PANEL_TILE && form.offset; t++) sums[t] = i_add(sums[t], i_set(x->offsets[b][t]));
}

/// Adds `blocks` blocks of a group to what `present` tokens have of the blocks before, which is nothing where the row
/// `begins`.
INLINE void panel_tile(tile_at at, const ck_type type, const int digits, const weight_panel *panel,
                       const token_panel *x, size_t blocks, bool begins, size_t present) {
    const panel_form form = panel_of(type, digits);
    size_t rows = at.w->rows - at.group * CK_LANES;
    float *y = at.y + at.token * at.yStride + at.group * CK_LANES;
    f32x16 sums[PANEL_TILE];
    UNROLL for (size_t t = 0; t < PANEL_TILE; t++) {
        sums[t] = begins || t >= present ? f_set(0) : load_up_to(y + t * at.yStride, rows);
    }
    for (size_t b = 0; b < blocks; b++) {
        UNROLL for (int half = 0; half < (adds_halves(type, digits) ? 2 : 1); half++) {
            i32x16 integers[PANEL_TILE];
            panel_sums(type, digits, panel, x, b, half, integers);
            f32x16 d = f_load(panel->scales[b]);
            UNROLL for (int t = 0; t < PANEL_TILE; t++) {
                sums[t] = f_fma(f_of_int(integers[t]), f_mul(d, f_set(x->scales[b][t])), sums[t]);
            }
        }
        UNROLL for (int t = 0; t < PANEL_TILE && form.minima; t++) {
            f32x16 m = f_mul(f_load(panel->minima[b]), f_set(x->scales[b][t]));
            sums[t] = f_fma(f_set(x->sums[b][t]), m, sums[t]);
        }
    }
    UNROLL for (size_t t = 0; t < PANEL_TILE; t++) {
        if (t < present) store_up_to(y + t * at.yStride, sums[t], rows);
    }
}

/// Some blocks of columns of some tokens.
INLINE void panel_blocks(tile_at at, const ck_type type, const int digits, ck_range groups, ck_range tokens,
                         ck_range blocks, panel_scratch *scratch) {
    size_t columns = at.w->columns, count = blocks.end - blocks.begin, super = ck_super(type).bytes;
    const uint8_t *data = at.w->data;
    weight_panel *panel = &scratch->weights;
    for (size_t t = tokens.begin, i = 0; t < tokens.end; t += PANEL_TILE, i++) {
        take_tokens(type, digits, at.x, (ck_range){t, tokens.end}, blocks.begin, count, scratch->tiles + i);
    }
    for (at.group = groups.begin; at.group < groups.end; at.group++) {
        for (size_t i = 0; i < count; i++) {
            size_t b = at.group * (columns / CK_BLOCK) + blocks.begin + i;  // groups are whole superblocks
            if (super) {
                const uint8_t *packed = data + b / CK_SUPERBLOCK_BLOCKS * super;
                take_super_block(type, digits, packed, b % CK_SUPERBLOCK_BLOCKS, panel, i);
            } else {
                take_block(type, digits, data + b * ck_layout(type).blockBytes, panel, i);
            }
        }
        at.token = tokens.begin;
        for (size_t i = 0; at.token < tokens.end; i++, at.token += PANEL_TILE) {
            panel_tile(at, type, digits, panel, scratch->tiles + i, count, blocks.begin == 0, tokens.end - at.token);
        }
    }
}

INLINE void panels_of_digits(tile_at at, const ck_type type, const int digits, ck_range groups, ck_range tokens,
                             panel_scratch *scratch) {
    size_t blocks = at.w->columns / CK_BLOCK;
    for (size_t t = tokens.begin; t < tokens.end; t += PANEL_TOKENS) {
        ck_range some = {t, t + PANEL_TOKENS < tokens.end ? t + PANEL_TOKENS : tokens.end};
        for (size_t b = 0; b < blocks; b += PANEL_BLOCKS) {
            ck_range together = {b, b + PANEL_BLOCKS < blocks ? b + PANEL_BLOCKS : blocks};
            panel_blocks(at, type, digits, groups, some, together, scratch);
        }
    }
}

INLINE void panels_of_type(tile_at at, const ck_type type, ck_range groups, ck_range tokens, panel_scratch *scratch) {
    if (at.x->digits == 1) panels_of_digits(at, type, 1, groups, tokens, scratch);
    else panels_of_digits(at, type, 2, groups, tokens, scratch);
}

/// Returns false, and does nothing, where the type has no panels.
static bool panel_matmul(tile_at at, ck_range groups, ck_range tokens) {
    _Alignas(64) panel_scratch scratch;
    switch (at.w->type) {  // each case is compiled for its type alone
    case CK_Q8_0: panels_of_type(at, CK_Q8_0, groups, tokens, &scratch); return true;
    case CK_Q4_0: panels_of_type(at, CK_Q4_0, groups, tokens, &scratch); return true;
    case CK_Q4_1: panels_of_type(at, CK_Q4_1, groups, tokens, &scratch); return true;
    case CK_Q5_0: panels_of_type(at, CK_Q5_0, groups, tokens, &scratch); return true;
    case CK_Q5_1: panels_of_type(at, CK_Q5_1, groups, tokens, &scratch); return true;
    case CK_IQ4_NL: panels_of_type(at, CK_IQ4_NL, groups, tokens, &scratch); return true;
    case CK_MXFP4: panels_of_type(at, CK_MXFP4, groups, tokens, &scratch); return true;
    case CK_Q3_K: panels_of_type(at, CK_Q3_K, groups, tokens, &scratch); return true;
    case CK_Q4_K: panels_of_type(at, CK_Q4_K, groups, tokens, &scratch); return true;
    case CK_Q5_K: panels_of_type(at, CK_Q5_K, groups, tokens, &scratch); return true;
    case CK_Q6_K: panels_of_type(at, CK_Q6_K, groups, tokens, &scratch); return true;
    case CK_IQ4_XS: panels_of_type(at, CK_IQ4_XS, groups, tokens, &scratch); return true;
    case CK_Q8_K: panels_of_type(at, CK_Q8_K, groups, tokens, &scratch); return true;
    default: return false;  // dense, or Q2_K, whose halves have minima of their own
    }
}
