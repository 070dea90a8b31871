/// Products of many tokens with quantised matrices, where no instruction multiplies bytes into 32 bits.
///
/// A panel of weights, sixteen rows by some blocks of columns, is taken apart once for many tokens, into the form whose
/// products cost the fewest instructions; and tokens are put side by side, once for all rows. Sums of blocks are exact,
/// and are added block after block as elsewhere.

/// Blocks of columns of a panel, tokens that share it (both have to stay near the processor), and tokens and groups of
/// rows whose sums stay in registers: twelve of them, so that loads are few.
enum { PANEL_BLOCKS = 8, PANEL_TOKENS = 129, PANEL_TILE = 3, PANEL_GROUPS = 2 };
/// For fewer tokens, taking weights apart costs more than it saves.
enum { PANEL_LEAST = 8 };

// Unrolled whole, sums would be taken apart by the compiler, and registers not suffice.
#define ROLLED _Pragma("clang loop unroll_count(2)")
/// For each token of a tile, and each of its groups.
#define TILE_TOKENS UNROLL for (int t = 0; t < PANEL_TILE; t++)
#define TILE TILE_TOKENS UNROLL for (int g = 0; g < groups; g++)

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

/// How often four columns, two products a sum, can be added to sums of 16 bits, and what these begin with where weights have
/// no signs. With signs, 8 steps of 2 · 8 · 254 stay below 2^15, and 4 of 2 · 16 · 254; without, sums go from −30480 to 30480
/// and from −31496 to 31496.
INLINE int quad_steps(const panel_form form) { return form.fifth ? 4 : 8; }
INLINE int quad_start(const panel_form form) {
    return form.minima ? -(form.fifth ? 31 : 15) * 2 * X_LIFT * quad_steps(form) : 0;
}

/// Sixteen rows: scales, minima and quants of each block, their offset taken off. Words have the scales of halves of blocks
/// multiplied in, which makes 128 · 32 at most.
typedef struct {
    float scales[PANEL_BLOCKS][CK_LANES], minima[PANEL_BLOCKS][CK_LANES];
    int32_t corrections[PANEL_BLOCKS][CK_LANES];  // of sums of bytes: what they begin with, and what x is lifted by
    union {
        uint8_t bytes[PANEL_BLOCKS][8][64];   // four columns of sixteen rows
        int16_t words[PANEL_BLOCKS][16][32];  // two columns of sixteen rows
    };
} weight_panel;

/// Three tokens, side by side: what belongs to the same columns lies together. Words hold both digits.
typedef struct {
    int32_t quants[PANEL_BLOCKS * CK_BLOCK / 2][PANEL_TILE];  // four bytes, or two words
    int32_t beyond;  // which storing three side by side overwrites
    float scales[PANEL_BLOCKS][PANEL_TILE];
    float sums[PANEL_BLOCKS][PANEL_TILE];  // of the quants, times their scale
} token_panel;

/// What is taken apart at a time: 92 KiB, once for all types.
typedef struct {
    weight_panel weights[PANEL_GROUPS];
    token_panel tiles[PANEL_TOKENS / PANEL_TILE];
    float rest[PANEL_TILE][PANEL_GROUPS * CK_LANES];  // sums of a tile that is not whole
} panel_scratch;

/// Nibbles, with their fifth bits if there are any, as bytes.
INLINE void take_nibbles(const panel_form form, const uint8_t *stored, const uint8_t *fifth, weight_panel *panel,
                         size_t to) {
    const x8 ones = x_all(0x01010101);
    i32x16 sums = i_zero();
    UNROLL for (int k = 0; k < 4; k++) {
        nibble_pair pair = load_nibbles(stored, fifth, k);
        u8x64 low = b_subtract(pair.low, (uint8_t)form.offset), high = b_subtract(pair.high, (uint8_t)form.offset);
        b_store(panel->bytes[to][k], low);
        b_store(panel->bytes[to][4 + k], high);
        sums = x_bytes_add(x_bytes_add(sums, low, ones), high, ones);
    }
    sums = quad_widen(sums);
    i32x16 lifted = i_sub(i_shift_left(sums, 7), sums);  // times X_LIFT
    i_store(panel->corrections[to], i_sub(i_set(-2 * quad_start(form) * 8 / quad_steps(form)), lifted));
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
    const panel_form form = panel_of(type, digits);
    if (!form.words) return take_nibbles(form, stored, fifth, panel, to);
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
    const panel_form form = panel_of(type, digits);
    if (!form.words) return take_nibbles(form, stored, layout.single ? stored + ck_single_at(layout) : NULL, panel, to);
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

/// Where block `b` of a group's rows is held, or the superblock that it belongs to.
INLINE const uint8_t *block_at(const ck_type type, const ck_matrix *w, size_t group, size_t b) {
    size_t block = group * (w->columns / CK_BLOCK) + b, super = ck_super(type).bytes;  // groups are whole superblocks
    return (const uint8_t *)w->data + (super ? block / CK_SUPERBLOCK_BLOCKS * super : block * ck_layout(type).blockBytes);
}

/// Takes some blocks of columns of a group apart.
INLINE void take_group(const ck_type type, const int digits, const ck_matrix *w, size_t group, ck_range blocks,
                       weight_panel *panel) {
    for (size_t b = blocks.begin; b < blocks.end; b++) {
        const uint8_t *packed = block_at(type, w, group, b);
        if (ck_is_super(type)) take_super_block(type, digits, packed, b % CK_SUPERBLOCK_BLOCKS, panel, b - blocks.begin);
        else take_block(type, digits, packed, panel, b - blocks.begin);
    }
}

/// Some blocks of columns of the groups that come next, for which taking them apart would wait.
typedef struct {
    const uint8_t *from[PANEL_GROUPS];
    size_t lines, atATime;
} next_groups;

INLINE next_groups groups_from(const ck_type type, const ck_matrix *w, size_t group, ck_range blocks, size_t times) {
    size_t last = (w->rows - 1) / CK_LANES;
    next_groups next;
    for (size_t g = 0; g < PANEL_GROUPS; g++) {
        next.from[g] = block_at(type, w, group + g < last ? group + g : last, blocks.begin);
    }
    next.lines = (size_t)(block_at(type, w, last, blocks.end) - block_at(type, w, last, blocks.begin)) / 64;
    next.atATime = next.lines / times + 1;
    return next;
}

/// Asks for the next lines of them, the `time`th time.
INLINE void fetch_lines(const next_groups *next, size_t time) {
    for (size_t i = next->atATime * time; i < next->atATime * (time + 1) && i < next->lines; i++) {
        for (size_t g = 0; g < PANEL_GROUPS; g++) __builtin_prefetch(next->from[g] + 64 * i, 0, 2);
    }
}

/// Puts three tokens side by side, `count` blocks from `block`. In the place of missing ones the last comes again.
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
            panel->sums[b][t] = (float)x->sums[first + b] * x->scales[first + b];
        }
    }
    for (size_t c = 0; c < count * CK_BLOCK; c += form.words ? 16 : 32) {
        x8 units[PANEL_TILE];
        UNROLL for (int t = 0; t < PANEL_TILE; t++) {
            if (form.words) units[t] = x_load_words(quants[t] + c, digits == 2 ? quants[t] + x->columns + c : NULL);
            else units[t] = x_load_bytes(quants[t] + c);
        }
        x_store_side_by_side(panel->quants + c / (form.words ? 2 : 4), units);
    }
}

/// Adds one step of a block, four columns of bytes or two of words, to the sums of each token and group.
INLINE void panel_step(const bool words, const weight_panel *panels, const token_panel *x, size_t b, const int k,
                       const int groups, i32x16 sums[PANEL_TILE][PANEL_GROUPS]) {
    u8x64 held = words ? w_load(panels[0].words[b][k]) : b_load(panels[0].bytes[b][k]);
    TILE_TOKENS {
        x8 unit = x_all(x->quants[(words ? 16 : 8) * b + (size_t)k][t]);
        sums[t][0] = words ? x_words_add(sums[t][0], held, unit) : x_bytes_add(sums[t][0], held, unit);
        if (groups == 1) continue;
        sums[t][1] = words ? x_words_add_from(sums[t][1], panels[1].words[b][k], unit)
                           : x_bytes_add_from(sums[t][1], panels[1].bytes[b][k], unit);
    }
    TILE quad_settle(&sums[t][g]);
}

/// How many parts of a block are summed one after the other, as sums can't hold them together: bytes before they are added
/// up in 32 bits, words before they are added to what is there.
INLINE int panel_parts(const ck_type type, const int digits) {
    const panel_form form = panel_of(type, digits);
    if (!form.words) return 8 / quad_steps(form);
    return digits == 2 && ck_is_super(type) && ck_super(type).subColumns != CK_BLOCK ? 2 : 1;
}

/// Adds a block of some groups to what a tile's tokens have of the blocks before, in y.
INLINE void panel_block(const ck_type type, const int digits, const int groups, const weight_panel *panels,
                        const token_panel *x, size_t b, float *y, size_t yStride) {
    const panel_form form = panel_of(type, digits);
    const int parts = panel_parts(type, digits), steps = (form.words ? 16 : 8) / parts;
    i32x16 before[PANEL_TILE][PANEL_GROUPS], sums[PANEL_TILE][PANEL_GROUPS];
    UNROLL for (int part = 0; part < parts; part++) {
        TILE sums[t][g] = form.words ? i_zero() : quad_all(quad_start(form));
        // Sums that begin with nothing are what their first products are, so that two steps go by themselves.
        const int alone = form.words || !(form.minima || form.fifth) ? 2 : 0, begin = steps * part;
        UNROLL for (int k = 0; k < alone; k++) panel_step(form.words, panels, x, b, begin + k, groups, sums);
        ROLLED for (int k = begin + alone; k < begin + steps; k++) {
            panel_step(form.words, panels, x, b, k, groups, sums);
        }
        TILE_TOKENS {
            f32x16 scale = f_set(x->scales[b][t]), ofMinima = f_set(x->sums[b][t]);
            UNROLL for (int g = 0; g < groups; g++) {
                i32x16 integer = sums[t][g];
                if (!form.words) {
                    i32x16 others = part == 0 ? i_load(panels[g].corrections[b]) : before[t][g];
                    integer = i_add(quad_widen(integer), others);
                    before[t][g] = integer;
                    if (part + 1 < parts) continue;
                }
                float *to = y + (size_t)t * yStride + CK_LANES * g;
                f32x16 sum = f_fma(f_of_int(integer), f_mul(f_load(panels[g].scales[b]), scale), f_load(to));
                if (form.minima) sum = f_fma(ofMinima, f_load(panels[g].minima[b]), sum);
                f_store(to, sum);
            }
        }
    }
}

/// Some blocks of columns of one or two groups: all tokens.
INLINE void panel_groups(tile_at at, const ck_type type, const int digits, const int groups, ck_range tokens,
                         ck_range blocks, panel_scratch *scratch) {
    for (size_t g = 0; g < (size_t)groups; g++) take_group(type, digits, at.w, at.group + g, blocks, scratch->weights + g);
    size_t width = CK_LANES * (size_t)groups, row = CK_LANES * at.group;
    size_t rows = at.w->rows - row < width ? at.w->rows - row : width;
    size_t tiles = (tokens.end - tokens.begin + PANEL_TILE - 1) / PANEL_TILE;
    const next_groups next = groups_from(type, at.w, at.group + (size_t)groups, blocks, tiles);
    for (size_t i = 0; tokens.begin + PANEL_TILE * i < tokens.end; i++) {
        size_t token = tokens.begin + PANEL_TILE * i, left = tokens.end - token;
        size_t present = left < PANEL_TILE ? left : PANEL_TILE;
        float *y = at.y + token * at.yStride + row;
        bool isWhole = present == PANEL_TILE && rows == width;
        float *sums = isWhole ? y : scratch->rest[0];
        size_t stride = isWhole ? at.yStride : PANEL_GROUPS * CK_LANES;
        for (size_t t = 0; t < present; t++) {
            for (size_t g = 0; g < (size_t)groups && blocks.begin == 0; g++) {
                f_store(sums + t * stride + CK_LANES * g, f_set(0));
            }
            if (blocks.begin > 0 && !isWhole) memcpy(sums + t * stride, y + t * at.yStride, 4 * rows);
        }
        // Of the next tile: rows of y are far from each other.
        for (size_t t = PANEL_TILE; t < 2 * PANEL_TILE && t < left; t++) {
            for (size_t g = 0; g < (size_t)groups; g++) __builtin_prefetch(y + t * at.yStride + g * CK_LANES, 1);
        }
        fetch_lines(&next, i);
        for (size_t b = 0; b < blocks.end - blocks.begin; b++) {
            panel_block(type, digits, groups, scratch->weights, scratch->tiles + i, b, sums, stride);
        }
        for (size_t t = 0; t < present && !isWhole; t++) memcpy(y + t * at.yStride, sums + t * stride, 4 * rows);
    }
}

/// Some blocks of columns of some tokens.
INLINE void panel_blocks(tile_at at, const ck_type type, const int digits, ck_range groups, ck_range tokens,
                         ck_range blocks, panel_scratch *scratch) {
    for (size_t t = tokens.begin, i = 0; t < tokens.end; t += PANEL_TILE, i++) {
        take_tokens(type, digits, at.x, (ck_range){t, tokens.end}, blocks.begin, blocks.end - blocks.begin,
                    scratch->tiles + i);
    }
    for (at.group = groups.begin; groups.end - at.group >= PANEL_GROUPS; at.group += PANEL_GROUPS) {
        panel_groups(at, type, digits, PANEL_GROUPS, tokens, blocks, scratch);
    }
    if (at.group < groups.end) panel_groups(at, type, digits, 1, tokens, blocks, scratch);
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
    memset(scratch.rest, 0, sizeof scratch.rest);  // of what is not there, sums are taken, too
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
