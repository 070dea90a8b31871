/// Packing of matrices into groups of sixteen rows: at load, so one version serves all sets.
#include "../kernels.h"
#include "decode.h"

ck_type ck_packed_type(ck_type type) {
    switch (type) {
    case CK_TQ1_0:
    case CK_TQ2_0: return CK_Q3_K;
    case CK_IQ1_S:
    case CK_IQ1_M:
    case CK_IQ3_S: return CK_Q6_K;
    case CK_IQ2_XXS:
    case CK_IQ2_XS:
    case CK_IQ2_S:
    case CK_IQ3_XXS: return CK_Q8_K;
    case CK_NVFP4: return CK_BF16;
    default: return type;
    }
}

/// Bytes and columns of one block of sixteen packed rows.
typedef struct { size_t bytes, columns; } unit;

static unit packed_unit(ck_type type) {
    if (ck_is_super(type)) return (unit){ck_super(type).bytes, CK_SUPERBLOCK};
    if (ck_is_quantized(type)) return (unit){ck_layout(type).blockBytes, CK_BLOCK};
    return (unit){CK_LANES * ck_block_bytes(type), 1};
}

size_t ck_packed_bytes(ck_type type, size_t rows, size_t columns) {
    unit unit = packed_unit(type);
    return (rows + CK_LANES - 1) / CK_LANES * (columns / unit.columns) * unit.bytes;
}

/// Quants of four columns. They are dealt with as one number, as byte by byte packing took half of the time to load.
static inline uint32_t read_four(const uint8_t *p) {
    uint32_t four;
    memcpy(&four, p, 4);
    return four;
}

static inline void add_four(uint8_t *p, uint32_t four) {
    uint32_t sum = read_four(p) | four;
    memcpy(p, &sum, 4);
}

/// The same bits of four quants.
static inline uint32_t bits_of_four(uint32_t four, unsigned first, unsigned mask) {
    return four >> first & mask * 0x01010101u;
}

/// Puts one row's block into lane `lane` of a packed block.
static inline __attribute__((always_inline)) void place_as(const ck_type type, const uint8_t *block, uint8_t *packed,
                                                           size_t lane) {
    const ck_packed_layout layout = ck_layout(type);
    uint8_t *quants = packed + layout.quants + 4 * lane;
    uint16_t d = ck_block_scale(type, block);
    memcpy(packed + 2 * lane, &d, 2);
    if (layout.minima) memcpy(packed + layout.minima + 2 * lane, block + 2, 2);
    if (type == CK_Q8_0) {
        for (size_t k = 0; k < 8; k++) {
            uint32_t four = read_four(block + 2 + 4 * k) ^ 0x80808080;
            memcpy(quants + 64 * k, &four, 4);
        }
        return;
    }
    // Nibbles lie as they do in the file, columns c and 16 + c in one byte.
    const uint8_t *nibbles = block + ck_block_bytes(type) - CK_BLOCK / 2;
    for (size_t k = 0; k < 4; k++) memcpy(quants + 64 * k, nibbles + 4 * k, 4);
    if (!layout.fifthBits) return;
    uint32_t bits = read_four(nibbles - 4), fifths = 0;
    // The product has bit j of four at the foot of byte j.
    for (unsigned k = 0; k < 8; k++) fifths |= ((bits >> 4 * k & 15) * 0x204081u & 0x01010101u) << k;
    memcpy(packed + layout.fifthBits + 4 * lane, &fifths, 4);
}

/// Each type gets code of its own.
static void place(ck_type type, const uint8_t *block, uint8_t *packed, size_t lane) {
    switch (type) {
    case CK_Q8_0: place_as(CK_Q8_0, block, packed, lane); break;
    case CK_Q4_0: place_as(CK_Q4_0, block, packed, lane); break;
    case CK_Q4_1: place_as(CK_Q4_1, block, packed, lane); break;
    case CK_Q5_0: place_as(CK_Q5_0, block, packed, lane); break;
    case CK_Q5_1: place_as(CK_Q5_1, block, packed, lane); break;
    case CK_IQ4_NL: place_as(CK_IQ4_NL, block, packed, lane); break;
    default: place_as(CK_MXFP4, block, packed, lane); break;
    }
}

/// Puts one row's superblock into lane `lane` of a packed one of type `as`, whose bits are zero there.
static inline __attribute__((always_inline)) void place_super_as(const ck_type as, ck_type type, const uint8_t *block,
                                                                 uint8_t *packed, size_t lane) {
    const ck_superlayout layout = ck_super(as);
    ck_superblock part;
    ck_take_apart(type, block, &part);
    if (as == CK_IQ4_XS) ck_iq4_xs_indices(block, part.q);
    if (layout.minima) {
        uint16_t d = ck_to_half(part.d), m = ck_to_half(-part.m);
        memcpy(packed + 2 * lane, &d, 2);
        memcpy(packed + 32 + 2 * lane, &m, 2);
    } else {
        memcpy(packed + 4 * lane, &part.d, 4);
    }
    for (size_t c = 0; c < CK_SUPERBLOCK; c += layout.subColumns) {
        size_t at = c / layout.subColumns * CK_LANES + lane;
        packed[layout.scales + at] = (uint8_t)part.scales[c / 16];
        if (layout.minima) packed[layout.minima + at] = part.minima[c / 16];
    }
    uint8_t q[CK_SUPERBLOCK];
    for (size_t c = 0; c < CK_SUPERBLOCK; c++) q[c] = (uint8_t)(part.q[c] + layout.offset);
    for (unsigned fours = 0; fours < CK_SUPERBLOCK / 4; fours++) {
        uint8_t *quants = packed + layout.quants + fours / 8 * layout.blockQuants + 4 * lane;
        unsigned half = fours / 4 % 2, k = fours % 4, from = 0;
        uint32_t four = read_four(q + 4 * fours);
        if (as == CK_Q8_K) memcpy(quants + 64 * (4 * half + k), &four, 4);
        if (layout.nibbles) add_four(quants + 64 * k, bits_of_four(four, 0, 15) << 4 * half), from = 4;
        if (layout.pairs) {
            add_four(quants + ck_pairs_at(layout) + 64 * half, bits_of_four(four, from, 3) << 2 * k);
            from += 2;
        }
        if (layout.single) add_four(quants + ck_single_at(layout), bits_of_four(four, from, 1) << (4 * half + k));
    }
}

static void place_super(ck_type type, const uint8_t *block, ck_type as, uint8_t *packed, size_t lane) {
    switch (as) {
    case CK_Q2_K: place_super_as(CK_Q2_K, type, block, packed, lane); break;
    case CK_Q3_K: place_super_as(CK_Q3_K, type, block, packed, lane); break;
    case CK_Q4_K: place_super_as(CK_Q4_K, type, block, packed, lane); break;
    case CK_Q5_K: place_super_as(CK_Q5_K, type, block, packed, lane); break;
    case CK_Q6_K: place_super_as(CK_Q6_K, type, block, packed, lane); break;
    case CK_IQ4_XS: place_super_as(CK_IQ4_XS, type, block, packed, lane); break;
    default: place_super_as(CK_Q8_K, type, block, packed, lane); break;
    }
}

typedef struct {
    ck_type type, as;
    const uint8_t *rowMajor;
    uint8_t *packed;
    size_t rows, columns;
} pack_call;

/// Rows of a group that there are; what is packed of the others is zeros.
static size_t rows_of_group(const pack_call *call, size_t group) {
    size_t left = call->rows - group * CK_LANES;
    return left < CK_LANES ? left : CK_LANES;
}

static void pack_quantized(const pack_call *call, size_t group) {
    const unit unit = packed_unit(call->as);
    size_t blocks = call->columns / unit.columns, fileBytes = ck_block_bytes(call->type);
    uint8_t *packed = call->packed + group * blocks * unit.bytes;
    size_t rows = rows_of_group(call, group);
    if (rows < CK_LANES || ck_is_super(call->as)) memset(packed, 0, blocks * unit.bytes);
    for (size_t lane = 0; lane < rows; lane++) {
        const uint8_t *row = call->rowMajor + (group * CK_LANES + lane) * blocks * fileBytes;
        for (size_t b = 0; b < blocks; b++) {
            if (ck_is_super(call->as)) {
                place_super(call->type, row + b * fileBytes, call->as, packed + b * unit.bytes, lane);
            } else {
                place(call->type, row + b * fileBytes, packed + b * unit.bytes, lane);
            }
        }
    }
}

// Small squares of elements, a vector for each row; clang makes interleaving instructions of any processor out of these.
typedef uint16_t halves_row __attribute__((vector_size(16)));
typedef uint32_t words_row __attribute__((vector_size(16)));

/// Rows become columns: taking the rows of both halves of the square alternately, element by element, does it in log₂ steps.
static inline void transpose_halves(halves_row rows[8]) {
    for (int step = 0; step < 3; step++) {
        halves_row before[8];
        memcpy(before, rows, sizeof before);
        for (int i = 0; i < 4; i++) {
            rows[2 * i] = __builtin_shufflevector(before[i], before[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
            rows[2 * i + 1] = __builtin_shufflevector(before[i], before[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
        }
    }
}

static inline void transpose_words(words_row rows[4]) {
    for (int step = 0; step < 2; step++) {
        words_row before[4];
        memcpy(before, rows, sizeof before);
        for (int i = 0; i < 2; i++) {
            rows[2 * i] = __builtin_shufflevector(before[i], before[i + 2], 0, 4, 1, 5);
            rows[2 * i + 1] = __builtin_shufflevector(before[i], before[i + 2], 2, 6, 3, 7);
        }
    }
}

/// Packs the whole squares of sixteen rows of `columns` elements of `bytes` bytes, and returns how many columns these are.
static inline __attribute__((always_inline)) size_t pack_squares(const uint8_t *rows, uint8_t *packed, size_t columns,
                                                                const size_t bytes) {
    size_t side = 16 / bytes, c = 0;
    for (; c + side <= columns; c += side) {
        for (size_t lane = 0; lane < CK_LANES; lane += side) {
            const uint8_t *from = rows + (lane * columns + c) * bytes;
            uint8_t *to = packed + (c * CK_LANES + lane) * bytes;
            if (bytes == 2) {
                halves_row square[8];
                for (size_t i = 0; i < 8; i++) memcpy(square + i, from + i * columns * 2, 16);
                transpose_halves(square);
                for (size_t i = 0; i < 8; i++) memcpy(to + i * CK_LANES * 2, square + i, 16);
            } else {
                words_row square[4];
                for (size_t i = 0; i < 4; i++) memcpy(square + i, from + i * columns * 4, 16);
                transpose_words(square);
                for (size_t i = 0; i < 4; i++) memcpy(to + i * CK_LANES * 4, square + i, 16);
            }
        }
    }
    return c;
}

/// Element by element took a third of the time to the first token, so that only what is not part of a square is packed so.
static inline __attribute__((always_inline)) void pack_dense_as(const size_t bytes, const pack_call *call, size_t group) {
    const size_t columns = call->columns, rows = rows_of_group(call, group);
    const uint8_t *from = call->rowMajor + group * CK_LANES * columns * bytes;
    uint8_t *packed = call->packed + group * CK_LANES * columns * bytes;
    size_t done = 0;
    if (rows == CK_LANES) done = pack_squares(from, packed, columns, bytes);
    else memset(packed, 0, CK_LANES * columns * bytes);
    for (size_t lane = 0; lane < rows; lane++) {
        for (size_t c = done; c < columns; c++) {
            memcpy(packed + (c * CK_LANES + lane) * bytes, from + (lane * columns + c) * bytes, bytes);
        }
    }
}

static void pack_dense(const pack_call *call, size_t group) {
    if (ck_block_bytes(call->type) == 2) pack_dense_as(2, call, group);
    else pack_dense_as(4, call, group);
}

/// Decodes while packing, a block at a time, to f32 or to bf16 (which holds what is packed so exactly).
static void pack_decoded(const pack_call *call, size_t group) {
    size_t elements = ck_block_elements(call->type), bytes = ck_block_bytes(call->type);
    size_t blocks = call->columns / elements, width = ck_block_bytes(call->as);
    uint8_t *packed = call->packed + group * CK_LANES * call->columns * width;
    memset(packed, 0, CK_LANES * call->columns * width);
    for (size_t lane = 0; lane < rows_of_group(call, group); lane++) {
        const uint8_t *row = call->rowMajor + (group * CK_LANES + lane) * blocks * bytes;
        for (size_t b = 0; b < blocks; b++) {
            float values[CK_SUPERBLOCK];
            ck_dequantize(call->type, row + b * bytes, values, elements);
            for (size_t j = 0; j < elements; j++) {
                uint32_t word = ck_bits(values[j]);
                uint16_t upper = (uint16_t)(word >> 16);
                uint8_t *place = packed + ((b * elements + j) * CK_LANES + lane) * width;
                if (call->as == CK_F32) memcpy(place, &word, 4);
                else memcpy(place, &upper, 2);
            }
        }
    }
}

static void pack_groups(void *context, ck_part part) {
    const pack_call *call = context;
    ck_range groups = ck_share((call->rows + CK_LANES - 1) / CK_LANES, 1, part);
    for (size_t group = groups.begin; group < groups.end; group++) {
        if (ck_is_quantized(call->as)) {
            pack_quantized(call, group);
        } else if (call->as == call->type) {
            pack_dense(call, group);
        } else {
            pack_decoded(call, group);
        }
    }
}

void ck_pack(ck_pool *pool, ck_type type, const void *rowMajor, ck_type as, void *packed, size_t rows, size_t columns) {
    pack_call call = {type, as, rowMajor, packed, rows, columns};
    ck_run_if_worth(pool, rows * columns, pack_groups, &call);
}

void ck_matrix_row(const ck_matrix *matrix, size_t row, float *out) {
    size_t group = row / CK_LANES, lane = row % CK_LANES, columns = matrix->columns;
    if (!ck_is_quantized(matrix->type)) {
        size_t first = group * columns * CK_LANES + lane;
        for (size_t c = 0; c < columns; c++) {
            out[c] = ck_dense_element(matrix->type, matrix->data, first + c * CK_LANES);
        }
        return;
    }
    const unit unit = packed_unit(matrix->type);
    const ck_packed_layout layout = ck_layout(matrix->type);
    const ck_superlayout super = ck_super(matrix->type);
    const uint8_t *packed = (const uint8_t *)matrix->data + group * (columns / unit.columns) * unit.bytes;
    for (size_t c = 0; c < columns; c++) {
        const uint8_t *block = packed + c / unit.columns * unit.bytes;
        size_t column = c % unit.columns;
        if (ck_is_super(matrix->type)) {
            size_t sub = column / super.subColumns * CK_LANES + lane;
            int quant = ck_super_quant(matrix->type, super, block, lane, column);
            out[c] = ck_super_d(super, block, lane) * (float)(int8_t)block[super.scales + sub] * (float)quant;
            if (super.minima) out[c] += ck_super_m(block, lane) * (float)block[super.minima + sub];
        } else {
            int quant = ck_packed_quant(matrix->type, layout, block, lane, column);
            out[c] = (float)quant * ck_packed_scale(matrix->type, block, lane);
            if (layout.minima) out[c] += ck_packed_minimum(layout, block, lane);
        }
    }
}
