/// Norms, elementwise functions and the convolution.
#include "math.h"
#include "scalar.h"

/// 1 / sqrt(mean(x²) + eps)
static float inverse_rms(const float *x, size_t n, float eps) {
    float squares[CK_LANES] = {0};
    for (size_t i = 0; i < n; i++) squares[i % CK_LANES] = fma1(x[i], x[i], squares[i % CK_LANES]);
    return 1 / __builtin_sqrtf(sum16(squares) / (float)n + eps);
}

void ck_scalar_rms_norm(const float *x, const float *weight, float *y, size_t n, float eps) {
    float scale = inverse_rms(x, n, eps);
    for (size_t i = 0; i < n; i++) y[i] = x[i] * scale * weight[i];
}

void ck_scalar_layer_norm(const float *x, const float *weight, const float *bias, float *y, size_t n, float eps) {
    float sums[CK_LANES] = {0}, squares[CK_LANES] = {0};
    for (size_t i = 0; i < n; i++) sums[i % CK_LANES] += x[i];
    float mean = sum16(sums) / (float)n;
    for (size_t i = 0; i < n; i++) squares[i % CK_LANES] = fma1(x[i] - mean, x[i] - mean, squares[i % CK_LANES]);
    float scale = 1 / __builtin_sqrtf(sum16(squares) / (float)n + eps);
    for (size_t i = 0; i < n; i++) y[i] = fma1((x[i] - mean) * scale, weight[i], bias[i]);
}

void ck_scalar_gated_rms_norm(float *y, const float *z, const float *weight, size_t n, size_t groups, float eps) {
    size_t width = n / groups;
    for (size_t i = 0; i < n; i++) y[i] *= silu1(z[i]);
    for (size_t first = 0; first < n; first += width) {
        ck_scalar_rms_norm(y + first, weight + first, y + first, width, eps);
    }
}

void ck_scalar_silu_multiply(const float *gate, const float *up, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = silu1(gate[i]) * up[i];
}

void ck_scalar_gelu_tanh_multiply(const float *gate, const float *up, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = gelu_tanh1(gate[i]) * up[i];
}

void ck_scalar_add_scaled(float *x, const float *y, float scale, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = fma1(scale, y[i], x[i]);
}

void ck_scalar_exp(const float *x, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = exp1(x[i]);
}

void ck_scalar_silu(const float *x, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = silu1(x[i]);
}

void ck_scalar_tanh(const float *x, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = tanh1(x[i]);
}

void ck_scalar_gelu(const float *x, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = gelu1(x[i]);
}

void ck_scalar_softplus(const float *x, float *out, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = softplus1(x[i]);
}

/// Input c at time t; times before 0 are in the state.
static float input_at(const ck_conv_call *call, ptrdiff_t t, size_t c) {
    ptrdiff_t kept = (ptrdiff_t)call->dConv - 1;
    return t < 0 ? call->state[(size_t)(kept + t) * call->channels + c] : call->x[(size_t)t * call->xStride + c];
}

void ck_scalar_conv(const ck_conv_call *call, ck_range channels) {
    ptrdiff_t kept = (ptrdiff_t)call->dConv - 1, tokens = (ptrdiff_t)call->tokens;
    for (size_t c = channels.begin; c < channels.end; c++) {
        for (ptrdiff_t t = 0; t < tokens; t++) {
            float sum = call->bias ? call->bias[c] : 0;
            for (ptrdiff_t j = 0; j <= kept; j++) {
                sum = fma1(call->weight[(size_t)j * call->channels + c], input_at(call, t - kept + j, c), sum);
            }
            call->out[(size_t)t * call->channels + c] = call->silu ? silu1(sum) : sum;
        }
        // Oldest first, so what is read lies ahead of what is written.
        for (ptrdiff_t i = 0; i < kept; i++) {
            call->state[(size_t)i * call->channels + c] = input_at(call, tokens - kept + i, c);
        }
    }
}
