/// Layouts of weights, in files (ggml's blocks) and packed, and the two 16-bit float formats.
#ifndef CK_BLOCKS_H
#define CK_BLOCKS_H
#include <string.h>

#include "CKernels.h"

/// Rows in a packed group, and lanes in a vector.
enum { CK_LANES = 16 };
/// Elements in a quantised block.
enum { CK_BLOCK = 32 };
/// Of the digits of activations: 255 and not 256, so that second digits too have 127 on either side.
enum { CK_BASE = 255 };

static inline float ck_largest_quant(size_t digits) { return digits == 1 ? 127 : 127 * CK_BASE + 127; }

// Blocks as ggml writes them: `d` scale, `m` minimum (both f16), `qh` fifth bits (bit c is column c), `qs` quants;
// byte j of 4- and 5-bit quants holds column j in its low and column 16 + j in its high nibble.
typedef struct { uint16_t d; int8_t qs[32]; } ck_block_q8_0;
typedef struct { uint16_t d; uint8_t qs[16]; } ck_block_q4_0;
typedef struct { uint16_t d, m; uint8_t qs[16]; } ck_block_q4_1;
typedef struct { uint16_t d; uint8_t qh[4], qs[16]; } ck_block_q5_0;
typedef struct { uint16_t d, m; uint8_t qh[4], qs[16]; } ck_block_q5_1;
// IQ4_NL is like Q4_0 with a table of values; MXFP4 has a table too, and for scale the exponent of a power of two.
typedef struct { uint8_t e, qs[16]; } ck_block_mxfp4;
_Static_assert(sizeof(ck_block_q8_0) == 34, "Q8_0 blocks are 34 bytes in a file");
_Static_assert(sizeof(ck_block_q4_0) == 18, "Q4_0 blocks are 18 bytes in a file");
_Static_assert(sizeof(ck_block_q4_1) == 20, "Q4_1 blocks are 20 bytes in a file");
_Static_assert(sizeof(ck_block_q5_0) == 22, "Q5_0 blocks are 22 bytes in a file");
_Static_assert(sizeof(ck_block_q5_1) == 24, "Q5_1 blocks are 24 bytes in a file");

// Packed blocks: one block of 32 columns for sixteen rows. Byte 4 · row + j of `qs[k]` is column 4k + j of that row.
typedef struct { uint16_t d[16]; uint8_t qs[8][64]; } ck_packed_q8_0;
typedef struct { uint16_t d[16]; uint8_t qs[4][64]; } ck_packed_q4_0;
typedef struct { uint16_t d[16], m[16]; uint8_t qs[4][64]; } ck_packed_q4_1;
// Bit k of byte 4 · row + j of `qh` is the fifth bit of column 4k + j of that row.
typedef struct { uint16_t d[16]; uint8_t qs[4][64], qh[64]; } ck_packed_q5_0;
typedef struct { uint16_t d[16], m[16]; uint8_t qs[4][64], qh[64]; } ck_packed_q5_1;
_Static_assert(sizeof(ck_packed_q8_0) == 16 * sizeof(ck_block_q8_0), "packing keeps the size");
_Static_assert(sizeof(ck_packed_q4_0) == 16 * sizeof(ck_block_q4_0), "packing keeps the size");
_Static_assert(sizeof(ck_packed_q4_1) == 16 * sizeof(ck_block_q4_1), "packing keeps the size");
_Static_assert(sizeof(ck_packed_q5_0) == 16 * sizeof(ck_block_q5_0), "packing keeps the size");
_Static_assert(sizeof(ck_packed_q5_1) == 16 * sizeof(ck_block_q5_1), "packing keeps the size");

/// What the sixteen quants of IQ4_NL and IQ4_XS, and of MXFP4 and NVFP4 stand for, plus 128.
static const uint8_t ck_table_iq4[16] = {1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241};
static const uint8_t ck_table_fp4[16] = {
    128, 129, 130, 131, 132, 134, 136, 140, 128, 127, 126, 125, 124, 122, 120, 116};

/// The table that a packed block's quants index, or null.
static inline const uint8_t *ck_table(ck_type type) {
    return type == CK_IQ4_NL ? ck_table_iq4 : type == CK_MXFP4 ? ck_table_fp4 : NULL;
}

/// Where the parts of a packed block lie, so that one reader serves every quantised type.
typedef struct {
    size_t blockBytes, minima, quants, fifthBits;  // offsets in bytes; 0 when the type has no such part
    int offset;                                    // what is subtracted from a stored quant
} ck_packed_layout;

static inline ck_packed_layout ck_layout(ck_type type) {
    switch (type) {
    case CK_Q8_0: return (ck_packed_layout){sizeof(ck_packed_q8_0), 0, 32, 0, 128};
    case CK_Q4_0: return (ck_packed_layout){sizeof(ck_packed_q4_0), 0, 32, 0, 8};
    case CK_IQ4_NL:
    case CK_MXFP4: return (ck_packed_layout){sizeof(ck_packed_q4_0), 0, 32, 0, 128};  // of what the table says
    case CK_Q4_1: return (ck_packed_layout){sizeof(ck_packed_q4_1), 32, 64, 0, 0};
    case CK_Q5_0: return (ck_packed_layout){sizeof(ck_packed_q5_0), 0, 32, 32 + 256, 16};
    case CK_Q5_1: return (ck_packed_layout){sizeof(ck_packed_q5_1), 32, 64, 64 + 256, 0};
    default: return (ck_packed_layout){0, 0, 0, 0, 0};
    }
}

/// The quant of one row (`lane`) and column of a packed block, as an integer.
static inline int ck_packed_quant(ck_type type, ck_packed_layout layout, const uint8_t *packed, size_t lane,
                                  size_t column) {
    size_t k = column / 4, byte = 4 * lane + column % 4;
    if (type == CK_Q8_0) return packed[layout.quants + 64 * k + byte] - layout.offset;
    uint8_t nibbles = packed[layout.quants + 64 * (k % 4) + byte];
    uint8_t fifth = layout.fifthBits ? packed[layout.fifthBits + byte] >> k & 1 : 0;
    int q = (k < 4 ? nibbles & 15 : nibbles >> 4) | fifth << 4;
    return (ck_table(type) ? ck_table(type)[q] : q) - layout.offset;
}

static inline bool ck_is_quantized(ck_type type) { return type >= CK_Q8_0; }

static inline uint32_t ck_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

static inline float ck_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

/// f16 to f32, exactly; a signalling NaN becomes quiet, as vcvtph2ps makes it.
static inline float ck_from_half(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = (half >> 10) & 31, mantissa = half & 0x3ff;
    if (exponent == 31) return ck_float(sign | 0x7f800000 | mantissa << 13 | (mantissa ? 0x400000 : 0));
    if (exponent == 0) {
        float magnitude = (float)mantissa * 0x1p-24f;
        return ck_float(sign | ck_bits(magnitude));
    }
    return ck_float(sign | (exponent + 112) << 23 | mantissa << 13);
}

/// f32 to f16, to nearest, ties to even; too large becomes infinite, a NaN stays one.
static inline uint16_t ck_to_half(float value) {
    uint32_t bits = ck_bits(value), magnitude = bits & 0x7fffffff;
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    if (magnitude > 0x7f800000) return (uint16_t)(sign | 0x7e00);
    if (magnitude >= 0x477ff000) return (uint16_t)(sign | 0x7c00);  // 65520 and more
    if (magnitude < 0x38800000) {                                   // below 2^-14: a multiple of 2^-24
        // Adding 0.5 aligns the last place of the sum with 2^-24, so the addition rounds as needed.
        return (uint16_t)(sign | (ck_bits(ck_float(magnitude) + 0.5f) - 0x3f000000));
    }
    uint32_t odd = magnitude >> 13 & 1;
    return (uint16_t)(sign | (magnitude - 0x38000000 + 0xfff + odd) >> 13);
}

/// bf16 is the upper half of an f32.
static inline float ck_from_bf16(uint16_t upper) { return ck_float((uint32_t)upper << 16); }

/// The scale of a packed block of 32: bf16 for MXFP4, whose powers of two f16 can't hold, else f16.
static inline float ck_packed_scale(ck_type type, const uint8_t *packed, size_t lane) {
    uint16_t bits;
    memcpy(&bits, packed + 2 * lane, 2);
    return type == CK_MXFP4 ? ck_from_bf16(bits) : ck_from_half(bits);
}

/// The minimum of a packed block of 32, of a type that has one.
static inline float ck_packed_minimum(ck_packed_layout layout, const uint8_t *packed, size_t lane) {
    uint16_t bits;
    memcpy(&bits, packed + layout.minima + 2 * lane, 2);
    return ck_from_half(bits);
}

/// Element i of an array of dense type.
static inline float ck_dense_element(ck_type type, const void *elements, size_t i) {
    if (type == CK_F32) return ((const float *)elements)[i];
    uint16_t bits = ((const uint16_t *)elements)[i];
    return type == CK_F16 ? ck_from_half(bits) : ck_from_bf16(bits);
}

#endif
