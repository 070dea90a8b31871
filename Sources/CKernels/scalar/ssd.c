/// The state-space model of Mamba-2: one step, and chunks (arXiv 2405.21060, listing 1).
#include "math.h"
#include "scalar.h"

/// The step size of `head` at token t.
static float dt_at(const ck_ssd_call *call, size_t t, size_t head) {
    const ck_ssd *ssd = call->ssd;
    float dt = softplus1(call->dtRaw[t * call->dtStride + head] + ssd->dtBias[head]);
    return min1(ssd->dtMax, max1(ssd->dtMin, dt));
}

/// Rows of B and C of a head's group at token t.
static const float *b_at(const ck_ssd_call *call, size_t t, size_t group) {
    const ck_ssd *ssd = call->ssd;
    return call->xBC + t * call->xBCStride + ssd->nHeads * ssd->headDim + group * ssd->dState;
}

static const float *c_at(const ck_ssd_call *call, size_t t, size_t group) {
    return b_at(call, t, group) + call->ssd->nGroups * call->ssd->dState;
}

void ck_scalar_ssd_step(const ck_ssd_call *call, size_t head) {
    const ck_ssd *ssd = call->ssd;
    size_t P = ssd->headDim, group = head / (ssd->nHeads / ssd->nGroups);
    const float *x = call->xBC + head * P, *B = b_at(call, 0, group), *C = c_at(call, 0, group);
    float *h = call->state + head * ssd->dState * P;
    float dt = dt_at(call, 0, head), decay = exp1(dt * ssd->A[head]);
    for (size_t p = 0; p < P; p++) {
        float dtx = dt * x[p], y = 0;
        for (size_t n = 0; n < ssd->dState; n++) {
            h[n * P + p] = fma1(dtx, B[n], decay * h[n * P + p]);
            y = fma1(C[n], h[n * P + p], y);
        }
        call->y[head * P + p] = fma1(ssd->D[head], x[p], y);
    }
}

static size_t chunk_length(const ck_ssd_call *call, size_t chunk) {
    size_t left = call->tokens - chunk * CK_SSD_CHUNK;
    return left < CK_SSD_CHUNK ? left : CK_SSD_CHUNK;
}

void ck_scalar_ssd_share(const ck_ssd_call *call, size_t chunk, size_t group, ck_ssd_shared shared) {
    size_t first = chunk * CK_SSD_CHUNK, length = chunk_length(call, chunk), N = call->ssd->dState;
    for (size_t t = 0; t < CK_SSD_CHUNK; t++) {
        for (size_t n = 0; n < N; n++) {
            shared.transposedB[n * CK_SSD_CHUNK + t] = t < length ? b_at(call, first + t, group)[n] : 0;
        }
    }
    for (size_t t = 0; t < length; t++) {
        const float *C = c_at(call, first + t, group);
        for (size_t s = 0; s <= t; s++) {
            const float *B = b_at(call, first + s, group);
            float score = 0;
            for (size_t n = 0; n < N; n++) score = fma1(C[n], B[n], score);
            shared.scores[t * CK_SSD_CHUNK + s] = score;
        }
    }
}

void ck_scalar_ssd_chunk(const ck_ssd_call *call, size_t chunk, size_t head, ck_ssd_shared shared, float *workspace) {
    const ck_ssd *ssd = call->ssd;
    size_t first = chunk * CK_SSD_CHUNK, length = chunk_length(call, chunk), P = ssd->headDim, N = ssd->dState;
    size_t group = head / (ssd->nHeads / ssd->nGroups);
    float *h = call->state + head * N * P;
    float dt[CK_SSD_CHUNK], cum[CK_SSD_CHUNK];  // cum_t = Σ dt·A up to t
    for (size_t t = 0; t < length; t++) {
        dt[t] = dt_at(call, first + t, head);
        cum[t] = fma1(dt[t], ssd->A[head], t ? cum[t - 1] : 0);
    }
    for (size_t t = 0; t < length; t++) {
        float *mixing = workspace;  // M[t, ·] = G[t, s] · exp(cum_t − cum_s) · dt_s
        for (size_t s = 0; s <= t; s++) mixing[s] = shared.scores[t * CK_SSD_CHUNK + s] * exp1(cum[t] - cum[s]) * dt[s];
        const float *C = c_at(call, first + t, group), *xt = call->xBC + (first + t) * call->xBCStride + head * P;
        for (size_t p = 0; p < P; p++) {
            float inside = 0, before = 0;
            for (size_t s = 0; s <= t; s++) {
                inside = fma1(mixing[s], call->xBC[(first + s) * call->xBCStride + head * P + p], inside);
            }
            for (size_t n = 0; n < N; n++) before = fma1(C[n], h[n * P + p], before);
            float y = fma1(exp1(cum[t]), before, inside);
            call->y[(first + t) * call->yStride + head * P + p] = fma1(ssd->D[head], xt[p], y);
        }
    }
    float end = cum[length - 1], decay = exp1(end);
    for (size_t p = 0; p < P; p++) {
        for (size_t n = 0; n < N; n++) h[n * P + p] *= decay;
        for (size_t s = 0; s < length; s++) {
            float weighted = exp1(end - cum[s]) * dt[s] * call->xBC[(first + s) * call->xBCStride + head * P + p];
            for (size_t n = 0; n < N; n++) {
                h[n * P + p] = fma1(shared.transposedB[n * CK_SSD_CHUNK + s], weighted, h[n * P + p]);
            }
        }
    }
}
