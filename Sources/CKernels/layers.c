/// Norms, elementwise functions, the convolution and rotary positions, split over the pool.
#include "kernels.h"
#include "blocks.h"

typedef struct {
    const float *x, *gate, *weight, *bias;
    float *y;
    size_t xStride, yStride, tokens, n, groups;
    float eps;
} norm_call;

static void rms_norm_share(void *context, ck_part part) {
    const norm_call *call = context;
    ck_range tokens = ck_share(call->tokens, 1, part);
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        const float *x = call->x + t * call->xStride;
        ck_current()->rms_norm(x, call->weight, call->y + t * call->yStride, call->n, call->eps);
    }
}

void ck_rms_norm(ck_pool *pool, const float *x, size_t xStride, const float *weight, float *y, size_t yStride,
                 size_t tokens, size_t n, float eps) {
    norm_call call = {
        .x = x, .weight = weight, .y = y, .xStride = xStride, .yStride = yStride, .tokens = tokens, .n = n, .eps = eps};
    ck_run_if_worth(pool, tokens > 1 ? tokens * n : 0, rms_norm_share, &call);
}

static void layer_norm_share(void *context, ck_part part) {
    const norm_call *call = context;
    ck_range tokens = ck_share(call->tokens, 1, part);
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        ck_current()->layer_norm(call->x + t * call->xStride, call->weight, call->bias, call->y + t * call->yStride,
                                 call->n, call->eps);
    }
}

void ck_layer_norm(ck_pool *pool, const float *x, size_t xStride, const float *weight, const float *bias, float *y,
                   size_t yStride, size_t tokens, size_t n, float eps) {
    norm_call call = {.x = x, .weight = weight, .bias = bias, .y = y, .xStride = xStride, .yStride = yStride,
                      .tokens = tokens, .n = n, .eps = eps};
    ck_run_if_worth(pool, tokens > 1 ? tokens * n : 0, layer_norm_share, &call);
}

static void gated_rms_norm_share(void *context, ck_part part) {
    const norm_call *call = context;
    ck_range tokens = ck_share(call->tokens, 1, part);
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        ck_current()->gated_rms_norm(call->y + t * call->yStride, call->gate + t * call->xStride, call->weight, call->n,
                                     call->groups, call->eps);
    }
}

void ck_gated_rms_norm(ck_pool *pool, float *y, size_t yStride, const float *z, size_t zStride, const float *weight,
                       size_t tokens, size_t n, size_t groups, float eps) {
    norm_call call = {.gate = z, .weight = weight, .y = y, .xStride = zStride, .yStride = yStride,
                      .tokens = tokens, .n = n, .groups = groups, .eps = eps};
    ck_run_if_worth(pool, tokens > 1 ? tokens * n : 0, gated_rms_norm_share, &call);
}

typedef struct {
    const float *gate, *up;
    float *out, scale;
    size_t count;
} elementwise_call;

static void silu_multiply_share(void *context, ck_part part) {
    const elementwise_call *call = context;
    ck_range range = ck_share(call->count, CK_LANES, part);
    ck_current()->silu_multiply(call->gate + range.begin, call->up + range.begin, call->out + range.begin,
                                range.end - range.begin);
}

void ck_silu_multiply(ck_pool *pool, const float *gate, const float *up, float *out, size_t count) {
    elementwise_call call = {.gate = gate, .up = up, .out = out, .count = count};
    ck_run_if_worth(pool, count, silu_multiply_share, &call);
}

static void gelu_tanh_multiply_share(void *context, ck_part part) {
    const elementwise_call *call = context;
    ck_range range = ck_share(call->count, CK_LANES, part);
    ck_current()->gelu_tanh_multiply(call->gate + range.begin, call->up + range.begin, call->out + range.begin,
                                     range.end - range.begin);
}

void ck_gelu_tanh_multiply(ck_pool *pool, const float *gate, const float *up, float *out, size_t count) {
    elementwise_call call = {.gate = gate, .up = up, .out = out, .count = count};
    ck_run_if_worth(pool, count, gelu_tanh_multiply_share, &call);
}

static void gelu_share(void *context, ck_part part) {
    const elementwise_call *call = context;
    ck_range range = ck_share(call->count, CK_LANES, part);
    ck_current()->gelu(call->gate + range.begin, call->out + range.begin, range.end - range.begin);
}

void ck_gelu(ck_pool *pool, const float *x, float *out, size_t count) {
    elementwise_call call = {.gate = x, .out = out, .count = count};
    ck_run_if_worth(pool, count, gelu_share, &call);
}

static void add_scaled_share(void *context, ck_part part) {
    const elementwise_call *call = context;
    ck_range range = ck_share(call->count, CK_LANES, part);
    ck_current()->add_scaled(call->out + range.begin, call->up + range.begin, call->scale, range.end - range.begin);
}

void ck_add_scaled(ck_pool *pool, float *x, const float *y, float scale, size_t count) {
    elementwise_call call = {.up = y, .out = x, .scale = scale, .count = count};
    ck_run_if_worth(pool, count, add_scaled_share, &call);
}

// One rounding an operation, so the compiler may vectorise these as it likes.

static void relu_squared_share(void *context, ck_part part) {
    const elementwise_call *call = context;
    ck_range range = ck_share(call->count, CK_LANES, part);
    for (size_t i = range.begin; i < range.end; i++) {
        float x = call->gate[i] < 0 ? 0 : call->gate[i];  // a NaN stays
        call->out[i] = x * x;
    }
}

void ck_relu_squared(ck_pool *pool, const float *x, float *out, size_t count) {
    elementwise_call call = {.gate = x, .out = out, .count = count};
    ck_run_if_worth(pool, count, relu_squared_share, &call);
}

typedef struct {
    float *x;
    const float *row;
    size_t tokens, n;
} rows_call;

static void add_row_share(void *context, ck_part part) {
    const rows_call *call = context;
    ck_range tokens = ck_share(call->tokens, 1, part);
    for (size_t t = tokens.begin; t < tokens.end; t++) {
        for (size_t i = 0; i < call->n; i++) call->x[t * call->n + i] += call->row[i];
    }
}

void ck_add_row(ck_pool *pool, float *x, const float *row, size_t tokens, size_t n) {
    rows_call call = {x, row, tokens, n};
    ck_run_if_worth(pool, tokens > 1 ? tokens * n : 0, add_row_share, &call);
}

void ck_scale(float *x, float scale, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] *= scale;
}

void ck_multiply(const float *a, size_t aStride, const float *b, size_t bStride, float *out, size_t outStride,
                 size_t tokens, size_t n) {
    for (size_t t = 0; t < tokens; t++) {
        for (size_t i = 0; i < n; i++) out[t * outStride + i] = a[t * aStride + i] * b[t * bStride + i];
    }
}

void ck_rope_adjacent(float *x, size_t stride, size_t tokens, size_t heads, size_t headDim, size_t rotated,
                      const float *cosines, const float *sines) {
    size_t pairs = rotated / 2;
    for (size_t t = 0; t < tokens; t++) {
        for (size_t head = 0; head < heads; head++) {
            float *values = x + t * stride + head * headDim;
            for (size_t i = 0; i < pairs; i++) {
                float cosine = cosines[t * pairs + i], sine = sines[t * pairs + i];
                float first = values[2 * i], second = values[2 * i + 1];
                values[2 * i] = first * cosine - second * sine;
                values[2 * i + 1] = first * sine + second * cosine;
            }
        }
    }
}

void ck_rope_halves(float *x, size_t stride, size_t tokens, size_t heads, size_t headDim, size_t rotated,
                    const float *cosines, const float *sines) {
    size_t pairs = rotated / 2;
    for (size_t t = 0; t < tokens; t++) {
        const float *cosine = cosines + t * pairs, *sine = sines + t * pairs;
        for (size_t head = 0; head < heads; head++) {
            float *values = x + t * stride + head * headDim;
            for (size_t i = 0; i < pairs; i++) {
                float first = values[i], second = values[pairs + i];
                values[i] = first * cosine[i] - second * sine[i];
                values[pairs + i] = first * sine[i] + second * cosine[i];
            }
        }
    }
}

static void conv_share(void *context, ck_part part) {
    const ck_conv_call *call = context;
    ck_current()->conv(call, ck_share(call->channels, CK_LANES, part));
}

void ck_causal_conv_silu(ck_pool *pool, const float *x, size_t xStride, size_t tokens, size_t channels, size_t dConv,
                         const float *weight, const float *bias, float *state, float *out) {
    ck_conv_call call = {true, x, xStride, tokens, channels, dConv, weight, bias, state, out};
    ck_run_if_worth(pool, tokens * channels * dConv, conv_share, &call);
}

void ck_causal_conv(ck_pool *pool, const float *x, size_t xStride, size_t tokens, size_t channels, size_t dConv,
                    const float *weight, const float *bias, float *state, float *out) {
    ck_conv_call call = {false, x, xStride, tokens, channels, dConv, weight, bias, state, out};
    ck_run_if_worth(pool, tokens * channels * dConv, conv_share, &call);
}

void ck_exp(const float *x, float *out, size_t count) { ck_current()->exp(x, out, count); }
void ck_silu(const float *x, float *out, size_t count) { ck_current()->silu(x, out, count); }
void ck_tanh(const float *x, float *out, size_t count) { ck_current()->tanh(x, out, count); }
void ck_softplus(const float *x, float *out, size_t count) { ck_current()->softplus(x, out, count); }
