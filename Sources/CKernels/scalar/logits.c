/// Reductions over the vocabulary, and the read for measuring.
#include <math.h>

#include "math.h"
#include "scalar.h"

/// The largest value, NaNs aside; −∞ for none.
static float largest(const float *x, size_t count) {
    float largest = -INFINITY;
    for (size_t i = 0; i < count; i++) largest = x[i] > largest ? x[i] : largest;
    return largest;
}

size_t ck_scalar_argmax(const float *x, size_t count) {
    float best = largest(x, count);
    for (size_t i = 0; i < count; i++) {
        if (x[i] == best) return i;
    }
    return 0;  // nothing but NaNs
}

size_t ck_scalar_find_above(const float *x, size_t from, size_t count, float threshold) {
    while (from < count && !(x[from] > threshold)) from++;
    return from;
}

void ck_scalar_softmax(const float *x, float *out, size_t count) {
    float best = largest(x, count), sums[CK_LANES] = {0};
    for (size_t i = 0; i < count; i++) {
        out[i] = exp1(x[i] - best);
        sums[i % CK_LANES] += out[i];
    }
    float sum = sum16(sums);
    for (size_t i = 0; i < count; i++) out[i] /= sum;
}

float ck_scalar_log_sum_exp(const float *x, size_t count) {
    float best = largest(x, count), sums[CK_LANES] = {0};
    for (size_t i = 0; i < count; i++) sums[i % CK_LANES] += exp1(x[i] - best);
    return ck_log_of_sum(best, sum16(sums));
}

float ck_log_of_sum(float best, float sum) {
    if (!(sum < INFINITY)) return sum;  // a NaN among the values
    return sum > 0 ? best + log1(sum, 0) : -INFINITY;
}

size_t ck_scalar_count_nonfinite(const float *x, size_t count) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += (ck_bits(x[i]) & 0x7f800000) == 0x7f800000;
    return found;
}

uint64_t ck_scalar_read_words(const uint64_t *words, size_t count) {
    uint64_t mixed = 0;
    for (size_t i = 0; i < count; i++) mixed ^= words[i];
    return mixed;
}
