/// Matrix products: a loop for each type that matrices are packed as.
#include "dense.h"
#include "blocks32.h"
#include "blocks256.h"
#if VEC_PANELS
#include "panels.h"
#endif

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
    case CK_Q8_0: block_matmul(at, CK_Q8_0, groups, tokens); break;
    case CK_Q4_0: block_matmul(at, CK_Q4_0, groups, tokens); break;
    case CK_Q4_1: block_matmul(at, CK_Q4_1, groups, tokens); break;
    case CK_Q5_0: block_matmul(at, CK_Q5_0, groups, tokens); break;
    case CK_Q5_1: block_matmul(at, CK_Q5_1, groups, tokens); break;
    case CK_IQ4_NL: block_matmul(at, CK_IQ4_NL, groups, tokens); break;
    case CK_MXFP4: block_matmul(at, CK_MXFP4, groups, tokens); break;
    case CK_Q2_K: super_matmul(at, CK_Q2_K, groups, tokens); break;
    case CK_Q3_K: super_matmul(at, CK_Q3_K, groups, tokens); break;
    case CK_Q4_K: super_matmul(at, CK_Q4_K, groups, tokens); break;
    case CK_Q5_K: super_matmul(at, CK_Q5_K, groups, tokens); break;
    case CK_Q6_K: super_matmul(at, CK_Q6_K, groups, tokens); break;
    case CK_IQ4_XS: super_matmul(at, CK_IQ4_XS, groups, tokens); break;
    case CK_Q8_K: super_matmul(at, CK_Q8_K, groups, tokens); break;
    default: break;  // no matrix is packed as another type
    }
}
