/// The superblocks of a file, taken apart into one form: d, m, and scales, minima and quants as integers.
///
/// What is read where is ggml's format. `d` of a codebook type absorbs the fraction of its scales, so that those are
/// integers.
#include "../superblocks.h"

/// Bits that are read as a number.
static unsigned bits(unsigned value, unsigned first, unsigned count) { return value >> first & ((1u << count) - 1); }

static uint16_t read16(const uint8_t *bytes) {
    uint16_t value;
    memcpy(&value, bytes, 2);
    return value;
}

static uint32_t read32(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, 4);
    return value;
}

static float read_half(const uint8_t *bytes) { return ck_from_half(read16(bytes)); }

static void q2_k(const uint8_t *b, ck_superblock *out) {
    const uint8_t *qs = b + 16;
    out->d = read_half(b + 80), out->m = read_half(b + 82);
    for (unsigned i = 0; i < 16; i++) out->scales[i] = (int8_t)(b[i] & 15), out->minima[i] = b[i] >> 4;
    for (unsigned block = 0; block < 8; block++) {  // 32 columns that lie alike
        for (unsigned j = 0; j < 32; j++) {
            out->q[block * 32 + j] = (int8_t)bits(qs[block / 4 * 32 + j], block % 4 * 2, 2);
        }
    }
}

static void q3_k(const uint8_t *b, ck_superblock *out) {
    const uint8_t *high = b, *qs = b + 32, *scales = b + 96;
    out->d = read_half(b + 108);
    for (unsigned i = 0; i < 16; i++) {
        unsigned scale = bits(scales[i % 8], i / 8 * 4, 4) | bits(scales[8 + i % 4], i / 4 * 2, 2) << 4;
        out->scales[i] = (int8_t)((int)scale - 32);
    }
    for (unsigned block = 0; block < 8; block++) {
        for (unsigned j = 0; j < 32; j++) {
            unsigned q = bits(qs[block / 4 * 32 + j], block % 4 * 2, 2) | bits(high[j], block, 1) << 2;
            out->q[block * 32 + j] = (int8_t)((int)q - 4);
        }
    }
}

/// Q4_K and Q5_K: eight scales and minima of 6 bits in twelve bytes. Inlined, so that each gets loops of its own.
static inline __attribute__((always_inline)) void q45_k(const uint8_t *b, const uint8_t *fifth, const uint8_t *qs,
                                                        ck_superblock *out) {
    const uint8_t *s = b + 4;
    out->d = read_half(b), out->m = read_half(b + 2);
    for (unsigned i = 0; i < 16; i++) {
        unsigned k = i / 2, low = k % 4;
        unsigned scale = k < 4 ? s[k] & 63 : bits(s[8 + low], 0, 4) | bits(s[low], 6, 2) << 4;
        unsigned minimum = k < 4 ? s[4 + k] & 63 : bits(s[8 + low], 4, 4) | bits(s[4 + low], 6, 2) << 4;
        out->scales[i] = (int8_t)scale, out->minima[i] = (uint8_t)minimum;
    }
    for (unsigned block = 0; block < 8; block++) {  // 32 columns that lie alike
        for (unsigned j = 0; j < 32; j++) {
            unsigned q = bits(qs[block / 2 * 32 + j], block % 2 * 4, 4);
            if (fifth) q |= bits(fifth[j], block, 1) << 4;
            out->q[block * 32 + j] = (int8_t)q;
        }
    }
}

static void q6_k(const uint8_t *b, ck_superblock *out) {
    const uint8_t *low = b, *high = b + 128;
    out->d = read_half(b + 208);
    memcpy(out->scales, b + 192, 16);
    for (unsigned block = 0; block < 8; block++) {
        for (unsigned j = 0; j < 32; j++) {
            unsigned q = bits(low[block / 4 * 64 + block % 2 * 32 + j], block / 2 % 2 * 4, 4);
            q |= bits(high[block / 4 * 32 + j], block % 4 * 2, 2) << 4;
            out->q[block * 32 + j] = (int8_t)((int)q - 32);
        }
    }
}

void ck_iq4_xs_indices(const uint8_t *b, int8_t q[CK_SUPERBLOCK]) {
    for (unsigned c = 0; c < 256; c++) q[c] = (int8_t)bits(b[8 + c / 32 * 16 + c % 16], c / 16 % 2 * 4, 4);
}

static void iq4_xs(const uint8_t *b, ck_superblock *out) {
    out->d = read_half(b);
    for (unsigned i = 0; i < 16; i++) {
        unsigned k = i / 2, scale = bits(b[4 + k / 2], k % 2 * 4, 4) | bits(read16(b + 2), 2 * k, 2) << 4;
        out->scales[i] = (int8_t)((int)scale - 32);
    }
    ck_iq4_xs_indices(b, out->q);
    for (unsigned c = 0; c < 256; c++) out->q[c] = (int8_t)(ck_table_iq4[out->q[c]] - 128);
}

/// Ternary digits, as fractions of 256: multiplied by three, the next digit comes out on top.
static void tq1_0(const uint8_t *b, ck_superblock *out) {
    out->d = read_half(b + 52);
    memset(out->scales, 1, 16);
    // Runs of bytes, each with some digits: digit p of byte j is column first + width · p + j.
    static const struct { unsigned start, width, digits, first; } runs[] = {
        {0, 32, 5, 0}, {32, 16, 5, 160}, {48, 4, 4, 240}};
    for (unsigned r = 0; r < 3; r++) {
        for (unsigned j = 0; j < runs[r].width; j++) {
            uint8_t fraction = b[runs[r].start + j];
            for (unsigned p = 0; p < runs[r].digits; p++, fraction = (uint8_t)(fraction * 3)) {
                out->q[runs[r].first + runs[r].width * p + j] = (int8_t)((fraction * 3 >> 8) - 1);
            }
        }
    }
}

static void tq2_0(const uint8_t *b, ck_superblock *out) {
    out->d = read_half(b + 64);
    memset(out->scales, 1, 16);
    for (unsigned c = 0; c < 256; c++) out->q[c] = (int8_t)((int)bits(b[c / 128 * 32 + c % 32], c / 32 % 4 * 2, 2) - 1);
}

/// Eight weights of an IQ1 codebook, moved up or down by an eighth: times 8.
static void iq1_octet(unsigned entry, bool down, int8_t q[8]) {
    unsigned levels = ck_codebook(CK_IQ1_S)[entry];
    for (unsigned j = 0; j < 8; j++) q[j] = (int8_t)(8 * ((int)bits(levels, 2 * j, 2) - 1) + (down ? -1 : 1));
}

static void iq1_s(const uint8_t *b, ck_superblock *out) {
    out->d = read_half(b) / 8;
    for (unsigned g = 0; g < 32; g++) {  // octets
        unsigned high = read16(b + 34 + g / 4 * 2);
        out->scales[g / 2] = (int8_t)(2 * bits(high, 12, 3) + 1);
        iq1_octet(b[2 + g] | bits(high, g % 4 * 3, 3) << 8, high >> 15, out->q + 8 * g);
    }
}

static void iq1_m(const uint8_t *b, ck_superblock *out) {
    unsigned d = 0;  // four bits in each of the four words of scales
    for (unsigned i = 0; i < 4; i++) d |= bits(read16(b + 48 + 2 * i), 12, 4) << 4 * i;
    out->d = ck_from_half((uint16_t)d) / 8;
    for (unsigned i = 0; i < 16; i++) out->scales[i] = (int8_t)(2 * bits(read16(b + 48 + i / 4 * 2), i % 4 * 3, 3) + 1);
    for (unsigned g = 0; g < 32; g++) {
        unsigned high = bits(b[32 + g / 2], g % 2 * 4, 4);
        iq1_octet(b[g] | (high & 7) << 8, high >> 3, out->q + 8 * g);
    }
}

/// Eight signs from seven bits: their number is even.
static unsigned even_signs(unsigned seven) { return seven | (unsigned)__builtin_parity(seven) << 7; }

/// `count` weights of an IQ2 or IQ3 codebook, negated where `signs` has a bit.
static void signed_entry(ck_type type, unsigned entry, unsigned signs, int8_t *q) {
    static const int8_t iq2_levels[4] = {8, 25, 43, 0}, iq3_xxs_levels[8] = {4, 12, 20, 28, 36, 44, 52, 62};
    unsigned levels = ck_codebook(type)[entry];
    bool octet = type == CK_IQ2_XXS || type == CK_IQ2_XS || type == CK_IQ2_S;
    for (unsigned j = 0; j < (octet ? 8 : 4); j++) {
        unsigned level = octet ? bits(levels, 2 * j, 2) : bits(levels, 3 * j, 3);
        int value = octet ? iq2_levels[level] : type == CK_IQ3_XXS ? iq3_xxs_levels[level] : (int)(2 * level + 1);
        q[j] = (int8_t)(bits(signs, j, 1) ? -value : value);
    }
}

static void iq2_xxs(const uint8_t *b, ck_superblock *out) {
    out->d = read_half(b) / 8;
    for (unsigned g = 0; g < 32; g++) {
        const uint8_t *block = b + 2 + g / 4 * 8;
        uint32_t word = read32(block + 4);
        out->scales[g / 2] = (int8_t)(2 * (word >> 28) + 1);
        signed_entry(CK_IQ2_XXS, block[g % 4], even_signs(bits(word, g % 4 * 7, 7)), out->q + 8 * g);
    }
}

static void iq2_xs(const uint8_t *b, ck_superblock *out) {
    out->d = read_half(b) / 8;
    for (unsigned g = 0; g < 32; g++) {
        unsigned word = read16(b + 2 + 2 * g);
        out->scales[g / 2] = (int8_t)(2 * bits(b[66 + g / 4], g / 2 % 2 * 4, 4) + 1);
        signed_entry(CK_IQ2_XS, bits(word, 0, 9), even_signs(word >> 9), out->q + 8 * g);
    }
}

static void iq2_s(const uint8_t *b, ck_superblock *out) {
    out->d = read_half(b) / 8;
    for (unsigned g = 0; g < 32; g++) {
        unsigned entry = b[2 + g] | bits(b[66 + g / 4], g % 4 * 2, 2) << 8;
        out->scales[g / 2] = (int8_t)(2 * bits(b[74 + g / 4], g / 2 % 2 * 4, 4) + 1);
        signed_entry(CK_IQ2_S, entry, b[34 + g], out->q + 8 * g);
    }
}

static void iq3_xxs(const uint8_t *b, ck_superblock *out) {
    out->d = read_half(b) / 4;
    for (unsigned g = 0; g < 64; g++) {  // quartets
        uint32_t word = read32(b + 66 + g / 8 * 4);
        out->scales[g / 4] = (int8_t)(2 * (word >> 28) + 1);
        unsigned signs = even_signs(bits(word, g / 2 % 4 * 7, 7)) >> g % 2 * 4;
        signed_entry(CK_IQ3_XXS, b[2 + g], signs, out->q + 4 * g);
    }
}

static void iq3_s(const uint8_t *b, ck_superblock *out) {
    out->d = read_half(b);
    for (unsigned g = 0; g < 64; g++) {
        unsigned entry = b[2 + g] | bits(b[66 + g / 8], g % 8, 1) << 8, block = g / 8;
        out->scales[g / 4] = (int8_t)(2 * bits(b[106 + block / 2], block % 2 * 4, 4) + 1);
        signed_entry(CK_IQ3_S, entry, b[74 + g / 2] >> g % 2 * 4, out->q + 4 * g);
    }
}

void ck_take_apart(ck_type type, const uint8_t *b, ck_superblock *out) {
    *out = (ck_superblock){0};
    switch (type) {
    case CK_Q2_K: q2_k(b, out); break;
    case CK_Q3_K: q3_k(b, out); break;
    case CK_Q4_K: q45_k(b, NULL, b + 16, out); break;
    case CK_Q5_K: q45_k(b, b + 16, b + 48, out); break;
    case CK_Q6_K: q6_k(b, out); break;
    case CK_IQ4_XS: iq4_xs(b, out); break;
    case CK_TQ1_0: tq1_0(b, out); break;
    case CK_TQ2_0: tq2_0(b, out); break;
    case CK_IQ1_S: iq1_s(b, out); break;
    case CK_IQ1_M: iq1_m(b, out); break;
    case CK_IQ2_XXS: iq2_xxs(b, out); break;
    case CK_IQ2_XS: iq2_xs(b, out); break;
    case CK_IQ2_S: iq2_s(b, out); break;
    case CK_IQ3_XXS: iq3_xxs(b, out); break;
    case CK_IQ3_S: iq3_s(b, out); break;
    default: break;  // not a superblock of a file
    }
}
