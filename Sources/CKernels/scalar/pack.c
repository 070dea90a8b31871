/// Decoding of blocks, and packing of matrices into groups of sixteen rows: at load, so one version serves all sets.
#include "../kernels.h"
#include "math.h"

size_t ck_block_elements(ck_type type) { return ck_is_quantized(type) ? CK_BLOCK : 1; }

size_t ck_block_bytes(ck_type type) {
    switch (type) {
    case CK_F32: return 4;
    case CK_F16:
    case CK_BF16: return 2;
    case CK_Q8_0: return sizeof(ck_block_q8_0);
    case CK_Q4_0: return sizeof(ck_block_q4_0);
    case CK_Q4_1: return sizeof(ck_block_q4_1);
    case CK_Q5_0: return sizeof(ck_block_q5_0);
    case CK_Q5_1: return sizeof(ck_block_q5_1);
    }
    return 0;
}

/// A block taken apart: quants as stored, and the bits of scale and minimum.
typedef struct {
    uint16_t d, m;
    uint8_t q[CK_BLOCK];  // Q8_0: plus 128
} parts;

static void unpack_nibbles(const uint8_t qs[16], const uint8_t *qh, uint8_t q[CK_BLOCK]) {
    for (int j = 0; j < 16; j++) {
        q[j] = qs[j] & 15;
        q[16 + j] = qs[j] >> 4;
    }
    for (int j = 0; qh && j < CK_BLOCK; j++) q[j] |= (uint8_t)((qh[j / 8] >> j % 8 & 1) << 4);
}

static void take_apart(ck_type type, const uint8_t *bytes, parts *out) {
    *out = (parts){0};
    memcpy(&out->d, bytes, 2);  // every block starts with its scale
    if (type == CK_Q4_1 || type == CK_Q5_1) memcpy(&out->m, bytes + 2, 2);
    switch (type) {
    case CK_Q8_0:
        for (int j = 0; j < CK_BLOCK; j++) out->q[j] = bytes[offsetof(ck_block_q8_0, qs) + j] ^ 128;
        break;
    case CK_Q4_0: unpack_nibbles(bytes + offsetof(ck_block_q4_0, qs), NULL, out->q); break;
    case CK_Q4_1: unpack_nibbles(bytes + offsetof(ck_block_q4_1, qs), NULL, out->q); break;
    case CK_Q5_0:
        unpack_nibbles(bytes + offsetof(ck_block_q5_0, qs), bytes + offsetof(ck_block_q5_0, qh), out->q);
        break;
    case CK_Q5_1:
        unpack_nibbles(bytes + offsetof(ck_block_q5_1, qs), bytes + offsetof(ck_block_q5_1, qh), out->q);
        break;
    default: break;
    }
}

/// (q − offset) · d, then + m for the types that have minima: two roundings, as ggml's reference has.
static float decode(ck_packed_layout layout, uint8_t q, uint16_t d, uint16_t m) {
    float value = (float)(q - layout.offset) * ck_from_half(d);
    return layout.minima ? value + ck_from_half(m) : value;
}

void ck_dequantize(ck_type type, const void *blocks, float *out, size_t count) {
    const uint8_t *bytes = blocks;
    if (type == CK_F32) {
        memcpy(out, blocks, 4 * count);
    } else if (!ck_is_quantized(type)) {
        for (size_t i = 0; i < count; i++) {
            uint16_t bits;
            memcpy(&bits, bytes + 2 * i, 2);
            out[i] = type == CK_F16 ? ck_from_half(bits) : ck_from_bf16(bits);
        }
    } else {
        ck_packed_layout layout = ck_layout(type);
        parts block;
        for (size_t i = 0; i + CK_BLOCK <= count; i += CK_BLOCK, bytes += ck_block_bytes(type)) {
            take_apart(type, bytes, &block);
            for (int j = 0; j < CK_BLOCK; j++) out[i + (size_t)j] = decode(layout, block.q[j], block.d, block.m);
        }
    }
}

size_t ck_packed_bytes(ck_type type, size_t rows, size_t columns) {
    size_t groups = (rows + CK_LANES - 1) / CK_LANES;
    return groups * CK_LANES * (columns / ck_block_elements(type)) * ck_block_bytes(type);
}

/// Puts one row's block into lane `lane` of a packed block.
static void place(ck_type type, const uint8_t *block, uint8_t *packed, size_t lane) {
    ck_packed_layout layout = ck_layout(type);
    parts part;
    take_apart(type, block, &part);
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

typedef struct {
    ck_type type, as;
    const uint8_t *rowMajor;
    uint8_t *packed;
    size_t rows, columns;
} pack_call;

static void pack_quantized(const pack_call *call, size_t group) {
    size_t blocks = call->columns / CK_BLOCK, fileBytes = ck_block_bytes(call->type);
    size_t packedBytes = ck_layout(call->type).blockBytes;
    uint8_t *packed = call->packed + group * blocks * packedBytes;
    memset(packed, 0, blocks * packedBytes);
    for (size_t lane = 0; lane < CK_LANES && group * CK_LANES + lane < call->rows; lane++) {
        const uint8_t *row = call->rowMajor + (group * CK_LANES + lane) * blocks * fileBytes;
        for (size_t b = 0; b < blocks; b++) place(call->type, row + b * fileBytes, packed + b * packedBytes, lane);
    }
}

static void pack_dense(const pack_call *call, size_t group) {
    size_t bytes = ck_block_bytes(call->type), groupBytes = CK_LANES * call->columns * bytes;
    uint8_t *packed = call->packed + group * groupBytes;
    memset(packed, 0, groupBytes);
    for (size_t lane = 0; lane < CK_LANES && group * CK_LANES + lane < call->rows; lane++) {
        const uint8_t *row = call->rowMajor + (group * CK_LANES + lane) * call->columns * bytes;
        for (size_t c = 0; c < call->columns; c++) {
            memcpy(packed + (c * CK_LANES + lane) * bytes, row + c * bytes, bytes);
        }
    }
}

/// Decodes while packing, a block at a time.
static void pack_decoded(const pack_call *call, size_t group) {
    size_t elements = ck_block_elements(call->type), bytes = ck_block_bytes(call->type);
    size_t blocks = call->columns / elements;
    float *packed = (float *)call->packed + group * CK_LANES * call->columns;
    memset(packed, 0, CK_LANES * call->columns * sizeof *packed);
    for (size_t lane = 0; lane < CK_LANES && group * CK_LANES + lane < call->rows; lane++) {
        const uint8_t *row = call->rowMajor + (group * CK_LANES + lane) * blocks * bytes;
        for (size_t b = 0; b < blocks; b++) {
            float values[CK_BLOCK];
            ck_dequantize(call->type, row + b * bytes, values, elements);
            for (size_t j = 0; j < elements; j++) packed[(b * elements + j) * CK_LANES + lane] = values[j];
        }
    }
}

static void pack_groups(void *context, int worker, int workers) {
    const pack_call *call = context;
    ck_range groups = ck_share((call->rows + CK_LANES - 1) / CK_LANES, 1, worker, workers);
    for (size_t group = groups.begin; group < groups.end; group++) {
        if (call->as != call->type) {
            pack_decoded(call, group);
        } else if (ck_is_quantized(call->type)) {
            pack_quantized(call, group);
        } else {
            pack_dense(call, group);
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
    ck_packed_layout layout = ck_layout(matrix->type);
    size_t blocks = columns / CK_BLOCK;
    const uint8_t *packed = (const uint8_t *)matrix->data + group * blocks * layout.blockBytes;
    for (size_t b = 0; b < blocks; b++, packed += layout.blockBytes) {
        uint16_t d, m = 0;
        memcpy(&d, packed + 2 * lane, 2);
        if (layout.minima) memcpy(&m, packed + layout.minima + 2 * lane, 2);
        for (size_t c = 0; c < CK_BLOCK; c++) {
            uint8_t q = ck_packed_quant(matrix->type, layout, packed, lane, c);
            out[b * CK_BLOCK + c] = decode(layout, q, d, m);
        }
    }
}
