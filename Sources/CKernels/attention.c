/// Attention over pages, split over the pool: few queries by page, so that a long cache is shared evenly; many queries
/// by themselves, page after page. Both add the same sums in the same order.
#include "blocks.h"
#include "kernels.h"

/// Queries of a key-value head (tokens times heads) that go page by page, and of a part when there are more.
enum { FEW_ROWS = 16, ROWS_TOGETHER = 48 };

static size_t row_count(const ck_attention *attention, size_t tokens) {
    return tokens * (attention->nHeads / attention->nKVHeads);
}

static size_t page_count(size_t positions) { return (positions + CK_PAGE_TOKENS - 1) / CK_PAGE_TOKENS; }

/// The first page that any query sees.
static size_t first_page(const ck_attention *attention, size_t start) {
    return attention->window && start + 1 > attention->window ? (start + 1 - attention->window) / CK_PAGE_TOKENS : 0;
}

static bool goes_by_page(const ck_attention *attention, size_t tokens) {
    return row_count(attention, tokens) <= FEW_ROWS;
}

/// Floats for the scores of one worker.
enum { SCORE_FLOATS = CK_ATTEND_ROWS * CK_PAGE_TOKENS };

size_t ck_attention_scratch_floats(const ck_attention *attention, size_t tokens, size_t start, int workers) {
    size_t each = workers < 1 ? 1 : (size_t)workers, partial = ck_partial_floats(attention->headDim);
    if (!goes_by_page(attention, tokens)) return each * (SCORE_FLOATS + 2 * ROWS_TOGETHER * partial);
    size_t pages = page_count(start + tokens) - first_page(attention, start);
    return each * SCORE_FLOATS + pages * attention->nKVHeads * row_count(attention, tokens) * partial;
}

typedef struct {
    ck_attention_call kernel;
    size_t rows, firstPage, pages;
    float *scratch;     // scores of each worker, then partials of all pages or of each worker
    size_t scoreFloats;  // of all workers
} run_call;

/// Divides the weighted values of a row by the sum of weights.
static void finish_row(const run_call *call, size_t kvHead, size_t row, float *whole) {
    size_t P = call->kernel.attention->headDim;
    float *out = ck_output(&call->kernel, kvHead, row), sum = *ck_partial_sum(whole, P);
    for (size_t d = 0; d < P; d++) out[d] = whole[d] / sum;
}

static float *partials_of(const run_call *call, size_t page, size_t kvHead) {
    const ck_attention *attention = call->kernel.attention;
    size_t number = (page - call->firstPage) * attention->nKVHeads + kvHead;
    return call->scratch + call->scoreFloats + number * call->rows * ck_partial_floats(attention->headDim);
}

static void page_share(void *context, ck_part part) {
    const run_call *call = context;
    size_t nKVHeads = call->kernel.attention->nKVHeads;
    float *scores = call->scratch + (size_t)part.worker * SCORE_FLOATS;
    ck_range tasks = ck_share((call->pages - call->firstPage) * nKVHeads, 1, part);
    for (size_t i = tasks.begin; i < tasks.end; i++) {
        size_t page = call->firstPage + i / nKVHeads, kvHead = i % nKVHeads;
        ck_range rows = {0, call->rows};
        ck_current()->attend_page(&call->kernel, kvHead, rows, page, scores, partials_of(call, page, kvHead));
    }
}

static void merge_share(void *context, ck_part part) {
    const run_call *call = context;
    const ck_attention *attention = call->kernel.attention;
    size_t P = attention->headDim, partial = ck_partial_floats(P);
    ck_range tasks = ck_share(attention->nKVHeads * call->rows, 1, part);
    for (size_t i = tasks.begin; i < tasks.end; i++) {
        size_t kvHead = i / call->rows, row = i % call->rows;
        float *whole = NULL;
        for (size_t page = call->firstPage; page < call->pages; page++) {
            ck_range seen = ck_seen(&call->kernel, row, page);
            if (seen.begin == seen.end) continue;
            float *here = partials_of(call, page, kvHead) + row * partial;
            if (whole) ck_current()->merge_pages(whole, here, P);
            else whole = here;
        }
        finish_row(call, kvHead, row, whole);
    }
}

static void rows_share(void *context, ck_part part) {
    const run_call *call = context;
    const ck_attention *attention = call->kernel.attention;
    size_t P = attention->headDim, partial = ck_partial_floats(P);
    float *scores = call->scratch + (size_t)part.worker * SCORE_FLOATS;
    float *wholes = call->scratch + call->scoreFloats + (size_t)part.worker * 2 * ROWS_TOGETHER * partial;
    float *partials = wholes + ROWS_TOGETHER * partial;
    size_t blocks = (call->rows + ROWS_TOGETHER - 1) / ROWS_TOGETHER;
    // Later queries see more, so they are dealt out in turn.
    for (size_t i = (size_t)part.index; i < blocks * attention->nKVHeads; i += (size_t)part.count) {
        size_t kvHead = i % attention->nKVHeads, begin = i / attention->nKVHeads * ROWS_TOGETHER;
        ck_range rows = {begin, begin + ROWS_TOGETHER < call->rows ? begin + ROWS_TOGETHER : call->rows};
        bool begun[ROWS_TOGETHER] = {false};
        for (size_t page = call->firstPage; page < call->pages; page++) {
            ck_current()->attend_page(&call->kernel, kvHead, rows, page, scores, partials);
            for (size_t row = rows.begin; row < rows.end; row++) {
                ck_range seen = ck_seen(&call->kernel, row, page);
                if (seen.begin == seen.end) continue;
                float *whole = wholes + (row - begin) * partial, *here = partials + (row - begin) * partial;
                if (begun[row - begin]) ck_current()->merge_pages(whole, here, P);
                else memcpy(whole, here, partial * sizeof *whole);
                begun[row - begin] = true;
            }
        }
        for (size_t row = rows.begin; row < rows.end; row++) {
            finish_row(call, kvHead, row, wholes + (row - begin) * partial);
        }
    }
}

void ck_attention_run(ck_pool *pool, const ck_attention *attention, const float *q, size_t qStride, size_t tokens,
                      size_t start, const void *const *keyPages, const void *const *valuePages, float *out,
                      size_t outStride, float *scratch) {
    if (tokens == 0) return;
    size_t pages = page_count(start + tokens), first = first_page(attention, start);
    run_call call = {{attention, q, qStride, tokens, start, keyPages, valuePages, out, outStride},
                     row_count(attention, tokens), first, pages, scratch,
                     (size_t)ck_pool_workers(pool) * SCORE_FLOATS};
    size_t work = tokens * attention->nHeads * attention->headDim * (pages - first) * CK_PAGE_TOKENS;
    if (goes_by_page(attention, tokens)) {
        ck_run_if_worth(pool, work, page_share, &call);
        ck_run_if_worth(pool, call.rows * attention->nKVHeads * attention->headDim * (pages - first), merge_share, &call);
    } else {
        ck_run_if_worth(pool, work, rows_share, &call);
    }
}

typedef struct {
    const ck_attention *attention;
    void *keyPage, *valuePage;
    size_t first;
    const float *k, *v;
    size_t kStride, vStride, tokens;
} page_write_call;

static void page_write_share(void *context, ck_part part) {
    const page_write_call *call = context;
    size_t P = call->attention->headDim;
    ck_range columns = ck_share(call->attention->nKVHeads * P, CK_LANES, part);
    for (size_t t = 0; t < call->tokens; t++) {
        const float *k = call->k + t * call->kStride, *v = call->v + t * call->vStride;
        size_t slot = call->first + t;
        for (size_t i = columns.begin; i < columns.end; i++) {
            size_t key = i * CK_PAGE_TOKENS + slot, value = (i / P * CK_PAGE_TOKENS + slot) * P + i % P;
            if (call->attention->half) {
                ((uint16_t *)call->keyPage)[key] = ck_to_half(k[i]);
                ((uint16_t *)call->valuePage)[value] = ck_to_half(v[i]);
            } else {
                ((float *)call->keyPage)[key] = k[i];
                ((float *)call->valuePage)[value] = v[i];
            }
        }
    }
}

void ck_page_write(ck_pool *pool, const ck_attention *attention, void *keyPage, void *valuePage, size_t first,
                   const float *k, size_t kStride, const float *v, size_t vStride, size_t tokens) {
    page_write_call call = {attention, keyPage, valuePage, first, k, v, kStride, vStride, tokens};
    ck_run_if_worth(pool, tokens * attention->nKVHeads * attention->headDim, page_write_share, &call);
}
