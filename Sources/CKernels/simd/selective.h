/// The selective scan of Mamba-1 with channels along the lanes (`scalar/selective.c` is the definition).

/// Rows of the state that stay in registers over all tokens, and how many channels before they are needed they are asked
/// for: a lone token waits for little else, and processors don't see what comes next as each row is elsewhere.
enum { SCAN_ROWS = 16, SCAN_AHEAD = 2 * CK_LANES };

/// Rows of sixteen channels' states, and what leads from one token to the next.
typedef struct {
    f32x16 h[SCAN_ROWS];
    // Together, as rows a power of two apart would push each other out of the cache.
    float A[SCAN_ROWS * CK_LANES];
} scan_state;

/// One token. `near` promises that no dt · A is beyond ±CK_EXP_NEAR.
INLINE f32x16 scan_token(scan_state *state, const int rows, const bool near, f32x16 dt, f32x16 x, const float *B,
                         const float *C, f32x16 sum) {
    f32x16 dtx = f_mul(dt, x);
    UNROLL for (int r = 0; r < rows; r++) {
        f32x16 exponent = f_mul(dt, f_load(state->A + CK_LANES * r)), decay = near ? v_exp_near(exponent) : v_exp(exponent);
        state->h[r] = f_fma(dtx, f_set(B[r]), f_mul(decay, state->h[r]));
        sum = f_fma(f_set(C[r]), state->h[r], sum);
    }
    return sum;
}

/// Sixteen channels (n of them when n < 16) from c on, `rows` rows of the state from `row` on, over all tokens.
///
/// The first rows turn dt into step sizes, sums wait in y for further rows, and the last ones finish y.
INLINE void scan_rows(const ck_selective_call *call, size_t c, size_t n, size_t row, const int rows) {
    const ck_selective *scan = call->scan;
    bool first = row == 0, last = row + (size_t)rows == scan->dState;
    float *rowsOfState = call->state + row * scan->dInner + c;
    scan_state state;
    f32x16 least = f_set(0);
    bool decays = true;
    UNROLL for (int r = 0; r < rows; r++) {
        const float *h = rowsOfState + (size_t)r * scan->dInner;
        const float *rates = scan->A + (row + (size_t)r) * scan->dInner + c;
        state.h[r] = load_up_to(h, n);
        if (call->tokens == 1) {
            __builtin_prefetch(rates + SCAN_AHEAD);
            __builtin_prefetch(h + SCAN_AHEAD);
        }
        f32x16 A = load_up_to(rates, n);
        f_store(state.A + CK_LANES * r, A);
        least = f_min(A, least);
        decays = decays && f_all_above(f_set(0), A);
    }
    f32x16 bias = load_up_to(scan->dtBias + c, n), D = load_up_to(scan->D + c, n);
    for (size_t t = 0; t < call->tokens; t++) {
        const float *B = call->BC + t * call->BCStride + row, *C = B + scan->dState;
        float *steps = call->dt + t * call->dtStride + c, *y = call->y + t * call->yStride + c;
        f32x16 x = load_up_to(call->x + t * call->xStride + c, n), dt = load_up_to(steps, n), sum = f_set(0);
        if (first) {
            dt = v_softplus(f_add(dt, bias));
            store_up_to(steps, dt, n);
        } else {
            sum = load_up_to(y, n);
        }
        // No step is negative, so that the least A tells; a NaN is above nothing.
        bool near = decays && f_all_above(f_mul(dt, least), f_set(-CK_EXP_NEAR));
        sum = near ? scan_token(&state, rows, true, dt, x, B, C, sum) : scan_token(&state, rows, false, dt, x, B, C, sum);
        if (last) {
            f32x16 gate = v_silu(load_up_to(call->z + t * call->zStride + c, n));
            sum = f_mul(f_fma(D, x, sum), gate);
        }
        store_up_to(y, sum, n);
    }
    UNROLL for (int r = 0; r < rows; r++) store_up_to(rowsOfState + (size_t)r * scan->dInner, state.h[r], n);
}

INLINE void scan_channels(const ck_selective_call *call, size_t c, size_t n) {
    size_t row = 0, rows = call->scan->dState;
    for (; row + SCAN_ROWS <= rows; row += SCAN_ROWS) scan_rows(call, c, n, row, SCAN_ROWS);
    for (; row + 4 <= rows; row += 4) scan_rows(call, c, n, row, 4);
    for (; row < rows; row++) scan_rows(call, c, n, row, 1);
}

static void selective_scan(const ck_selective_call *call, ck_range channels) {
    size_t c = channels.begin;
    for (; c + CK_LANES <= channels.end; c += CK_LANES) scan_channels(call, c, CK_LANES);
    if (c < channels.end) scan_channels(call, c, channels.end - c);
}
