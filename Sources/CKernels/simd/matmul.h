/// Matrix products: a loop for each type that matrices are packed as.
#include "dense.h"
#include "blocks32.h"
#include "blocks256.h"
#if VEC_PANELS
#include "panels.h"
#endif

INLINE void quantized_tile(tile_at at, const ck_type type, const int digits, const int tokens) {
    if (ck_is_super(type)) super_tile(at, type, digits, tokens);
    else block_tile(at, type, digits, tokens);
}

/// All tokens of some groups, as many together as registers can hold.
INLINE void quantized_groups(tile_at at, const ck_type type, const int digits, ck_range groups, ck_range tokens) {
    const int most = VEC_QUANT_LINES / digits;
    for (at.group = groups.begin; at.group < groups.end; at.group++) {
        at.token = tokens.begin;
        for (; tokens.end - at.token >= (size_t)most; at.token += (size_t)most) quantized_tile(at, type, digits, most);
        for (; digits == 1 && tokens.end - at.token >= 2; at.token += 2) quantized_tile(at, type, digits, 2);
        for (; at.token < tokens.end; at.token++) quantized_tile(at, type, digits, 1);
    }
}

INLINE void quantized_matmul(tile_at at, const ck_type type, ck_range groups, ck_range tokens) {
    if (at.x->digits == 1) quantized_groups(at, type, 1, groups, tokens);
    else quantized_groups(at, type, 2, groups, tokens);
}

static void matmul(const ck_matrix *w, const ck_activations *x, float *y, size_t yStride, ck_range groups,
                   ck_range tokens) {
    tile_at at = {w, x, y, yStride, 0, 0};
#if VEC_PANELS
    if (tokens.end - tokens.begin >= PANEL_LEAST && panel_matmul(at, groups, tokens)) return;
#endif
    switch (w->type) {  // each case is compiled for its type alone
    case CK_F32: dense_matmul(at, CK_F32, groups, tokens); break;
    case CK_F16: dense_matmul(at, CK_F16, groups, tokens); break;
    case CK_BF16: dense_matmul(at, CK_BF16, groups, tokens); break;
    case CK_Q8_0: quantized_matmul(at, CK_Q8_0, groups, tokens); break;
    case CK_Q4_0: quantized_matmul(at, CK_Q4_0, groups, tokens); break;
    case CK_Q4_1: quantized_matmul(at, CK_Q4_1, groups, tokens); break;
    case CK_Q5_0: quantized_matmul(at, CK_Q5_0, groups, tokens); break;
    case CK_Q5_1: quantized_matmul(at, CK_Q5_1, groups, tokens); break;
    case CK_IQ4_NL: quantized_matmul(at, CK_IQ4_NL, groups, tokens); break;
    case CK_MXFP4: quantized_matmul(at, CK_MXFP4, groups, tokens); break;
    case CK_Q2_K: quantized_matmul(at, CK_Q2_K, groups, tokens); break;
    case CK_Q3_K: quantized_matmul(at, CK_Q3_K, groups, tokens); break;
    case CK_Q4_K: quantized_matmul(at, CK_Q4_K, groups, tokens); break;
    case CK_Q5_K: quantized_matmul(at, CK_Q5_K, groups, tokens); break;
    case CK_Q6_K: quantized_matmul(at, CK_Q6_K, groups, tokens); break;
    case CK_IQ4_XS: quantized_matmul(at, CK_IQ4_XS, groups, tokens); break;
    case CK_Q8_K: quantized_matmul(at, CK_Q8_K, groups, tokens); break;
    default: break;  // no matrix is packed as another type
    }
}
