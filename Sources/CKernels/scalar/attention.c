/// Attention of the queries of one key-value head over one page, and the sum over pages.
#include <math.h>

#include "math.h"
#include "scalar.h"

/// Element i of an array that is f16 when `half`.
static float element(bool half, const void *elements, size_t i) {
    return ck_dense_element(half ? CK_F16 : CK_F32, elements, i);
}

static void attend_row(const ck_attention_call *call, size_t kvHead, size_t row, size_t page, float *scores,
                       float *partial) {
    const ck_attention *attention = call->attention;
    const ck_range seen = ck_seen(call, row, page);
    const float *q = ck_query(call, kvHead, row);
    size_t P = attention->headDim;
    float best = -INFINITY, sums[CK_LANES] = {0};
    for (size_t i = seen.begin; i < seen.end; i++) {
        float score = 0;
        for (size_t d = 0; d < P; d++) {
            size_t key = (kvHead * P + d) * CK_PAGE_TOKENS + i;
            score = fma1(q[d], element(attention->half, call->keyPages[page], key), score);
        }
        scores[i] = score * attention->scale;
        best = scores[i] > best ? scores[i] : best;
    }
    for (size_t i = seen.begin; i < seen.end; i++) {
        scores[i] = exp1(scores[i] - best);
        sums[i % CK_LANES] += scores[i];
    }
    *ck_partial_best(partial, P) = best;
    *ck_partial_sum(partial, P) = sum16(sums);
    for (size_t d = 0; d < P; d++) {
        partial[d] = 0;
        for (size_t i = seen.begin; i < seen.end; i++) {
            size_t value = (kvHead * CK_PAGE_TOKENS + i) * P + d;
            partial[d] = fma1(scores[i], element(attention->half, call->valuePages[page], value), partial[d]);
        }
    }
}

void ck_scalar_attend_page(const ck_attention_call *call, size_t kvHead, ck_range rows, size_t page, float *scores,
                           float *partials) {
    for (size_t row = rows.begin; row < rows.end; row++) {
        attend_row(call, kvHead, row, page, scores, partials);
        partials += ck_partial_floats(call->attention->headDim);
    }
}

void ck_scalar_merge_pages(float *whole, float *page, size_t headDim) {
    float *best = ck_partial_best(whole, headDim), *sum = ck_partial_sum(whole, headDim);
    float pageBest = *ck_partial_best(page, headDim), most = pageBest > *best ? pageBest : *best;
    float before = exp1(*best - most), here = exp1(pageBest - most);
    *sum = fma1(here, *ck_partial_sum(page, headDim), before * *sum);
    *best = most;
    for (size_t d = 0; d < headDim; d++) whole[d] = fma1(here, page[d], before * whole[d]);
}
