/// The state-space model of Mamba-2 with headDim along the lanes (`scalar/ssd.c` is the definition).

INLINE const float *b_row(const ck_ssd_call *call, size_t t, size_t group) {
    const ck_ssd *ssd = call->ssd;
    return call->xBC + t * call->xBCStride + ssd->nHeads * ssd->headDim + group * ssd->dState;
}

INLINE const float *c_row(const ck_ssd_call *call, size_t t, size_t group) {
    return b_row(call, t, group) + call->ssd->nGroups * call->ssd->dState;
}

/// Step sizes of sixteen raw ones, their head's bias added.
INLINE f32x16 step_sizes(const ck_ssd *ssd, f32x16 biased) {
    return f_min(f_set(ssd->dtMax), f_max(f_set(ssd->dtMin), v_softplus(biased)));
}

/// Lane 0 of a function of one number.
INLINE float first_lane(f32x16 v) {
    float lanes[CK_LANES];
    f_store(lanes, v);
    return lanes[0];
}

/// One step for `vectors` times sixteen places of a head (n of them when n < 16).
INLINE void step_places(const ck_ssd *ssd, const float *x, const float *B, const float *C, float *h, float *y, float dt,
                        float decay, float D, const int vectors, size_t n) {
    f32x16 dtx[4], sum[4];
    UNROLL for (int v = 0; v < vectors; v++) {
        dtx[v] = f_mul(f_set(dt), load_up_to(x + 16 * v, n));
        sum[v] = f_set(0);
    }
    for (size_t i = 0; i < ssd->dState; i++, h += ssd->headDim) {
        UNROLL for (int v = 0; v < vectors; v++) {
            f32x16 state = f_fma(dtx[v], f_set(B[i]), f_mul(f_set(decay), load_up_to(h + 16 * v, n)));
            store_up_to(h + 16 * v, state, n);
            sum[v] = f_fma(f_set(C[i]), state, sum[v]);
        }
    }
    UNROLL for (int v = 0; v < vectors; v++) {
        store_up_to(y + 16 * v, f_fma(f_set(D), load_up_to(x + 16 * v, n), sum[v]), n);
    }
}

static void ssd_step(const ck_ssd_call *call, size_t head) {
    const ck_ssd *ssd = call->ssd;
    size_t P = ssd->headDim, group = head / (ssd->nHeads / ssd->nGroups), p = 0;
    const float *x = call->xBC + head * P, *B = b_row(call, 0, group), *C = c_row(call, 0, group);
    float *h = call->state + head * ssd->dState * P, *y = call->y + head * P, D = ssd->D[head];
    float dt = first_lane(step_sizes(ssd, f_set(call->dtRaw[head] + ssd->dtBias[head])));
    float decay = first_lane(v_exp(f_set(dt * ssd->A[head])));
    for (; p + 64 <= P; p += 64) step_places(ssd, x + p, B, C, h + p, y + p, dt, decay, D, 4, 16);
    for (; p + 16 <= P; p += 16) step_places(ssd, x + p, B, C, h + p, y + p, dt, decay, D, 1, 16);
    if (p < P) step_places(ssd, x + p, B, C, h + p, y + p, dt, decay, D, 1, P - p);
}

/// Rows of a register tile; its columns are VEC_TILE_COLUMNS vectors, or one.
enum { TILE_ROWS = 4 };

/// sums[r][v] += Σ_k a[r · aStride + k] · b[k · bStride + 16v …], k in order.
INLINE void add_products(f32x16 sums[TILE_ROWS][VEC_TILE_COLUMNS], const float *a, size_t aStride, const float *b,
                         size_t bStride, size_t inner, const int rows, const int vectors, size_t n) {
    for (size_t k = 0; k < inner; k++, b += bStride) {
        f32x16 right[VEC_TILE_COLUMNS];
        UNROLL for (int v = 0; v < vectors; v++) right[v] = load_up_to(b + 16 * v, n);
        UNROLL for (int r = 0; r < rows; r++) {
            f32x16 left = f_set(a[(size_t)r * aStride + k]);
            UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = f_fma(left, right[v], sums[r][v]);
        }
    }
}

/// Runs `tile(rows, vectors, n)` over a `[rowCount, columnCount]` result; it sees `row` and `column`.
#define FOR_ALL_TILES(rowCount, columnCount, tile)                                                        \
    for (size_t row = 0; row < (rowCount); row += row + TILE_ROWS <= (rowCount) ? TILE_ROWS : 1) {       \
        const bool whole = row + TILE_ROWS <= (rowCount);                                                 \
        for (size_t column = 0, wide; column < (columnCount); column += wide) {                           \
            size_t left = (columnCount) - column;                                                         \
            wide = left >= 16 * VEC_TILE_COLUMNS ? 16 * VEC_TILE_COLUMNS : 16;                            \
            if (left >= 16 * VEC_TILE_COLUMNS) {                                                          \
                if (whole) { tile(TILE_ROWS, VEC_TILE_COLUMNS, 16); } else { tile(1, VEC_TILE_COLUMNS, 16); } \
            } else if (left >= 16) {                                                                      \
                if (whole) { tile(TILE_ROWS, 1, 16); } else { tile(1, 1, 16); }                           \
            } else {                                                                                      \
                if (whole) { tile(TILE_ROWS, 1, left); } else { tile(1, 1, left); }                       \
            }                                                                                             \
        }                                                                                                 \
    }

INLINE size_t chunk_length(const ck_ssd_call *call, size_t chunk) {
    size_t left = call->tokens - chunk * CK_SSD_CHUNK;
    return left < CK_SSD_CHUNK ? left : CK_SSD_CHUNK;
}

INLINE void score_tile(const ck_ssd_call *call, const float *C, ck_ssd_shared shared, size_t row, size_t column,
                       const int rows, const int vectors) {
    f32x16 sums[TILE_ROWS][VEC_TILE_COLUMNS];
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = f_set(0);
    }
    add_products(sums, C + row * call->xBCStride, call->xBCStride, shared.transposedB + column, CK_SSD_CHUNK,
                 call->ssd->dState, rows, vectors, 16);
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) {
            f_store(shared.scores + (row + (size_t)r) * CK_SSD_CHUNK + column + 16 * (size_t)v, sums[r][v]);
        }
    }
}

static void ssd_share(const ck_ssd_call *call, size_t chunk, size_t group, ck_ssd_shared shared) {
    size_t first = chunk * CK_SSD_CHUNK, length = chunk_length(call, chunk), N = call->ssd->dState;
    for (size_t t = 0; t < CK_SSD_CHUNK; t++) {
        const float *B = b_row(call, first + (t < length ? t : 0), group);
        for (size_t n = 0; n < N; n++) shared.transposedB[n * CK_SSD_CHUNK + t] = t < length ? B[n] : 0;
    }
    const float *C = c_row(call, first, group);
#define SCORES(rows, vectors, n) \
    if (column < row + (rows)) score_tile(call, C, shared, row, column, rows, vectors)  // later tokens are not seen
    FOR_ALL_TILES(length, (size_t)CK_SSD_CHUNK, SCORES)
#undef SCORES
}

/// One head in one chunk.
typedef struct {
    const ck_ssd_call *call;
    size_t first, length, head, group;
    const float *x;                // of token `first`; rows are xBCStride apart
    float *h, *mixing, *weighted;  // [dState, headDim], [CK_SSD_CHUNK, CK_SSD_CHUNK], [CK_SSD_CHUNK, headDim]
    float dt[CK_SSD_CHUNK], cum[CK_SSD_CHUNK], decay[CK_SSD_CHUNK];  // decay = exp(cum)
} head_chunk;

static void prepare_steps(head_chunk *c) {
    const ck_ssd *ssd = c->call->ssd;
    for (size_t t = 0; t < CK_SSD_CHUNK; t++) {
        size_t at = (c->first + t) * c->call->dtStride + c->head;
        c->dt[t] = t < c->length ? c->call->dtRaw[at] + ssd->dtBias[c->head] : 0;
    }
    for (size_t t = 0; t < CK_SSD_CHUNK; t += CK_LANES) f_store(c->dt + t, step_sizes(ssd, f_load(c->dt + t)));
    float cum = 0;
    for (size_t t = 0; t < CK_SSD_CHUNK; t++) c->cum[t] = cum = __builtin_fmaf(c->dt[t], ssd->A[c->head], cum);
    for (size_t t = 0; t < CK_SSD_CHUNK; t += CK_LANES) f_store(c->decay + t, v_exp(f_load(c->cum + t)));
}

/// M[t, s] = G[t, s] · exp(cum_t − cum_s) · dt_s; what lies past s = t is not read.
static void prepare_mixing(head_chunk *c, const float *scores) {
    for (size_t t = 0; t < c->length; t++) {
        for (size_t s = 0; s <= t; s += CK_LANES) {
            f32x16 decay = v_exp(f_sub(f_set(c->cum[t]), f_load(c->cum + s)));
            f32x16 mixing = f_mul(f_mul(f_load(scores + t * CK_SSD_CHUNK + s), decay), f_load(c->dt + s));
            f_store(c->mixing + t * CK_SSD_CHUNK + s, mixing);
        }
    }
}

/// x weighted by what is left of it at the end of the chunk.
static void prepare_weighted(head_chunk *c) {
    size_t P = c->call->ssd->headDim;
    float factors[CK_SSD_CHUNK];
    f32x16 end = f_set(c->cum[c->length - 1]);
    for (size_t s = 0; s < CK_SSD_CHUNK; s += CK_LANES) {
        f_store(factors + s, f_mul(v_exp(f_sub(end, f_load(c->cum + s))), f_load(c->dt + s)));
    }
    for (size_t s = 0; s < c->length; s++) {
        const float *x = c->x + s * c->call->xBCStride;
        for (size_t p = 0; p < P; p += CK_LANES) {
            store_up_to(c->weighted + s * P + p, f_mul(f_set(factors[s]), load_up_to(x + p, P - p)), P - p);
        }
    }
}

INLINE void output_tile(const head_chunk *c, size_t t, size_t p, const int rows, const int vectors, size_t n) {
    const ck_ssd *ssd = c->call->ssd;
    size_t xStride = c->call->xBCStride;
    const float *C = c_row(c->call, c->first + t, c->group), *mixing = c->mixing + t * CK_SSD_CHUNK;
    f32x16 inside[TILE_ROWS][VEC_TILE_COLUMNS], before[TILE_ROWS][VEC_TILE_COLUMNS];
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) inside[r][v] = before[r][v] = f_set(0);
    }
    add_products(inside, mixing, CK_SSD_CHUNK, c->x + p, xStride, t + 1, rows, vectors, n);
    UNROLL for (int r = 1; r < rows; r++) {  // the triangle: row t + r sees r more
        UNROLL for (int s = 1; s <= r; s++) {
            f32x16 left = f_set(mixing[(size_t)r * CK_SSD_CHUNK + t + (size_t)s]);
            UNROLL for (int v = 0; v < vectors; v++) {
                f32x16 x = load_up_to(c->x + (t + (size_t)s) * xStride + p + 16 * (size_t)v, n);
                inside[r][v] = f_fma(left, x, inside[r][v]);
            }
        }
    }
    add_products(before, C, xStride, c->h + p, ssd->headDim, ssd->dState, rows, vectors, n);
    UNROLL for (int r = 0; r < rows; r++) {
        size_t at = t + (size_t)r;
        UNROLL for (int v = 0; v < vectors; v++) {
            f32x16 x = load_up_to(c->x + at * xStride + p + 16 * (size_t)v, n);
            f32x16 y = f_fma(f_set(ssd->D[c->head]), x, f_fma(f_set(c->decay[at]), before[r][v], inside[r][v]));
            float *out = c->call->y + (c->first + at) * c->call->yStride + c->head * ssd->headDim + p;
            store_up_to(out + 16 * v, y, n);
        }
    }
}

INLINE void state_tile(const head_chunk *c, const float *transposedB, size_t i, size_t p, const int rows,
                       const int vectors, size_t n) {
    size_t P = c->call->ssd->headDim;
    f32x16 sums[TILE_ROWS][VEC_TILE_COLUMNS], decay = f_set(c->decay[c->length - 1]);
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) {
            sums[r][v] = f_mul(decay, load_up_to(c->h + (i + (size_t)r) * P + p + 16 * (size_t)v, n));
        }
    }
    add_products(sums, transposedB + i * CK_SSD_CHUNK, CK_SSD_CHUNK, c->weighted + p, P, c->length, rows, vectors, n);
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) {
            store_up_to(c->h + (i + (size_t)r) * P + p + 16 * (size_t)v, sums[r][v], n);
        }
    }
}

static void ssd_chunk(const ck_ssd_call *call, size_t chunk, size_t head, ck_ssd_shared shared, float *workspace) {
    const ck_ssd *ssd = call->ssd;
    size_t P = ssd->headDim, N = ssd->dState;
    head_chunk c = {
        .call = call, .first = chunk * CK_SSD_CHUNK, .length = chunk_length(call, chunk), .head = head,
        .group = head / (ssd->nHeads / ssd->nGroups), .h = call->state + head * N * P, .mixing = workspace,
        .weighted = workspace + CK_SSD_CHUNK * CK_SSD_CHUNK};
    c.x = call->xBC + c.first * call->xBCStride + head * P;
    prepare_steps(&c);
    prepare_mixing(&c, shared.scores);
    prepare_weighted(&c);
#define OUTPUT(rows, vectors, n) output_tile(&c, row, column, rows, vectors, n)
    FOR_ALL_TILES(c.length, P, OUTPUT)
#undef OUTPUT
#define STATE(rows, vectors, n) state_tile(&c, shared.transposedB, row, column, rows, vectors, n)
    FOR_ALL_TILES(N, P, STATE)
#undef STATE
}
