// SHA-256 (FIPS 180-4). Every buffer is bytes; nothing is allocated or kept.
#ifndef CDIGESTS_H
#define CDIGESTS_H

#include <stddef.h>
#include <stdint.h>

// A hash under way.
typedef struct cd_sha256 {
    uint32_t state[8];
    // Bytes taken so far.
    uint64_t length;
    // The bytes of a block that is not full yet: the last length % 64.
    uint8_t block[64];
} cd_sha256;

// Starts a hash.
void cd_sha256_begin(cd_sha256 *hash);

// Takes `count` bytes.
void cd_sha256_update(cd_sha256 *hash, const void *bytes, size_t count);

// Pads and writes the digest of all bytes taken.
void cd_sha256_finish(cd_sha256 *hash, uint8_t digest[32]);

// Compresses `blocks` blocks of 64 bytes into `state`, with the processor's SHA instructions where it has them.
void cd_sha256_compress(uint32_t state[8], const uint8_t *data, size_t blocks);

// The same in portable C: the definition of correct.
void cd_sha256_compress_scalar(uint32_t state[8], const uint8_t *data, size_t blocks);

#endif
