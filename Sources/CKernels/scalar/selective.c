/// The selective scan of Mamba-1 (arXiv 2312.00752).
#include "math.h"
#include "scalar.h"

void ck_scalar_selective_scan(const ck_selective_call *call, ck_range channels) {
    const ck_selective *scan = call->scan;
    for (size_t t = 0; t < call->tokens; t++) {
        const float *B = call->BC + t * call->BCStride, *C = B + scan->dState;
        for (size_t c = channels.begin; c < channels.end; c++) {
            float *dt = call->dt + t * call->dtStride + c, x = call->x[t * call->xStride + c], sum = 0;
            *dt = softplus1(*dt + scan->dtBias[c]);
            float dtx = *dt * x;
            for (size_t n = 0; n < scan->dState; n++) {
                float *h = call->state + n * scan->dInner + c, decay = exp1(*dt * scan->A[n * scan->dInner + c]);
                *h = fma1(dtx, B[n], decay * *h);
                sum = fma1(C[n], *h, sum);
            }
            call->y[t * call->yStride + c] = fma1(scan->D[c], x, sum) * silu1(call->z[t * call->zStride + c]);
        }
    }
}
