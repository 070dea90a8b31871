/// What one instruction set provides: each kernel works on the part of the output that it is told, on the calling
/// thread. `scalar/` defines them, `simd/` repeats them over sixteen lanes.
///
/// The functions of `CKernels.h` split the work over the pool and call these. No split changes a sum, so none changes a
/// bit.
#ifndef CK_KERNELS_H
#define CK_KERNELS_H
#include "CKernels.h"

typedef struct { size_t begin, end; } ck_range;

/// Arguments of `ck_causal_conv_silu` and, where `silu` is false, of `ck_causal_conv`.
typedef struct {
    bool silu;
    const float *x;
    size_t xStride, tokens, channels, dConv;
    const float *weight, *bias;
    float *state, *out;
} ck_conv_call;

/// Arguments of `ck_ssd_run`.
typedef struct {
    const ck_ssd *ssd;
    const float *xBC;
    size_t xBCStride;
    const float *dtRaw;
    size_t dtStride, tokens;
    float *state, *y;
    size_t yStride;
} ck_ssd_call;

/// What the heads of one group share in one chunk.
typedef struct {
    float *transposedB;  // [dState, CK_SSD_CHUNK], columns past the chunk's end are zero
    float *scores;       // [CK_SSD_CHUNK, CK_SSD_CHUNK], C_t · B_s where s ≤ t; the rest is not read
} ck_ssd_shared;

/// Arguments of `ck_selective_scan`.
typedef struct {
    const ck_selective *scan;
    const float *x;
    size_t xStride;
    float *dt;
    size_t dtStride;
    const float *BC;
    size_t BCStride;
    const float *z;
    size_t zStride, tokens;
    float *state, *y;
    size_t yStride;
} ck_selective_call;

/// Arguments of `ck_attention_run`.
typedef struct {
    const ck_attention *attention;
    const float *q;
    size_t qStride, tokens, start;
    const void *const *keyPages, *const *valuePages;
    float *out;
    size_t outStride;
} ck_attention_call;

/// Queries that share keys and values are the rows of their key-value head: token after token, head after head.
static inline size_t ck_row_token(const ck_attention_call *call, size_t row) {
    return row / (call->attention->nHeads / call->attention->nKVHeads);
}

/// Where head `kvHead`'s row begins in a token's `[nHeads, headDim]`.
static inline size_t ck_row_column(const ck_attention_call *call, size_t kvHead, size_t row) {
    size_t together = call->attention->nHeads / call->attention->nKVHeads;
    return (kvHead * together + row % together) * call->attention->headDim;
}

static inline const float *ck_query(const ck_attention_call *call, size_t kvHead, size_t row) {
    return call->q + ck_row_token(call, row) * call->qStride + ck_row_column(call, kvHead, row);
}

static inline float *ck_output(const ck_attention_call *call, size_t kvHead, size_t row) {
    return call->out + ck_row_token(call, row) * call->outStride + ck_row_column(call, kvHead, row);
}

/// The positions of a page, counted from its first, that a row sees; empty is 0 … 0.
static inline ck_range ck_seen(const ck_attention_call *call, size_t row, size_t page) {
    size_t window = call->attention->window, end = call->start + ck_row_token(call, row) + 1;
    size_t begin = window && end > window ? end - window : 0, first = page * CK_PAGE_TOKENS;
    begin = begin > first ? begin - first : 0;
    end = end > first ? end - first : 0;
    if (end > CK_PAGE_TOKENS) end = CK_PAGE_TOKENS;
    return begin < end ? (ck_range){begin, end} : (ck_range){0, 0};
}

/// What one row has of one page: weighted values `[headDim]`, and behind them, with room for whole vectors, the largest
/// score and the sum of weights.
static inline size_t ck_partial_floats(size_t headDim) {
    return (headDim + 16 - 1) / 16 * 16 + 16;
}
static inline float *ck_partial_best(float *partial, size_t headDim) {
    return partial + ck_partial_floats(headDim) - 16;
}
static inline float *ck_partial_sum(float *partial, size_t headDim) { return ck_partial_best(partial, headDim) + 1; }

/// Rows that an instruction set takes together, at most.
enum { CK_ATTEND_ROWS = 8 };

/// The largest value, Σ exp(x − best), and Σ exp(x − best) (x − best).
typedef struct { float best, sum, weighted; } ck_moments;

typedef struct {
    void (*matmul)(const ck_matrix *w, const ck_activations *x, float *y, size_t yStride, ck_range groups,
                   ck_range tokens);
    void (*quantize)(const ck_activations *x, ck_range tokens);
    void (*rms_norm)(const float *x, const float *weight, float *y, size_t n, float eps);
    void (*layer_norm)(const float *x, const float *weight, const float *bias, float *y, size_t n, float eps);
    void (*gated_rms_norm)(float *y, const float *z, const float *weight, size_t n, size_t groups, float eps);
    void (*silu_multiply)(const float *gate, const float *up, float *out, size_t count);
    void (*gelu_tanh_multiply)(const float *gate, const float *up, float *out, size_t count);
    void (*add_scaled)(float *x, const float *y, float scale, size_t count);
    void (*conv)(const ck_conv_call *call, ck_range channels);
    void (*ssd_step)(const ck_ssd_call *call, size_t head);
    void (*ssd_share)(const ck_ssd_call *call, size_t chunk, size_t group, ck_ssd_shared shared);
    void (*ssd_chunk)(const ck_ssd_call *call, size_t chunk, size_t head, ck_ssd_shared shared, float *workspace);
    void (*selective_scan)(const ck_selective_call *call, ck_range channels);
    /// Fills the partials of some rows of a key-value head; those of rows that see nothing of the page are not read.
    void (*attend_page)(const ck_attention_call *call, size_t kvHead, ck_range rows, size_t page, float *scores,
                        float *partials);
    /// Adds a later page to what one row has of the pages before.
    void (*merge_pages)(float *whole, float *page, size_t headDim);
    void (*exp)(const float *x, float *out, size_t count);
    void (*silu)(const float *x, float *out, size_t count);
    void (*tanh)(const float *x, float *out, size_t count);
    void (*gelu)(const float *x, float *out, size_t count);
    void (*softplus)(const float *x, float *out, size_t count);
    void (*softmax)(const float *x, float *out, size_t count);
    float (*log_sum_exp)(const float *x, size_t count);
    ck_moments (*moments)(const float *x, size_t count);
    size_t (*argmax)(const float *x, size_t count);
    size_t (*find_above)(const float *x, size_t from, size_t count, float threshold);
    void (*masses_above)(const float *x, size_t count, size_t step, float largest, float scale,
                         const float *thresholds, double *masses, double *counts);
    size_t (*collect)(const float *x, size_t count, float above, float upTo, float *values, int32_t *indices,
                      size_t capacity);
    size_t (*count_nonfinite)(const float *x, size_t count);
    uint64_t (*read_words)(const uint64_t *words, size_t count);
} ck_kernels;

extern const ck_kernels ck_kernels_scalar;
#if defined(__x86_64__)
extern const ck_kernels ck_kernels_avx2, ck_kernels_avx512;
#elif defined(__aarch64__)
extern const ck_kernels ck_kernels_neon;
#endif

/// best + log(sum), the end of every `log_sum_exp`: −∞ for no values, a NaN stays one.
float ck_log_of_sum(float best, float sum);

/// The kernels of the instruction set in use.
const ck_kernels *ck_current(void);

/// What belongs to `part` when `count` things are dealt out in runs of `unit`.
static inline ck_range ck_share(size_t count, size_t unit, ck_part part) {
    size_t units = (count + unit - 1) / unit, parts = (size_t)part.count;
    size_t begin = units * (size_t)part.index / parts * unit;
    size_t end = units * ((size_t)part.index + 1) / parts * unit;
    return (ck_range){begin < count ? begin : count, end < count ? end : count};
}

/// Below this many multiply-adds a region costs more than it saves.
enum { CK_WORTH_SPLITTING = 16384 };

/// Runs on the caller alone when the work is small.
static inline void ck_run_if_worth(ck_pool *pool, size_t work, ck_task task, void *context) {
    ck_pool_run(work < CK_WORTH_SPLITTING ? NULL : pool, task, context);
}

#endif
