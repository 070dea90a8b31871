/// Attention over pages, split over the pool by query and head.
#include "blocks.h"
#include "kernels.h"

/// Scores of one query: the positions seen, with room to begin and end at a multiple of sixteen.
static size_t score_floats(const ck_attention *attention, size_t tokens, size_t start) {
    size_t seen = start + tokens;
    if (attention->window && attention->window < seen) seen = attention->window;
    return (seen + 2 * CK_LANES) / CK_LANES * CK_LANES;
}

size_t ck_attention_scratch_floats(const ck_attention *attention, size_t tokens, size_t start, int workers) {
    return (size_t)(workers < 1 ? 1 : workers) * score_floats(attention, tokens, start);
}

typedef struct {
    ck_attention_call kernel;
    float *scratch;
} run_call;

static void attend_share(void *context, ck_part part) {
    const run_call *call = context;
    const ck_attention *attention = call->kernel.attention;
    size_t floats = score_floats(attention, call->kernel.tokens, call->kernel.start);
    float *scores = call->scratch + (size_t)part.worker * floats;
    // Later queries see more, so they are dealt out in turn.
    for (size_t i = (size_t)part.index; i < call->kernel.tokens * attention->nHeads; i += (size_t)part.count) {
        ck_current()->attend(&call->kernel, i % attention->nHeads, i / attention->nHeads, scores);
    }
}

void ck_attention_run(ck_pool *pool, const ck_attention *attention, const float *q, size_t qStride, size_t tokens,
                      size_t start, const void *const *keyPages, const void *const *valuePages, float *out,
                      size_t outStride, float *scratch) {
    run_call call = {{attention, q, qStride, tokens, start, keyPages, valuePages, out, outStride}, scratch};
    ck_run_if_worth(pool, tokens * attention->nHeads * attention->headDim * (start + tokens), attend_share, &call);
}

void ck_page_write(const ck_attention *attention, void *keyPage, void *valuePage, size_t first, const float *k,
                   size_t kStride, const float *v, size_t vStride, size_t tokens) {
    size_t P = attention->headDim;
    for (size_t t = 0; t < tokens; t++) {
        for (size_t i = 0; i < attention->nKVHeads * P; i++) {
            size_t key = i * CK_PAGE_TOKENS + first + t, value = (i / P * CK_PAGE_TOKENS + first + t) * P + i % P;
            if (attention->half) {
                ((uint16_t *)keyPage)[key] = ck_to_half(k[t * kStride + i]);
                ((uint16_t *)valuePage)[value] = ck_to_half(v[t * vStride + i]);
            } else {
                ((float *)keyPage)[key] = k[t * kStride + i];
                ((float *)valuePage)[value] = v[t * vStride + i];
            }
        }
    }
}
