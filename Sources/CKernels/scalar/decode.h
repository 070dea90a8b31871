/// Blocks of 32 taken apart, for decoding and for packing.
#ifndef CK_DECODE_H
#define CK_DECODE_H
#include "../superblocks.h"

/// Quants as packed blocks store them, and the bits of scale (MXFP4: bf16, else f16) and minimum (f16).
typedef struct {
    uint16_t d, m;
    uint8_t q[CK_BLOCK];  // Q8_0: plus 128
} ck_parts;

void ck_take_block_apart(ck_type type, const uint8_t *bytes, ck_parts *out);

#endif
