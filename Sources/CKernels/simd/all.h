/// The kernels over sixteen lanes; included once for each instruction set, after its `vec_….h`.
#define UNROLL _Pragma("clang loop unroll(full)")

#include "math.h"
#include "layers.h"
#include "matmul.h"
#include "ssd.h"
#include "selective.h"
#include "attention.h"
#include "logits.h"

const ck_kernels VEC_TABLE = {
    .matmul = matmul,
    .quantize = quantize,
    .rms_norm = rms_norm,
    .layer_norm = layer_norm,
    .gated_rms_norm = gated_rms_norm,
    .silu_multiply = silu_multiply,
    .gelu_tanh_multiply = gelu_tanh_multiply,
    .add_scaled = add_scaled,
    .conv = conv,
    .ssd_step = ssd_step,
    .ssd_share = ssd_share,
    .ssd_chunk = ssd_chunk,
    .selective_scan = selective_scan,
    .attend_page = attend_page,
    .merge_pages = merge_pages,
    .exp = exp_all,
    .silu = silu_all,
    .tanh = tanh_all,
    .gelu = gelu_all,
    .softplus = softplus_all,
    .softmax = softmax,
    .log_sum_exp = log_sum_exp,
    .moments = moments,
    .argmax = argmax,
    .find_above = find_above,
    .masses_above = masses_above,
    .collect = collect,
    .count_nonfinite = count_nonfinite,
    .read_words = read_words,
};
