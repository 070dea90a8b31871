/// The blocks of a file: their sizes, their parts, and their values.
#include "decode.h"

size_t ck_block_elements(ck_type type) {
    if (type < CK_Q8_0) return 1;
    return type < CK_Q2_K ? CK_BLOCK : type == CK_NVFP4 ? 64 : CK_SUPERBLOCK;
}

size_t ck_block_bytes(ck_type type) {
    switch (type) {
    case CK_F32: return 4;
    case CK_F16:
    case CK_BF16: return 2;
    case CK_Q8_0: return sizeof(ck_block_q8_0);
    case CK_Q4_0:
    case CK_IQ4_NL: return sizeof(ck_block_q4_0);
    case CK_Q4_1: return sizeof(ck_block_q4_1);
    case CK_Q5_0: return sizeof(ck_block_q5_0);
    case CK_Q5_1: return sizeof(ck_block_q5_1);
    case CK_MXFP4: return sizeof(ck_block_mxfp4);
    case CK_NVFP4: return 4 + 32;
    case CK_TQ1_0: return 48 + 4 + 2;
    case CK_TQ2_0: return 64 + 2;
    case CK_IQ1_S: return 2 + 32 + 16;
    case CK_IQ1_M: return 32 + 16 + 8;
    case CK_IQ2_XXS: return 2 + 64;
    case CK_IQ2_XS: return 2 + 64 + 8;
    case CK_IQ2_S: return 2 + 32 + 32 + 8 + 8;
    case CK_IQ3_XXS: return 2 + 64 + 32;
    case CK_IQ3_S: return 2 + 64 + 8 + 32 + 4;
    case CK_Q2_K: return 16 + 64 + 2 + 2;
    case CK_Q3_K: return 32 + 64 + 12 + 2;
    case CK_Q4_K: return 2 + 2 + 12 + 128;
    case CK_Q5_K: return 2 + 2 + 12 + 32 + 128;
    case CK_Q6_K: return 128 + 64 + 16 + 2;
    case CK_IQ4_XS: return 2 + 2 + 4 + 128;
    case CK_Q8_K: return 0;  // in no file
    }
    return 0;
}

const char *ck_type_name(ck_type type) {
    static const char *const names[] = {
        [CK_F32] = "F32", [CK_F16] = "F16", [CK_BF16] = "BF16", [CK_Q8_0] = "Q8_0", [CK_Q4_0] = "Q4_0",
        [CK_Q4_1] = "Q4_1", [CK_Q5_0] = "Q5_0", [CK_Q5_1] = "Q5_1", [CK_IQ4_NL] = "IQ4_NL", [CK_MXFP4] = "MXFP4",
        [CK_Q2_K] = "Q2_K", [CK_Q3_K] = "Q3_K", [CK_Q4_K] = "Q4_K", [CK_Q5_K] = "Q5_K", [CK_Q6_K] = "Q6_K",
        [CK_IQ4_XS] = "IQ4_XS", [CK_Q8_K] = "Q8_K", [CK_TQ1_0] = "TQ1_0", [CK_TQ2_0] = "TQ2_0",
        [CK_IQ1_S] = "IQ1_S", [CK_IQ1_M] = "IQ1_M", [CK_IQ2_XXS] = "IQ2_XXS", [CK_IQ2_XS] = "IQ2_XS",
        [CK_IQ2_S] = "IQ2_S", [CK_IQ3_XXS] = "IQ3_XXS", [CK_IQ3_S] = "IQ3_S", [CK_NVFP4] = "NVFP4"};
    return names[type];
}

/// A block of 32 taken apart: quants as packed blocks store them, and the bits of scale (MXFP4: bf16, else f16) and of
/// minimum (f16).
typedef struct {
    uint16_t d, m;
    uint8_t q[CK_BLOCK];  // Q8_0: plus 128
} ck_parts;

static void unpack_nibbles(const uint8_t qs[16], const uint8_t *qh, uint8_t q[CK_BLOCK]) {
    for (int j = 0; j < 16; j++) {
        q[j] = qs[j] & 15;
        q[16 + j] = qs[j] >> 4;
    }
    for (int j = 0; qh && j < CK_BLOCK; j++) q[j] |= (uint8_t)((qh[j / 8] >> j % 8 & 1) << 4);
}

static void take_block_apart(ck_type type, const uint8_t *bytes, ck_parts *out) {
    *out = (ck_parts){0};
    out->d = ck_block_scale(type, bytes);
    if (type == CK_Q4_1 || type == CK_Q5_1) memcpy(&out->m, bytes + 2, 2);
    switch (type) {
    case CK_Q8_0:
        for (int j = 0; j < CK_BLOCK; j++) out->q[j] = bytes[offsetof(ck_block_q8_0, qs) + j] ^ 128;
        break;
    case CK_Q4_0:
    case CK_IQ4_NL: unpack_nibbles(bytes + offsetof(ck_block_q4_0, qs), NULL, out->q); break;
    case CK_Q4_1: unpack_nibbles(bytes + offsetof(ck_block_q4_1, qs), NULL, out->q); break;
    case CK_Q5_0:
        unpack_nibbles(bytes + offsetof(ck_block_q5_0, qs), bytes + offsetof(ck_block_q5_0, qh), out->q);
        break;
    case CK_Q5_1:
        unpack_nibbles(bytes + offsetof(ck_block_q5_1, qs), bytes + offsetof(ck_block_q5_1, qh), out->q);
        break;
    case CK_MXFP4:
        unpack_nibbles(bytes + offsetof(ck_block_mxfp4, qs), NULL, out->q);
        break;
    default: break;
    }
}

/// An unsigned float of four bits of exponent and three of mantissa (NaN counts as 0), halved.
static float half_of_e4m3(uint8_t bits) {
    unsigned exponent = bits >> 3 & 15, mantissa = bits & 7;
    if (bits == 0x7f) return 0;
    if (exponent == 0) return (float)mantissa * 0x1p-10f;
    return ck_float((exponent - 7 - 1 + 127) << 23 | mantissa << 20);
}

/// Four runs of sixteen columns with a scale each, the first eight columns in the low nibbles.
static void decode_nvfp4(const uint8_t *bytes, float *out) {
    for (unsigned c = 0; c < 64; c++) {
        unsigned run = c / 16, nibble = bytes[4 + 8 * run + c % 8] >> c / 8 % 2 * 4 & 15;
        out[c] = (float)(ck_table_fp4[nibble] - 128) * half_of_e4m3(bytes[run]);
    }
}

static void decode_superblock(ck_type type, const uint8_t *bytes, float *out) {
    ck_superblock block;
    ck_take_apart(type, bytes, &block);
    for (int c = 0; c < CK_SUPERBLOCK; c++) {
        int sub = c / 16;
        out[c] = block.d * (float)block.scales[sub] * (float)block.q[c] - block.m * (float)block.minima[sub];
    }
}

static void decode_block(ck_type type, const uint8_t *bytes, float *out) {
    const ck_packed_layout layout = ck_layout(type);
    const uint8_t *table = ck_table(type);
    ck_parts block;
    take_block_apart(type, bytes, &block);
    float d = type == CK_MXFP4 ? ck_from_bf16(block.d) : ck_from_half(block.d);
    for (int j = 0; j < CK_BLOCK; j++) {
        int q = (table ? table[block.q[j]] : block.q[j]) - layout.offset;
        // With a minimum two roundings, as ggml's reference has.
        out[j] = layout.minima ? (float)q * d + ck_from_half(block.m) : (float)q * d;
    }
}

void ck_dequantize(ck_type type, const void *blocks, float *out, size_t count) {
    const uint8_t *bytes = blocks;
    if (type == CK_F32) {
        memcpy(out, blocks, 4 * count);
        return;
    }
    size_t elements = ck_block_elements(type), blockBytes = ck_block_bytes(type);
    for (size_t i = 0; i + elements <= count; i += elements, bytes += blockBytes) {
        uint16_t bits;
        if (elements == 1) {
            memcpy(&bits, bytes, 2);
            out[i] = type == CK_F16 ? ck_from_half(bits) : ck_from_bf16(bits);
        } else if (elements == CK_BLOCK) {
            decode_block(type, bytes, out + i);
        } else if (type == CK_NVFP4) {
            decode_nvfp4(bytes, out + i);
        } else {
            decode_superblock(type, bytes, out + i);
        }
    }
}
