/// The selective scan of Mamba-1, split over the pool by channels.
#include "blocks.h"
#include "kernels.h"

static void scan_share(void *context, ck_part part) {
    const ck_selective_call *call = context;
    ck_current()->selective_scan(call, ck_share(call->scan->dInner, CK_LANES, part));
}

void ck_selective_scan(ck_pool *pool, const ck_selective *scan, const float *x, size_t xStride, float *dt,
                       size_t dtStride, const float *BC, size_t BCStride, const float *z, size_t zStride, size_t tokens,
                       float *state, float *y, size_t yStride) {
    ck_selective_call call = {
        scan, x, xStride, dt, dtStride, BC, BCStride, z, zStride, tokens, state, y, yStride};
    // An exp is a dozen operations.
    ck_run_if_worth(pool, tokens * scan->dInner * scan->dState * 12, scan_share, &call);
}
