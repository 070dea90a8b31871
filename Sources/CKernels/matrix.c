/// Matrix products, and activations as whole numbers, split over the pool.
#include "blocks.h"
#include "kernels.h"

static void quantize_share(void *context, ck_part part) {
    const ck_activations *x = context;
    ck_current()->quantize(x, ck_share(x->tokens, 1, part));
}

void ck_quantize(ck_pool *pool, const ck_activations *x) {
    ck_activations call = *x;
    ck_run_if_worth(pool, x->tokens > 1 ? x->tokens * x->columns : 0, quantize_share, &call);
}

typedef struct {
    const ck_matrix *w;
    const ck_activations *x;
    float *y;
    size_t yStride, workers;
} matmul_call;

/// Tokens of the largest register block: shares are whole ones.
enum { TOKENS_TOGETHER = 24, GROUPS_TOGETHER = 2 };

static void matmul_share(void *context, ck_part part) {
    const matmul_call *call = context;
    size_t groupCount = (call->w->rows + CK_LANES - 1) / CK_LANES;
    ck_range groups = {0, groupCount}, tokens = {0, call->x->tokens};
    // Few rows and many tokens: sharing the tokens is more even.
    bool byToken = groupCount < 8 * call->workers && call->x->tokens >= TOKENS_TOGETHER * call->workers;
    if (byToken) {
        tokens = ck_share(call->x->tokens, TOKENS_TOGETHER, part);
    } else {
        groups = ck_share(groupCount, call->x->tokens > 1 ? GROUPS_TOGETHER : 1, part);
    }
    if (groups.begin == groups.end || tokens.begin == tokens.end) return;
    ck_current()->matmul(call->w, call->x, call->y, call->yStride, groups, tokens);
}

void ck_matmul(ck_pool *pool, const ck_matrix *w, const ck_activations *x, float *y, size_t yStride) {
    matmul_call call = {w, x, y, yStride, (size_t)ck_pool_workers(pool)};
    ck_run_if_worth(pool, w->rows * w->columns * x->tokens, matmul_share, &call);
}
