/// Reductions over the vocabulary on the caller, and the read that measures memory.
#include <stdatomic.h>

#include "blocks.h"
#include "kernels.h"

size_t ck_argmax(const float *x, size_t count) { return ck_current()->argmax(x, count); }
size_t ck_find_above(const float *x, size_t from, size_t count, float threshold) {
    return ck_current()->find_above(x, from, count, threshold);
}
void ck_masses_above(const float *x, size_t count, size_t step, float largest, float scale, const float *thresholds,
                     double *masses, double *counts) {
    ck_current()->masses_above(x, count, step, largest, scale, thresholds, masses, counts);
}
size_t ck_collect(const float *x, size_t count, float above, float upTo, float *values, int32_t *indices,
                  size_t capacity) {
    return ck_current()->collect(x, count, above, upTo, values, indices, capacity);
}
float ck_log_sum_exp(const float *x, size_t count) { return ck_current()->log_sum_exp(x, count); }
float ck_entropy(const float *x, size_t count, float *entropy) {
    ck_moments moments = ck_current()->moments(x, count);
    float logSum = ck_log_of_sum(0, moments.sum);
    *entropy = moments.sum > 0 ? logSum - moments.weighted / moments.sum : moments.sum;
    return moments.best + logSum;
}
void ck_softmax(const float *x, float *out, size_t count) { ck_current()->softmax(x, out, count); }
size_t ck_count_nonfinite(const float *x, size_t count) { return ck_current()->count_nonfinite(x, count); }

typedef struct {
    const uint8_t *memory;
    size_t bytes;
    _Atomic uint64_t mixed;
} read_call;

static void read_share(void *context, ck_part part) {
    read_call *call = context;
    ck_range range = ck_share(call->bytes / 8, 8, part);
    const uint64_t *words = (const uint64_t *)(const void *)call->memory;
    uint64_t mixed = ck_current()->read_words(words + range.begin, range.end - range.begin);
    if (part.index == 0) {
        for (size_t i = call->bytes / 8 * 8; i < call->bytes; i++) mixed ^= (uint64_t)call->memory[i] << 8 * (i % 8);
    }
    atomic_fetch_xor(&call->mixed, mixed);
}

uint64_t ck_read_bytes(ck_pool *pool, const void *memory, size_t bytes) {
    read_call call = {.memory = memory, .bytes = bytes};
    ck_run_if_worth(pool, bytes, read_share, &call);
    return call.mixed;
}
