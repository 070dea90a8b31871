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

static void masses_above(const float *x, size_t count, size_t step, float largest, float scale,
                         const float *thresholds, double *masses, double *counts) {
    f32x16 best = f_set(largest), factor = f_set(scale), one = f_set(1), bounds[CK_THRESHOLDS];
    UNROLL for (int t = 0; t < CK_THRESHOLDS; t++) {
        bounds[t] = f_set(thresholds[t]);
        masses[t] = counts[t] = 0;
    }
    const size_t stride = CK_LANES * step, block = CK_MASS_RUNS * stride;
    for (size_t first = 0; first < count; first += block) {
        size_t end = count - first < block ? count : first + block;
        f32x16 sums[CK_THRESHOLDS], numbers[CK_THRESHOLDS];
        UNROLL for (int t = 0; t < CK_THRESHOLDS; t++) sums[t] = numbers[t] = f_set(0);
        for (size_t i = first; i < end; i += stride) {
            f32x16 v = count - i >= CK_LANES ? f_load(x + i) : f_load_first(x + i, count - i, -INFINITY);
            f32x16 mass = v_exp_rough(f_mul(f_sub(v, best), factor));
            UNROLL for (int t = 0; t < CK_THRESHOLDS; t++) {
                sums[t] = f_add_where_above(sums[t], mass, v, bounds[t]);
                numbers[t] = f_add_where_above(numbers[t], one, v, bounds[t]);
            }
        }
        UNROLL for (int t = 0; t < CK_THRESHOLDS; t++) {
            masses[t] += (double)f_sum(sums[t]);
            counts[t] += (double)f_sum(numbers[t]);
        }
    }
}

static size_t collect(const float *x, size_t count, float above, float upTo, float *values, int32_t *indices,
                      size_t capacity) {
    f32x16 least = f_set(above), most = f_set(upTo);
    size_t found = 0;
    for (size_t i = 0; i < count && found < capacity; i += CK_LANES) {
        f32x16 v = count - i >= CK_LANES ? f_load(x + i) : f_load_first(x + i, count - i, above);
        uint32_t wanted = lanes_above(v, least);
        if (!wanted) continue;
        for (wanted &= ~lanes_above(v, most); wanted && found < capacity; wanted &= wanted - 1) {
            size_t index = i + (size_t)__builtin_ctz(wanted);
            values[found] = x[index];
            indices[found++] = (int32_t)index;
        }
    }
    return found;
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

static ck_moments moments(const float *x, size_t count) {
    float best = largest(x, count);
    f32x16 sums = f_set(0), weighted = f_set(0), lowest = f_set(CK_EXP_MIN);
    size_t i = 0;
    for (; i + CK_LANES <= count; i += CK_LANES) {
        f32x16 below = f_max(lowest, f_sub(f_load(x + i), f_set(best))), weight = v_exp(below);
        sums = f_add(sums, weight);
        weighted = f_fma(weight, below, weighted);
    }
    if (i < count) {  // lanes past the end have no weight, as far as a sum can tell
        f32x16 below = f_max(lowest, f_sub(f_load_first(x + i, count - i, -INFINITY), f_set(best)));
        f32x16 weight = v_exp(below);
        sums = f_add(sums, weight);
        weighted = f_fma(weight, below, weighted);
    }
    return (ck_moments){best, f_sum(sums), f_sum(weighted)};
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
