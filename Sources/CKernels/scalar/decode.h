/// What decoding and packing of blocks share.
#ifndef CK_DECODE_H
#define CK_DECODE_H
#include "../superblocks.h"

/// The bits of a block's scale. MXFP4 has an exponent: 2^(e − 128), as its table has the values doubled.
static inline uint16_t ck_block_scale(ck_type type, const uint8_t *bytes) {
    uint16_t d;
    if (type == CK_MXFP4) return (uint16_t)(bytes[0] < 2 ? 0x20 << bytes[0] : (bytes[0] - 1) << 7);
    memcpy(&d, bytes, 2);
    return d;
}

#endif
