/// Attention of the queries of one key-value head over one page: scores with positions along the lanes, then values
/// with headDim along them. Queries go together in register tiles, so that each key and value is loaded and widened
/// once for several of them (`scalar/attention.c` is the definition).

/// Element i and on of an array that is f16 when `half`; the first n when n < 16.
INLINE f32x16 load_cached(const bool half, const void *elements, size_t i, size_t n) {
    if (!half) return load_up_to((const float *)elements + i, n);
    const uint16_t *from = (const uint16_t *)elements + i;
    if (n >= CK_LANES) return f_load_half(from);
    uint16_t padded[CK_LANES] = {0};
    memcpy(padded, from, n * sizeof *from);
    return f_load_half(padded);
}

/// What a tile of rows works on.
typedef struct {
    const ck_attention_call *call;
    size_t kvHead, row, page;
    float *scores;    // [rows, CK_PAGE_TOKENS]: scores, then weights
    float *partials;  // of the first row
} attend_at;

/// Scaled scores of `rows` queries at `vectors` times sixteen positions from i, a multiple of sixteen.
INLINE void score_rows(attend_at at, const bool half, size_t i, const int rows, const int vectors) {
    const ck_attention *attention = at.call->attention;
    const void *keys = at.call->keyPages[at.page];
    const float *q[VEC_ATTEND_ROWS];
    f32x16 sums[VEC_ATTEND_ROWS][VEC_ATTEND_SUMS];
    UNROLL for (int r = 0; r < rows; r++) {
        q[r] = ck_query(at.call, at.kvHead, at.row + (size_t)r);
        UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = f_set(0);
    }
    size_t key = at.kvHead * attention->headDim * CK_PAGE_TOKENS + i;
    for (size_t d = 0; d < attention->headDim; d++, key += CK_PAGE_TOKENS) {
        UNROLL for (int v = 0; v < vectors; v++) {
            f32x16 k = load_cached(half, keys, key + 16 * (size_t)v, 16);
            UNROLL for (int r = 0; r < rows; r++) sums[r][v] = f_fma(f_set(q[r][d]), k, sums[r][v]);
        }
    }
    UNROLL for (int r = 0; r < rows; r++) {
        float *scores = at.scores + r * CK_PAGE_TOKENS + i;
        UNROLL for (int v = 0; v < vectors; v++) {
            f_store(scores + 16 * v, f_mul(sums[r][v], f_set(attention->scale)));
        }
    }
}

/// Turns one row's scores at `seen` into weights, and notes their largest and their sum.
INLINE void weigh_row(float *scores, ck_range seen, float *best, float *sum) {
    size_t first = seen.begin / CK_LANES * CK_LANES, stop = (seen.end + CK_LANES - 1) / CK_LANES * CK_LANES;
    // Positions outside may hold anything: they are replaced, not multiplied by 0.
    for (size_t i = first; i < seen.begin; i++) scores[i] = -INFINITY;
    for (size_t i = seen.end; i < stop; i++) scores[i] = -INFINITY;
    f32x16 most = f_set(-INFINITY), sums = f_set(0);
    for (size_t i = first; i < stop; i += CK_LANES) most = f_max(f_load(scores + i), most);
    *best = f_largest(most);
    most = f_set(*best);
    for (size_t i = first; i < stop; i += CK_LANES) {
        f32x16 weight = v_exp(f_sub(f_load(scores + i), most));
        f_store(scores + i, weight);
        sums = f_add(sums, weight);
    }
    *sum = f_sum(sums);
}

/// Adds weight · value of some positions for `rows` queries, at `vectors` times sixteen places of the head from d on
/// (n of them when n < 16).
INLINE void add_values(attend_at at, const bool half, ck_range positions, size_t d, const int rows, const int vectors,
                       size_t n) {
    size_t P = at.call->attention->headDim, stride = ck_partial_floats(P);
    const void *values = at.call->valuePages[at.page];
    f32x16 sums[VEC_ATTEND_ROWS][4];
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) {
            sums[r][v] = f_load(at.partials + (size_t)r * stride + d + 16 * (size_t)v);
        }
    }
    size_t value = (at.kvHead * CK_PAGE_TOKENS + positions.begin) * P + d;
    for (size_t i = positions.begin; i < positions.end; i++, value += P) {
        f32x16 loaded[4];
        UNROLL for (int v = 0; v < vectors; v++) loaded[v] = load_cached(half, values, value + 16 * (size_t)v, n);
        UNROLL for (int r = 0; r < rows; r++) {
            f32x16 weight = f_set(at.scores[r * CK_PAGE_TOKENS + i]);
            UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = f_fma(weight, loaded[v], sums[r][v]);
        }
    }
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < vectors; v++) {
            f_store(at.partials + (size_t)r * stride + d + 16 * (size_t)v, sums[r][v]);
        }
    }
}

INLINE void add_all_values(attend_at at, const bool half, ck_range positions, const int rows) {
    size_t P = at.call->attention->headDim, d = 0;
    if (positions.begin >= positions.end) return;
    for (; d + 16 * VEC_ATTEND_COLUMNS <= P; d += 16 * VEC_ATTEND_COLUMNS) {
        add_values(at, half, positions, d, rows, VEC_ATTEND_COLUMNS, 16);
    }
    for (; d + 16 <= P; d += 16) add_values(at, half, positions, d, rows, 1, 16);
    if (d < P) add_values(at, half, positions, d, rows, 1, P - d);
}

INLINE void attend_rows(attend_at at, const bool half, const int rows) {
    size_t P = at.call->attention->headDim, stride = ck_partial_floats(P);
    ck_range seen[VEC_ATTEND_ROWS], any = {CK_PAGE_TOKENS, 0}, all = {0, CK_PAGE_TOKENS};
    for (int r = 0; r < rows; r++) {
        seen[r] = ck_seen(at.call, at.row + (size_t)r, at.page);
        if (seen[r].begin < seen[r].end && seen[r].begin < any.begin) any.begin = seen[r].begin;
        if (seen[r].end > any.end) any.end = seen[r].end;
        if (seen[r].begin > all.begin) all.begin = seen[r].begin;
        if (seen[r].end < all.end) all.end = seen[r].end;
    }
    if (any.begin >= any.end) return;
    const int vectors = VEC_ATTEND_SUMS / rows;
    size_t i = any.begin / CK_LANES * CK_LANES;
    for (; i + 16 * (size_t)vectors <= (any.end + 15) / 16 * 16; i += 16 * (size_t)vectors) {
        score_rows(at, half, i, rows, vectors);
    }
    for (; i < any.end; i += CK_LANES) score_rows(at, half, i, rows, 1);

    // Positions that all rows see go together; those before and after them are added row by row, in order.
    bool shared = all.begin < all.end;
    for (int r = 0; r < rows; r++) {
        float *partial = at.partials + (size_t)r * stride;
        for (size_t d = 0; d < stride; d += CK_LANES) f_store(partial + d, f_set(0));
        if (seen[r].begin == seen[r].end) continue;
        weigh_row(at.scores + r * CK_PAGE_TOKENS, seen[r], ck_partial_best(partial, P), ck_partial_sum(partial, P));
        attend_at one = at;
        one.scores += r * CK_PAGE_TOKENS;
        one.partials = partial;
        add_all_values(one, half, (ck_range){seen[r].begin, shared ? all.begin : seen[r].end}, 1);
    }
    if (!shared) return;
    add_all_values(at, half, all, rows);
    for (int r = 0; r < rows; r++) {
        attend_at one = at;
        one.scores += r * CK_PAGE_TOKENS;
        one.partials += (size_t)r * stride;
        add_all_values(one, half, (ck_range){all.end, seen[r].end}, 1);
    }
}

INLINE void attend_page_as(attend_at at, const bool half, size_t end) {
    size_t stride = ck_partial_floats(at.call->attention->headDim);
    while (at.row < end) {
        size_t left = end - at.row, rows = 1;
        if (left >= VEC_ATTEND_ROWS) {
            attend_rows(at, half, rows = VEC_ATTEND_ROWS);
        } else if (VEC_ATTEND_ROWS > 3 && left >= 3) {  // a usual number of heads that share keys
            attend_rows(at, half, rows = 3);
        } else {
            attend_rows(at, half, 1);
        }
        at.row += rows;
        at.partials += rows * stride;
    }
}

static void attend_page(const ck_attention_call *call, size_t kvHead, ck_range rows, size_t page, float *scores,
                        float *partials) {
    attend_at at = {call, kvHead, rows.begin, page, scores, partials};
    if (call->attention->half) {
        attend_page_as(at, true, rows.end);
    } else {
        attend_page_as(at, false, rows.end);
    }
}

static void merge_pages(float *whole, float *page, size_t headDim) {
    float *best = ck_partial_best(whole, headDim), *sum = ck_partial_sum(whole, headDim);
    float pageBest = *ck_partial_best(page, headDim), most = pageBest > *best ? pageBest : *best;
    f32x16 before = v_exp(f_set(*best - most)), here = v_exp(f_set(pageBest - most));
    *sum = __builtin_fmaf(first_lane(here), *ck_partial_sum(page, headDim), first_lane(before) * *sum);
    *best = most;
    for (size_t d = 0; d < headDim; d += CK_LANES) {  // there is room behind the last
        f_store(whole + d, f_fma(here, f_load(page + d), f_mul(before, f_load(whole + d))));
    }
}
