/// The plain definition of every kernel, gathered into a table by `table.c`.
#ifndef CK_SCALAR_H
#define CK_SCALAR_H
#include "../kernels.h"

void ck_scalar_matmul(const ck_matrix *w, const ck_activations *x, float *y, size_t yStride, ck_range groups,
                      ck_range tokens);
void ck_scalar_quantize(const ck_activations *x, ck_range tokens);
void ck_scalar_rms_norm(const float *x, const float *weight, float *y, size_t n, float eps);
void ck_scalar_layer_norm(const float *x, const float *weight, const float *bias, float *y, size_t n, float eps);
void ck_scalar_gated_rms_norm(float *y, const float *z, const float *weight, size_t n, size_t groups, float eps);
void ck_scalar_silu_multiply(const float *gate, const float *up, float *out, size_t count);
void ck_scalar_gelu_tanh_multiply(const float *gate, const float *up, float *out, size_t count);
void ck_scalar_add_scaled(float *x, const float *y, float scale, size_t count);
void ck_scalar_conv(const ck_conv_call *call, ck_range channels);
void ck_scalar_ssd_step(const ck_ssd_call *call, size_t head);
void ck_scalar_ssd_share(const ck_ssd_call *call, size_t chunk, size_t group, ck_ssd_shared shared);
void ck_scalar_ssd_chunk(const ck_ssd_call *call, size_t chunk, size_t head, ck_ssd_shared shared, float *workspace);
void ck_scalar_selective_scan(const ck_selective_call *call, ck_range channels);
void ck_scalar_attend_page(const ck_attention_call *call, size_t kvHead, ck_range rows, size_t page, float *scores,
                           float *partials);
void ck_scalar_merge_pages(float *whole, float *page, size_t headDim);
void ck_scalar_exp(const float *x, float *out, size_t count);
void ck_scalar_silu(const float *x, float *out, size_t count);
void ck_scalar_tanh(const float *x, float *out, size_t count);
void ck_scalar_gelu(const float *x, float *out, size_t count);
void ck_scalar_softplus(const float *x, float *out, size_t count);
void ck_scalar_softmax(const float *x, float *out, size_t count);
float ck_scalar_log_sum_exp(const float *x, size_t count);
ck_moments ck_scalar_moments(const float *x, size_t count);
size_t ck_scalar_argmax(const float *x, size_t count);
size_t ck_scalar_find_above(const float *x, size_t from, size_t count, float threshold);
void ck_scalar_masses_above(const float *x, size_t count, size_t step, float largest, float scale,
                            const float *thresholds, double *masses, double *counts);
size_t ck_scalar_collect(const float *x, size_t count, float above, float upTo, float *values, int32_t *indices,
                         size_t capacity);
size_t ck_scalar_count_nonfinite(const float *x, size_t count);
uint64_t ck_scalar_read_words(const uint64_t *words, size_t count);

#endif
