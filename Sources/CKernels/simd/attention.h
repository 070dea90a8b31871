/// Attention of one query of one head: scores with positions along the lanes, then values with headDim along them.

/// Element i and on of an array that is f16 when `half`; the first n when n < 16.
INLINE f32x16 load_cached(const bool half, const void *elements, size_t i, size_t n) {
    if (!half) return load_up_to((const float *)elements + i, n);
    const uint16_t *from = (const uint16_t *)elements + i;
    if (n >= CK_LANES) return f_load_half(from);
    uint16_t padded[CK_LANES] = {0};
    memcpy(padded, from, n * sizeof *from);
    return f_load_half(padded);
}

/// Scaled scores of `vectors` times sixteen positions from i, a multiple of sixteen.
INLINE void score_positions(const ck_attention *attention, const bool half, const float *q, const void *keys,
                            size_t kvHead, size_t i, float *scores, const int vectors) {
    f32x16 sums[4];
    UNROLL for (int v = 0; v < vectors; v++) sums[v] = f_set(0);
    size_t at = kvHead * attention->headDim * CK_PAGE_TOKENS + i % CK_PAGE_TOKENS;
    for (size_t d = 0; d < attention->headDim; d++, at += CK_PAGE_TOKENS) {
        UNROLL for (int v = 0; v < vectors; v++) {
            sums[v] = f_fma(f_set(q[d]), load_cached(half, keys, at + 16 * (size_t)v, 16), sums[v]);
        }
    }
    UNROLL for (int v = 0; v < vectors; v++) f_store(scores + 16 * v, f_mul(sums[v], f_set(attention->scale)));
}

/// Σ weight · value for `vectors` times sixteen places of a head (n of them when n < 16), divided by `sum`.
INLINE void weigh_values(const ck_attention_call *call, const bool half, size_t kvHead, size_t begin, size_t end,
                         const float *weights, float sum, size_t d, float *out, const int vectors, size_t n) {
    size_t P = call->attention->headDim;
    f32x16 sums[4];
    UNROLL for (int v = 0; v < vectors; v++) sums[v] = f_set(0);
    for (size_t i = begin; i < end; i++) {
        const void *values = call->valuePages[i / CK_PAGE_TOKENS];
        size_t at = (kvHead * CK_PAGE_TOKENS + i % CK_PAGE_TOKENS) * P + d;
        f32x16 weight = f_set(weights[i - begin]);
        UNROLL for (int v = 0; v < vectors; v++) {
            sums[v] = f_fma(weight, load_cached(half, values, at + 16 * (size_t)v, n), sums[v]);
        }
    }
    UNROLL for (int v = 0; v < vectors; v++) store_up_to(out + d + 16 * v, f_div(sums[v], f_set(sum)), n);
}

INLINE void attend_as(const ck_attention_call *call, const bool half, size_t head, size_t token, float *scores) {
    const ck_attention *attention = call->attention;
    size_t P = attention->headDim, kvHead = head / (attention->nHeads / attention->nKVHeads);
    size_t end = call->start + token + 1;
    size_t begin = attention->window && end > attention->window ? end - attention->window : 0;
    size_t base = begin / CK_LANES * CK_LANES, stop = (end + CK_LANES - 1) / CK_LANES * CK_LANES;
    const float *q = call->q + token * call->qStride + head * P;
    float *out = call->out + token * call->outStride + head * P;

    for (size_t i = base, wide; i < stop; i += wide) {
        const void *keys = call->keyPages[i / CK_PAGE_TOKENS];
        wide = i % 64 == 0 && i + 64 <= stop ? 64 : 16;  // 64 divides a page
        if (wide == 64) {
            score_positions(attention, half, q, keys, kvHead, i, scores + (i - base), 4);
        } else {
            score_positions(attention, half, q, keys, kvHead, i, scores + (i - base), 1);
        }
    }
    // Positions outside may hold anything: they are replaced, not multiplied by 0.
    for (size_t i = base; i < begin; i++) scores[i - base] = -INFINITY;
    for (size_t i = end; i < stop; i++) scores[i - base] = -INFINITY;

    f32x16 best = f_set(-INFINITY), sums = f_set(0);
    for (size_t i = 0; i < stop - base; i += CK_LANES) best = f_max(f_load(scores + i), best);
    best = f_set(f_largest(best));
    for (size_t i = 0; i < stop - base; i += CK_LANES) {
        f32x16 weight = v_exp(f_sub(f_load(scores + i), best));
        f_store(scores + i, weight);
        sums = f_add(sums, weight);
    }
    float sum = f_sum(sums);
    const float *weights = scores + (begin - base);
    size_t d = 0;
    for (; d + 64 <= P; d += 64) weigh_values(call, half, kvHead, begin, end, weights, sum, d, out, 4, 16);
    for (; d + 16 <= P; d += 16) weigh_values(call, half, kvHead, begin, end, weights, sum, d, out, 1, 16);
    if (d < P) weigh_values(call, half, kvHead, begin, end, weights, sum, d, out, 1, P - d);
}

static void attend(const ck_attention_call *call, size_t head, size_t token, float *scores) {
    if (call->attention->half) {
        attend_as(call, true, head, token, scores);
    } else {
        attend_as(call, false, head, token, scores);
    }
}
