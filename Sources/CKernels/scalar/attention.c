/// Attention of one query of one head.
#include <math.h>

#include "math.h"
#include "scalar.h"

/// Element i of an array that is f16 when `half`.
static float element(bool half, const void *elements, size_t i) {
    return ck_dense_element(half ? CK_F16 : CK_F32, elements, i);
}

void ck_scalar_attend(const ck_attention_call *call, size_t head, size_t token, float *scores) {
    const ck_attention *attention = call->attention;
    size_t P = attention->headDim, kvHead = head / (attention->nHeads / attention->nKVHeads);
    size_t end = call->start + token + 1;  // one past the last position seen
    size_t begin = attention->window && end > attention->window ? end - attention->window : 0;
    const float *q = call->q + token * call->qStride + head * P;
    float *out = call->out + token * call->outStride + head * P;

    float best = -INFINITY, sums[CK_LANES] = {0};
    for (size_t i = begin; i < end; i++) {
        const void *keys = call->keyPages[i / CK_PAGE_TOKENS];
        float score = 0;
        for (size_t d = 0; d < P; d++) {
            score = fma1(q[d], element(attention->half, keys, (kvHead * P + d) * CK_PAGE_TOKENS + i % CK_PAGE_TOKENS),
                         score);
        }
        scores[i - begin] = score * attention->scale;
        best = scores[i - begin] > best ? scores[i - begin] : best;
    }
    for (size_t i = begin; i < end; i++) {
        scores[i - begin] = exp1(scores[i - begin] - best);
        sums[i % CK_LANES] += scores[i - begin];
    }
    float sum = sum16(sums);
    for (size_t d = 0; d < P; d++) {
        float weighted = 0;
        for (size_t i = begin; i < end; i++) {
            const void *values = call->valuePages[i / CK_PAGE_TOKENS];
            size_t at = (kvHead * CK_PAGE_TOKENS + i % CK_PAGE_TOKENS) * P + d;
            weighted = fma1(scores[i - begin], element(attention->half, values, at), weighted);
        }
        out[d] = weighted / sum;
    }
}
