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

void ck_scalar_masses_above(const float *x, size_t count, size_t step, float largest, float scale,
                            const float *thresholds, double *masses, double *counts) {
    const size_t runs = (count + CK_LANES - 1) / CK_LANES;
    for (int t = 0; t < CK_THRESHOLDS; t++) {
        masses[t] = counts[t] = 0;
        for (size_t first = 0; first < runs; first += CK_MASS_RUNS * step) {
            float sums[CK_LANES] = {0};
            for (size_t run = first; run < runs && run < first + CK_MASS_RUNS * step; run += step) {
                for (size_t i = run * CK_LANES; i < count && i < (run + 1) * CK_LANES; i++) {
                    if (!(x[i] > thresholds[t])) continue;
                    sums[i % CK_LANES] += exp1_rough((x[i] - largest) * scale);
                    counts[t]++;
                }
            }
            masses[t] += (double)sum16(sums);
        }
    }
}

size_t ck_scalar_collect(const float *x, size_t count, float above, float upTo, float *values, int32_t *indices,
                         size_t capacity) {
    size_t found = 0;
    for (size_t i = 0; i < count && found < capacity; i++) {
        if (!(x[i] > above) || x[i] > upTo) continue;
        values[found] = x[i];
        indices[found++] = (int32_t)i;
    }
    return found;
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

ck_moments ck_scalar_moments(const float *x, size_t count) {
    float best = largest(x, count), sums[CK_LANES] = {0}, weighted[CK_LANES] = {0};
    for (size_t i = 0; i < count; i++) {
        // −∞ has no weight, and its product with that is no number.
        float below = max1(CK_EXP_MIN, x[i] - best), weight = exp1(below);
        sums[i % CK_LANES] += weight;
        weighted[i % CK_LANES] = fma1(weight, below, weighted[i % CK_LANES]);
    }
    return (ck_moments){best, sum16(sums), sum16(weighted)};
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
