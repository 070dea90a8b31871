#include "scalar.h"

const ck_kernels ck_kernels_scalar = {
    .matmul = ck_scalar_matmul,
    .quantize = ck_scalar_quantize,
    .rms_norm = ck_scalar_rms_norm,
    .gated_rms_norm = ck_scalar_gated_rms_norm,
    .silu_multiply = ck_scalar_silu_multiply,
    .add_scaled = ck_scalar_add_scaled,
    .conv = ck_scalar_conv,
    .ssd_step = ck_scalar_ssd_step,
    .ssd_share = ck_scalar_ssd_share,
    .ssd_chunk = ck_scalar_ssd_chunk,
    .selective_scan = ck_scalar_selective_scan,
    .attend = ck_scalar_attend,
    .exp = ck_scalar_exp,
    .silu = ck_scalar_silu,
    .softplus = ck_scalar_softplus,
    .softmax = ck_scalar_softmax,
    .log_sum_exp = ck_scalar_log_sum_exp,
    .argmax = ck_scalar_argmax,
    .count_nonfinite = ck_scalar_count_nonfinite,
    .read_words = ck_scalar_read_words,
};
