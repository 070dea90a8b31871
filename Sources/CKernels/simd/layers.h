/// Norms, elementwise functions and the convolution over sixteen lanes.

/// Sixteen values, or the first n when fewer are left (the others 0).
INLINE f32x16 load_up_to(const float *p, size_t n) { return n >= CK_LANES ? f_load(p) : f_load_first(p, n, 0); }
INLINE void store_up_to(float *p, f32x16 v, size_t n) {
    if (n >= CK_LANES) {
        f_store(p, v);
    } else {
        f_store_first(p, v, n);
    }
}

static void rms_norm(const float *x, const float *weight, float *y, size_t n, float eps) {
    f32x16 squares = f_set(0);
    for (size_t i = 0; i < n; i += CK_LANES) {
        f32x16 v = load_up_to(x + i, n - i);
        squares = f_fma(v, v, squares);
    }
    f32x16 scale = f_set(1 / __builtin_sqrtf(f_sum(squares) / (float)n + eps));
    for (size_t i = 0; i < n; i += CK_LANES) {
        f32x16 v = f_mul(f_mul(load_up_to(x + i, n - i), scale), load_up_to(weight + i, n - i));
        store_up_to(y + i, v, n - i);
    }
}

static void layer_norm(const float *x, const float *weight, const float *bias, float *y, size_t n, float eps) {
    f32x16 sums = f_set(0), squares = f_set(0);
    for (size_t i = 0; i < n; i += CK_LANES) sums = f_add(sums, load_up_to(x + i, n - i));
    float middle = f_sum(sums) / (float)n;
    f32x16 mean = f_set(middle);
    for (size_t i = 0; i < n; i += CK_LANES) {
        f32x16 v = n - i >= CK_LANES ? f_load(x + i) : f_load_first(x + i, n - i, middle);
        squares = f_fma(f_sub(v, mean), f_sub(v, mean), squares);
    }
    f32x16 scale = f_set(1 / __builtin_sqrtf(f_sum(squares) / (float)n + eps));
    for (size_t i = 0; i < n; i += CK_LANES) {
        f32x16 v = f_mul(f_sub(load_up_to(x + i, n - i), mean), scale);
        store_up_to(y + i, f_fma(v, load_up_to(weight + i, n - i), load_up_to(bias + i, n - i)), n - i);
    }
}

static void gated_rms_norm(float *y, const float *z, const float *weight, size_t n, size_t groups, float eps) {
    size_t width = n / groups;
    for (size_t i = 0; i < n; i += CK_LANES) {
        f32x16 v = f_mul(load_up_to(y + i, n - i), v_silu(load_up_to(z + i, n - i)));
        store_up_to(y + i, v, n - i);
    }
    for (size_t first = 0; first < n; first += width) rms_norm(y + first, weight + first, y + first, width, eps);
}

static void silu_multiply(const float *gate, const float *up, float *out, size_t count) {
    for (size_t i = 0; i < count; i += CK_LANES) {
        f32x16 v = f_mul(v_silu(load_up_to(gate + i, count - i)), load_up_to(up + i, count - i));
        store_up_to(out + i, v, count - i);
    }
}

static void gelu_tanh_multiply(const float *gate, const float *up, float *out, size_t count) {
    for (size_t i = 0; i < count; i += CK_LANES) {
        f32x16 v = f_mul(v_gelu_tanh(load_up_to(gate + i, count - i)), load_up_to(up + i, count - i));
        store_up_to(out + i, v, count - i);
    }
}

static void add_scaled(float *x, const float *y, float scale, size_t count) {
    for (size_t i = 0; i < count; i += CK_LANES) {
        f32x16 v = f_fma(f_set(scale), load_up_to(y + i, count - i), load_up_to(x + i, count - i));
        store_up_to(x + i, v, count - i);
    }
}

/// Inputs from channel c at time t; times before 0 are in the state.
INLINE const float *conv_input(const ck_conv_call *call, ptrdiff_t t, size_t c) {
    ptrdiff_t kept = (ptrdiff_t)call->dConv - 1;
    return t < 0 ? call->state + (size_t)(kept + t) * call->channels + c : call->x + (size_t)t * call->xStride + c;
}

/// `vectors` times sixteen channels (the last n of them when n < 16) over all tokens, then their state.
INLINE void conv_channels(const ck_conv_call *call, size_t c, const int vectors, size_t n) {
    ptrdiff_t kept = (ptrdiff_t)call->dConv - 1, tokens = (ptrdiff_t)call->tokens;
    for (ptrdiff_t t = 0; t < tokens; t++) {
        f32x16 sum[4];
        UNROLL for (int v = 0; v < vectors; v++) {
            sum[v] = call->bias ? load_up_to(call->bias + c + 16 * v, n) : f_set(0);
        }
        for (ptrdiff_t j = 0; j <= kept; j++) {
            const float *weight = call->weight + (size_t)j * call->channels + c, *x = conv_input(call, t - kept + j, c);
            UNROLL for (int v = 0; v < vectors; v++) {
                sum[v] = f_fma(load_up_to(weight + 16 * v, n), load_up_to(x + 16 * v, n), sum[v]);
            }
        }
        float *out = call->out + (size_t)t * call->channels + c;
        UNROLL for (int v = 0; v < vectors; v++) store_up_to(out + 16 * v, call->silu ? v_silu(sum[v]) : sum[v], n);
    }
    for (ptrdiff_t i = 0; i < kept; i++) {
        const float *x = conv_input(call, tokens - kept + i, c);
        UNROLL for (int v = 0; v < vectors; v++) {
            store_up_to(call->state + (size_t)i * call->channels + c + 16 * v, load_up_to(x + 16 * v, n), n);
        }
    }
}

static void conv(const ck_conv_call *call, ck_range channels) {
    size_t c = channels.begin;
    for (; c + 64 <= channels.end; c += 64) conv_channels(call, c, 4, 16);
    for (; c + 16 <= channels.end; c += 16) conv_channels(call, c, 1, 16);
    if (c < channels.end) conv_channels(call, c, 1, channels.end - c);
}
