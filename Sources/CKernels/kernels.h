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
    void (*attend)(const ck_attention_call *call, size_t head, size_t token, float *scores);
    void (*exp)(const float *x, float *out, size_t count);
    void (*silu)(const float *x, float *out, size_t count);
    void (*tanh)(const float *x, float *out, size_t count);
    void (*gelu)(const float *x, float *out, size_t count);
    void (*softplus)(const float *x, float *out, size_t count);
    void (*softmax)(const float *x, float *out, size_t count);
    float (*log_sum_exp)(const float *x, size_t count);
    size_t (*argmax)(const float *x, size_t count);
    size_t (*count_nonfinite)(const float *x, size_t count);
    uint64_t (*read_words)(const uint64_t *words, size_t count);
} ck_kernels;

extern const ck_kernels ck_kernels_scalar;
#if defined(__x86_64__)
extern const ck_kernels ck_kernels_avx2, ck_kernels_avx512;
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
