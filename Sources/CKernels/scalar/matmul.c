/// Matrix products, one output after the other, and the 8-bit form of activations.
#include "math.h"
#include "scalar.h"

/// The 8-bit form of 32 values. A value that is not finite makes the scale a NaN, so that products show it.
static void quantize_block(const float *x, int8_t *quants, float *scale, int32_t *sum) {
    uint32_t largest = 0;  // magnitudes of floats are ordered like their bits, NaNs last
    for (size_t i = 0; i < CK_BLOCK; i++) {
        uint32_t magnitude = ck_bits(x[i]) & 0x7fffffff;
        if (magnitude > largest) largest = magnitude;
    }
    *scale = largest < 0x7f800000 ? ck_float(largest) / 127 : __builtin_nanf("");
    *sum = 0;
    for (size_t i = 0; i < CK_BLOCK; i++) {
        int32_t q = 0;
        if (*scale > 0) {
            // A scale near the smallest float is coarse, so the quotient may pass 127.
            float quotient = max1(-127, min1(127, x[i] / *scale));
            q = (int32_t)(ck_bits(quotient + CK_ROUND) - CK_ROUND_BITS);
        }
        quants[i] = (int8_t)q;
        *sum += q;
    }
}

void ck_scalar_quantize(const ck_activations *x, ck_range tokens) {
    size_t blocks = x->columns / CK_BLOCK;
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        for (size_t b = 0; b < blocks; b++) {
            quantize_block(x->values + t * x->stride + b * CK_BLOCK, x->quants + t * x->columns + b * CK_BLOCK,
                           x->scales + t * blocks + b, x->sums + t * blocks + b);
        }
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

static float quantized_product(const ck_matrix *w, size_t row, const int8_t *quants, const float *scales,
                               const int32_t *sums) {
    ck_packed_layout layout = ck_layout(w->type);
    size_t lane = row % CK_LANES, blocks = w->columns / CK_BLOCK;
    const uint8_t *packed = (const uint8_t *)w->data + row / CK_LANES * blocks * layout.blockBytes;
    float sum = 0;
    for (size_t b = 0; b < blocks; b++, packed += layout.blockBytes) {
        int32_t integer = 0;
        for (size_t c = 0; c < CK_BLOCK; c++) {
            int32_t weight = ck_packed_quant(w->type, layout, packed, lane, c) - layout.offset;
            integer += weight * quants[b * CK_BLOCK + c];
        }
        uint16_t d, m;
        memcpy(&d, packed + 2 * lane, 2);
        sum = fma1((float)integer, ck_from_half(d) * scales[b], sum);
        if (layout.minima) {
            memcpy(&m, packed + layout.minima + 2 * lane, 2);
            sum = fma1((float)sums[b], ck_from_half(m) * scales[b], sum);
        }
    }
    return sum;
}

void ck_scalar_matmul(const ck_matrix *w, const ck_activations *x, float *y, size_t yStride, ck_range groups,
                      ck_range tokens) {
    size_t lastRow = groups.end * CK_LANES < w->rows ? groups.end * CK_LANES : w->rows, blocks = w->columns / CK_BLOCK;
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        for (size_t row = groups.begin * CK_LANES; row < lastRow; row++) {
            y[t * yStride + row] = ck_is_quantized(w->type)
                ? quantized_product(w, row, x->quants + t * w->columns, x->scales + t * blocks, x->sums + t * blocks)
                : dense_product(w, row, x->values + t * x->stride);
        }
    }
}
