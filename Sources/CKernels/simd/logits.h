/// Reductions over the vocabulary.

static float largest(const float *x, size_t count) {
    f32x16 best = f_set(-INFINITY);
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) best = f_max(f_load(x + i), best);  // a NaN is passed over
    if (i < count) best = f_max(f_load_first(x + i, count - i, -INFINITY), best);
    return f_largest(best);
}

static size_t argmax(const float *x, size_t count) {
    f32x16 best = f_set(largest(x, count));
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) {
        uint32_t equal = f_equal(f_load(x + i), best);
        if (equal) return i + (size_t)__builtin_ctz(equal);
    }
    uint32_t equal = f_equal(f_load_first(x + i, count - i, NAN), best);
    return equal ? i + (size_t)__builtin_ctz(equal) : 0;
}

/// Bit i tells whether lane i is greater than the threshold, in all lanes of which it is the same; a NaN is not.
INLINE uint32_t lanes_above(f32x16 v, f32x16 threshold) { return ~f_equal(f_max(v, threshold), threshold) & 0xffff; }

static size_t find_above(const float *x, size_t from, size_t count, float threshold) {
    f32x16 least = f_set(threshold);
    for (; from + 4 * CK_LANES <= count; from += 4 * CK_LANES) {
        f32x16 most = f_max(f_load(x + from), least);
        UNROLL for (size_t v = 1; v < 4; v++) most = f_max(f_load(x + from + CK_LANES * v), most);
        if (lanes_above(most, least)) break;
    }
    for (; from < count; from += CK_LANES) {
        size_t left = count - from;
        f32x16 v = left >= CK_LANES ? f_load(x + from) : f_load_first(x + from, left, threshold);
        uint32_t above = lanes_above(v, least);
        if (above) return from + (size_t)__builtin_ctz(above);
    }
    return count;
}

static void softmax(const float *x, float *out, size_t count) {
    f32x16 best = f_set(largest(x, count)), sums = f_set(0);
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) {
        f32x16 v = v_exp(f_sub(f_load(x + i), best));
        f_store(out + i, v);
        sums = f_add(sums, v);
    }
    if (i < count) {  // lanes past the end hold exp(−∞) = 0
        f32x16 v = v_exp(f_sub(f_load_first(x + i, count - i, -INFINITY), best));
        f_store_first(out + i, v, count - i);
        sums = f_add(sums, v);
    }
    f32x16 sum = f_set(f_sum(sums));
    FOR_ALL_LANES(out, out, count, f_div(v, sum));
}

static float log_sum_exp(const float *x, size_t count) {
    float best = largest(x, count);
    f32x16 sums = f_set(0);
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) sums = f_add(sums, v_exp(f_sub(f_load(x + i), f_set(best))));
    if (i < count) sums = f_add(sums, v_exp(f_sub(f_load_first(x + i, count - i, -INFINITY), f_set(best))));
    return ck_log_of_sum(best, f_sum(sums));
}

// Integer sums have no order, so the compiler is free to vectorise these.

static size_t count_nonfinite(const float *x, size_t count) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += (ck_bits(x[i]) & 0x7f800000) == 0x7f800000;
    return found;
}

static uint64_t read_words(const uint64_t *words, size_t count) {
    uint64_t mixed = 0;
    for (size_t i = 0; i < count; i++) mixed ^= words[i];
    return mixed;
}
