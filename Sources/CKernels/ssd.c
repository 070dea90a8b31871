/// The state-space model of Mamba-2, split over the pool: what a group's heads share, then head by head.
#include "blocks.h"
#include "kernels.h"

static size_t chunk_count(size_t tokens) { return (tokens + CK_SSD_CHUNK - 1) / CK_SSD_CHUNK; }

/// Floats that the heads of a group share in a chunk.
static size_t shared_floats(const ck_ssd *ssd) { return CK_SSD_CHUNK * (ssd->dState + CK_SSD_CHUNK); }

/// Floats for one worker: the mixing matrix, and the chunk's x weighted by what is left of it at the chunk's end.
static size_t workspace_floats(const ck_ssd *ssd) { return CK_SSD_CHUNK * (CK_SSD_CHUNK + ssd->headDim); }

size_t ck_ssd_scratch_floats(const ck_ssd *ssd, size_t tokens, int workers) {
    if (tokens < 2) return 0;
    size_t workspaces = (size_t)(workers < 1 ? 1 : workers) * workspace_floats(ssd);
    return chunk_count(tokens) * ssd->nGroups * shared_floats(ssd) + workspaces;
}

typedef struct {
    ck_ssd_call kernel;
    float *scratch;
} run_call;

static ck_ssd_shared shared_at(const run_call *call, size_t chunk, size_t group) {
    const ck_ssd *ssd = call->kernel.ssd;
    float *transposedB = call->scratch + (chunk * ssd->nGroups + group) * shared_floats(ssd);
    return (ck_ssd_shared){transposedB, transposedB + CK_SSD_CHUNK * ssd->dState};
}

static void step_share(void *context, ck_part part) {
    const run_call *call = context;
    ck_range heads = ck_share(call->kernel.ssd->nHeads, 1, part);
    for (size_t head = heads.begin; head < heads.end; head++) ck_current()->ssd_step(&call->kernel, head);
}

static void share_share(void *context, ck_part part) {
    const run_call *call = context;
    size_t nGroups = call->kernel.ssd->nGroups;
    ck_range parts = ck_share(chunk_count(call->kernel.tokens) * nGroups, 1, part);
    for (size_t i = parts.begin; i < parts.end; i++) {
        ck_current()->ssd_share(&call->kernel, i / nGroups, i % nGroups, shared_at(call, i / nGroups, i % nGroups));
    }
}

static void chunk_share(void *context, ck_part part) {
    const run_call *call = context;
    const ck_ssd *ssd = call->kernel.ssd;
    size_t chunks = chunk_count(call->kernel.tokens);
    float *workspaces = call->scratch + chunks * ssd->nGroups * shared_floats(ssd);
    float *workspace = workspaces + (size_t)part.worker * workspace_floats(ssd);
    ck_range heads = ck_share(ssd->nHeads, 1, part);
    for (size_t head = heads.begin; head < heads.end; head++) {
        size_t group = head / (ssd->nHeads / ssd->nGroups);
        for (size_t chunk = 0; chunk < chunks; chunk++) {
            ck_current()->ssd_chunk(&call->kernel, chunk, head, shared_at(call, chunk, group), workspace);
        }
    }
}

void ck_ssd_run(ck_pool *pool, const ck_ssd *ssd, const float *xBC, size_t xBCStride, const float *dtRaw,
                size_t dtStride, size_t tokens, float *state, float *y, size_t yStride, float *scratch) {
    run_call call = {{ssd, xBC, xBCStride, dtRaw, dtStride, tokens, state, y, yStride}, scratch};
    size_t work = tokens * ssd->nHeads * ssd->headDim * ssd->dState;
    if (tokens == 0) return;
    if (tokens == 1) {
        ck_run_if_worth(pool, work, step_share, &call);
    } else {
        ck_run_if_worth(pool, work, share_share, &call);
        ck_run_if_worth(pool, work, chunk_share, &call);
    }
}
