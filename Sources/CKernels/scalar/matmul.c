/// Matrix products, one output after the other, and activations as whole numbers.
#include "math.h"
#include "scalar.h"
#include "../superblocks.h"

/// The first digit of a number below 32768: what it leaves over is −127 … 127.
static int32_t first_digit(int32_t q) { return (q < 0 ? q - CK_BASE / 2 : q + CK_BASE / 2) / CK_BASE; }

/// 32 values as whole numbers. A value that is not finite makes the scale a NaN, so that products show it.
static void quantize_block(const ck_activations *to, size_t t, size_t b) {
    size_t column = b * CK_BLOCK, block = t * (to->columns / CK_BLOCK) + b;
    const float *x = to->values + t * to->stride + column, most = ck_largest_quant(to->digits);
    int8_t *quants = to->quants + t * to->digits * to->columns + column;
    float *scale = to->scales + block;
    int32_t *sum = to->sums + block;
    uint32_t largest = 0;  // magnitudes of floats are ordered like their bits, NaNs last
    for (size_t i = 0; i < CK_BLOCK; i++) {
        uint32_t magnitude = ck_bits(x[i]) & 0x7fffffff;
        if (magnitude > largest) largest = magnitude;
    }
    *scale = largest < 0x7f800000 ? ck_float(largest) / most : __builtin_nanf("");
    *sum = 0;
    for (size_t i = 0; i < CK_BLOCK; i++) {
        int32_t q = 0;
        if (*scale > 0) {
            // A scale near the smallest float is coarse, so the quotient may pass the largest.
            float quotient = max1(-most, min1(most, x[i] / *scale));
            q = (int32_t)(ck_bits(quotient + CK_ROUND) - CK_ROUND_BITS);
        }
        int32_t first = to->digits == 1 ? q : first_digit(q);
        quants[i] = (int8_t)first;
        if (to->digits == 2) quants[to->columns + i] = (int8_t)(q - CK_BASE * first);
        *sum += q;
        if (i == CK_LANES - 1) to->firstSums[block] = *sum;
    }
}

void ck_scalar_quantize(const ck_activations *x, ck_range tokens) {
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        for (size_t b = 0; b < x->columns / CK_BLOCK; b++) quantize_block(x, t, b);
    }
}

static float dense_product(const ck_matrix *w, size_t row, const float *x) {
    size_t first = row / CK_LANES * w->columns * CK_LANES + row % CK_LANES;
    float sum = 0;
    for (size_t c = 0; c < w->columns; c++) {
        sum = fma1(ck_dense_element(w->type, w->data, first + c * CK_LANES), x[c], sum);
    }
    return sum;
}

/// One token's quants.
typedef struct {
    size_t digits, columns;
    const int8_t *quants;
    const float *scales;
    const int32_t *sums, *firstSums;
} token_at;

static token_at token_of(const ck_activations *x, size_t t) {
    size_t block = t * (x->columns / CK_BLOCK);
    return (token_at){x->digits, x->columns, x->quants + t * x->digits * x->columns, x->scales + block, x->sums + block,
                      x->firstSums + block};
}

static int32_t quant_of(token_at x, size_t c) {
    return x.digits == 1 ? x.quants[c] : CK_BASE * x.quants[c] + x.quants[x.columns + c];
}

static float quantized_product(const ck_matrix *w, size_t row, token_at x) {
    ck_packed_layout layout = ck_layout(w->type);
    size_t lane = row % CK_LANES, blocks = w->columns / CK_BLOCK;
    const uint8_t *packed = (const uint8_t *)w->data + row / CK_LANES * blocks * layout.blockBytes;
    float sum = 0;
    for (size_t b = 0; b < blocks; b++, packed += layout.blockBytes) {
        int32_t integer = 0;
        for (size_t c = 0; c < CK_BLOCK; c++) {
            integer += ck_packed_quant(w->type, layout, packed, lane, c) * quant_of(x, b * CK_BLOCK + c);
        }
        sum = fma1((float)integer, ck_packed_scale(w->type, packed, lane) * x.scales[b], sum);
        if (layout.minima) {
            sum = fma1((float)x.sums[b] * x.scales[b], ck_packed_minimum(layout, packed, lane), sum);
        }
    }
    return sum;
}

/// Σ weight · quant over both halves of a block of columns.
static void halves_of_block(const ck_matrix *w, ck_superlayout layout, const uint8_t *packed, size_t lane, size_t block,
                            token_at x, int32_t halves[2]) {
    size_t within = block % CK_SUPERBLOCK_BLOCKS * CK_BLOCK;
    halves[0] = halves[1] = 0;
    for (size_t c = 0; c < CK_BLOCK; c++) {
        halves[c / 16] += ck_super_quant(w->type, layout, packed, lane, within + c)
            * quant_of(x, block * CK_BLOCK + c);
    }
}

static float superblock_product(const ck_matrix *w, size_t row, token_at x) {
    const ck_superlayout layout = ck_super(w->type);
    size_t lane = row % CK_LANES, superblocks = w->columns / CK_SUPERBLOCK;
    const uint8_t *packed = (const uint8_t *)w->data + row / CK_LANES * superblocks * layout.bytes;
    float sum = 0;
    for (size_t b = 0; b < superblocks * CK_SUPERBLOCK_BLOCKS; b++) {
        const uint8_t *block = packed + b / CK_SUPERBLOCK_BLOCKS * layout.bytes;
        size_t number = b % CK_SUPERBLOCK_BLOCKS;
        int32_t halves[2], quants[2] = {x.firstSums[b], x.sums[b] - x.firstSums[b]};
        halves_of_block(w, layout, block, lane, b, x, halves);
        const int8_t *scales = (const int8_t *)block + layout.scales + lane;
        const uint8_t *minima = block + layout.minima + lane;
        float d = ck_super_d(layout, block, lane), m = layout.minima ? ck_super_m(block, lane) : 0;
        if (layout.subColumns == CK_BLOCK) {
            sum = fma1((float)(halves[0] + halves[1]), d * (float)scales[number * CK_LANES] * x.scales[b], sum);
            if (layout.minima) sum = fma1((float)x.sums[b] * x.scales[b], m * (float)minima[number * CK_LANES], sum);
            continue;
        }
        const int8_t *s = scales + 2 * number * CK_LANES;
        if (x.digits == 1) {
            sum = fma1((float)(s[0] * halves[0] + s[CK_LANES] * halves[1]), d * x.scales[b], sum);
        } else {
            sum = fma1((float)(s[0] * halves[0]), d * x.scales[b], sum);
            sum = fma1((float)(s[CK_LANES] * halves[1]), d * x.scales[b], sum);
        }
        if (layout.minima) {
            const uint8_t *n = minima + 2 * number * CK_LANES;
            sum = fma1((float)(n[0] * quants[0] + n[CK_LANES] * quants[1]), m * x.scales[b], sum);
        }
    }
    return sum;
}

static float product(const ck_matrix *w, size_t row, const ck_activations *x, size_t t) {
    if (ck_is_super(w->type)) return superblock_product(w, row, token_of(x, t));
    if (ck_is_quantized(w->type)) return quantized_product(w, row, token_of(x, t));
    return dense_product(w, row, x->values + t * x->stride);
}

void ck_scalar_matmul(const ck_matrix *w, const ck_activations *x, float *y, size_t yStride, ck_range groups,
                      ck_range tokens) {
    size_t lastRow = groups.end * CK_LANES < w->rows ? groups.end * CK_LANES : w->rows;
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        for (size_t row = groups.begin * CK_LANES; row < lastRow; row++) y[t * yStride + row] = product(w, row, x, t);
    }
}
