/// Layouts of the types whose blocks are 256 columns, with a scale for each 16 or 32 of them.
#ifndef CK_SUPERBLOCKS_H
#define CK_SUPERBLOCKS_H
#include "blocks.h"

/// Columns in a superblock, and blocks of activations in it.
enum { CK_SUPERBLOCK = 256, CK_SUPERBLOCK_BLOCKS = CK_SUPERBLOCK / CK_BLOCK };

/// A superblock of any type, taken apart: weight = (d · scale) · q − m · minimum, with the scale and minimum of the
/// weight's sixteen columns. All but the subtraction is exact in float32.
typedef struct {
    float d, m;
    int8_t scales[16];
    uint8_t minima[16];
    int8_t q[CK_SUPERBLOCK];
} ck_superblock;

void ck_take_apart(ck_type type, const uint8_t *bytes, ck_superblock *out);

/// What IQ4_XS stores for each weight: its place in the table.
void ck_iq4_xs_indices(const uint8_t *bytes, int8_t q[CK_SUPERBLOCK]);

/// The entries of a codebook: levels of 8 weights in 2 bits each (IQ1, IQ2), or of 4 weights in 3 bits each (IQ3).
const uint16_t *ck_codebook(ck_type type);

/// Where the parts of a packed superblock (256 columns of sixteen rows) lie.
///
/// First come sixteen d in f32; or, in types with minima, sixteen d and sixteen −m in f16. Then, for each sub-block of
/// columns, sixteen scales; then likewise the minima; then the quants of each 32 columns: 256 bytes of nibbles, 128 of
/// pairs of bits, 64 of single bits, as far as the type has them, nibbles lowest, or 512 of whole bytes.
typedef struct {
    size_t bytes, subColumns, scales, minima, quants, blockQuants;  // offsets and sizes in bytes; minima 0: none
    bool nibbles, pairs, single;
    int offset;  // what is subtracted from a stored quant
} ck_superlayout;

static inline bool ck_is_super(ck_type type) { return type >= CK_Q2_K && type <= CK_Q8_K; }

static inline ck_superlayout ck_super(ck_type type) {
    ck_superlayout l = {.subColumns = 16, .scales = 64};
    bool minima = false;
    switch (type) {
    case CK_Q2_K: l.pairs = minima = true; break;
    case CK_Q3_K: l.pairs = l.single = true, l.offset = 4; break;
    case CK_Q4_K: l.nibbles = minima = true, l.subColumns = 32; break;
    case CK_Q5_K: l.nibbles = l.single = minima = true, l.subColumns = 32; break;
    case CK_Q6_K: l.nibbles = l.pairs = true, l.offset = 32; break;
    case CK_IQ4_XS: l.nibbles = true, l.subColumns = 32; break;
    case CK_Q8_K: l.offset = 128; break;
    default: return (ck_superlayout){0};
    }
    size_t scaleBytes = CK_SUPERBLOCK / l.subColumns * CK_LANES;
    if (minima) l.minima = l.scales + scaleBytes;
    l.quants = (minima ? l.minima : l.scales) + scaleBytes;
    l.blockQuants = type == CK_Q8_K ? 512 : (l.nibbles ? 256 : 0) + (l.pairs ? 128 : 0) + (l.single ? 64 : 0);
    l.bytes = l.quants + CK_SUPERBLOCK_BLOCKS * l.blockQuants;
    return l;
}

/// Offsets of pairs and single bits within the quants of a block.
static inline size_t ck_pairs_at(ck_superlayout l) { return l.nibbles ? 256 : 0; }
static inline size_t ck_single_at(ck_superlayout l) { return ck_pairs_at(l) + (l.pairs ? 128 : 0); }

/// d of one row of a packed superblock.
static inline float ck_super_d(ck_superlayout l, const uint8_t *packed, size_t lane) {
    float d;
    if (!l.minima) return memcpy(&d, packed + 4 * lane, 4), d;
    uint16_t half;
    memcpy(&half, packed + 2 * lane, 2);
    return ck_from_half(half);
}

/// −m of one row of a packed superblock of a type with minima.
static inline float ck_super_m(const uint8_t *packed, size_t lane) {
    uint16_t half;
    memcpy(&half, packed + 32 + 2 * lane, 2);
    return ck_from_half(half);
}

/// The quant of one row and column of a packed superblock, as an integer.
static inline int ck_super_quant(ck_type type, ck_superlayout l, const uint8_t *packed, size_t lane, size_t column) {
    const uint8_t *quants = packed + l.quants + column / CK_BLOCK * l.blockQuants;
    size_t half = column / 16 % 2, k = column / 4 % 4, byte = 4 * lane + column % 4;
    if (type == CK_Q8_K) return quants[64 * (4 * half + k) + byte] - l.offset;
    int q = 0, bits = 0;
    if (l.nibbles) q = quants[64 * k + byte] >> 4 * half & 15, bits = 4;
    if (l.pairs) q |= (quants[ck_pairs_at(l) + 64 * half + byte] >> 2 * k & 3) << bits, bits += 2;
    if (l.single) q |= (quants[ck_single_at(l) + byte] >> (4 * half + k) & 1) << bits;
    return type == CK_IQ4_XS ? ck_table_iq4[q] - 128 : q - l.offset;
}

#endif
