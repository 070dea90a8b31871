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

/// Puts one row's block into lane `lane` of a packed block.
static void place(ck_type type, const uint8_t *block, uint8_t *packed, size_t lane) {
    ck_packed_layout layout = ck_layout(type);
    ck_parts part;
    ck_take_block_apart(type, block, &part);
    memcpy(packed + 2 * lane, &part.d, 2);
    if (layout.minima) memcpy(packed + layout.minima + 2 * lane, &part.m, 2);
    for (size_t k = 0; k < 8; k++) {
        for (size_t j = 0; j < 4; j++) {
            size_t byte = 4 * lane + j;
            uint8_t q = part.q[4 * k + j];
            if (type == CK_Q8_0) {
                packed[layout.quants + 64 * k + byte] = q;
            } else {
                packed[layout.quants + 64 * (k % 4) + byte] |= (uint8_t)((q & 15) << (k < 4 ? 0 : 4));
                if (layout.fifthBits) packed[layout.fifthBits + byte] |= (uint8_t)((q >> 4) << k);
            }
        }
    }
}

/// Puts one row's superblock into lane `lane` of a packed one of type `as`, whose bits are zero there. Inlined, so that
/// each type gets a loop of its own.
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
    for (size_t four = 0; four < CK_SUPERBLOCK / 4; four++) {
        uint8_t *quants = packed + layout.quants + four / 8 * layout.blockQuants + 4 * lane;
        size_t half = four / 4 % 2, k = four % 4;
        for (size_t j = 0; j < 4; j++) {
            unsigned q = (unsigned)(part.q[4 * four + j] + layout.offset);
            if (as == CK_Q8_K) quants[64 * (4 * half + k) + j] = (uint8_t)q;
            if (layout.nibbles) quants[64 * k + j] |= (uint8_t)((q & 15) << 4 * half), q >>= 4;
            if (layout.pairs) quants[ck_pairs_at(layout) + 64 * half + j] |= (uint8_t)((q & 3) << 2 * k), q >>= 2;
            if (layout.single) quants[ck_single_at(layout) + j] |= (uint8_t)((q & 1) << (4 * half + k));
        }
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

static void pack_quantized(const pack_call *call, size_t group) {
    const unit unit = packed_unit(call->as);
    size_t blocks = call->columns / unit.columns, fileBytes = ck_block_bytes(call->type);
    uint8_t *packed = call->packed + group * blocks * unit.bytes;
    memset(packed, 0, blocks * unit.bytes);
    for (size_t lane = 0; lane < CK_LANES && group * CK_LANES + lane < call->rows; lane++) {
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

static void pack_dense(const pack_call *call, size_t group) {
    size_t bytes = ck_block_bytes(call->type), groupBytes = CK_LANES * call->columns * bytes;
    uint8_t *packed = call->packed + group * groupBytes;
    memset(packed, 0, groupBytes);
    for (size_t lane = 0; lane < CK_LANES && group * CK_LANES + lane < call->rows; lane++) {
        const uint8_t *row = call->rowMajor + (group * CK_LANES + lane) * call->columns * bytes;
        // Sizes that the compiler knows, as calls of memcpy for two bytes each take most of the time.
        if (bytes == 2) {
            for (size_t c = 0; c < call->columns; c++) memcpy(packed + (c * CK_LANES + lane) * 2, row + c * 2, 2);
        } else {
            for (size_t c = 0; c < call->columns; c++) memcpy(packed + (c * CK_LANES + lane) * 4, row + c * 4, 4);
        }
    }
}

/// Decodes while packing, a block at a time, to f32 or to bf16 (which holds what is packed so exactly).
static void pack_decoded(const pack_call *call, size_t group) {
    size_t elements = ck_block_elements(call->type), bytes = ck_block_bytes(call->type);
    size_t blocks = call->columns / elements, width = ck_block_bytes(call->as);
    uint8_t *packed = call->packed + group * CK_LANES * call->columns * width;
    memset(packed, 0, CK_LANES * call->columns * width);
    for (size_t lane = 0; lane < CK_LANES && group * CK_LANES + lane < call->rows; lane++) {
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
