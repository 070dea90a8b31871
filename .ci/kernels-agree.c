/// Runs every kernel on every instruction set of this processor, with one worker and with three, and compares the bits
/// with those of the plain definitions. For processors that the Swift tests can't run on; `check-neon` runs it.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

typedef struct { float *out; size_t count; } result;
typedef result (*kernel_test)(ck_pool *pool, int variant);

static uint64_t seed;

static float uniform(float scale) {  // SplitMix64, as the Swift tests
    seed += 0x9e3779b97f4a7c15;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return ((float)((z ^ (z >> 31)) >> 40) / 8388608 - 1) * scale;
}

static void *memory(size_t bytes) {  // never freed: the program is short
    void *all = aligned_alloc(64, (bytes + 127) / 64 * 64);
    if (!all) abort();
    memset(all, 0, (bytes + 127) / 64 * 64);
    return all;
}

static float *floats(size_t count, float scale) {
    float *all = memory(count * sizeof *all);
    for (size_t i = 0; i < count; i++) all[i] = uniform(scale);
    return all;
}

/// One result of all that was written.
static result joined(const float *a, size_t aCount, const float *b, size_t bCount) {
    float *all = memory((aCount + bCount) * sizeof *all);
    memcpy(all, a, aCount * sizeof *a);
    if (bCount) memcpy(all + aCount, b, bCount * sizeof *b);
    return (result){all, aCount + bCount};
}

static const ck_type packedTypes[] = {CK_F32, CK_F16, CK_BF16, CK_Q8_0, CK_Q4_0, CK_Q4_1, CK_Q5_0, CK_Q5_1, CK_IQ4_NL,
                                      CK_MXFP4, CK_Q2_K, CK_Q3_K, CK_Q4_K, CK_Q5_K, CK_Q6_K, CK_IQ4_XS, CK_IQ2_XXS};
enum { TYPES = sizeof packedTypes / sizeof *packedTypes, TOKEN_COUNTS = 5, ROWS = 71 };
static const size_t tokenCounts[TOKEN_COUNTS] = {1, 2, 3, 9, 53};

/// Products: random blocks of the type, whose scales are small numbers, with activations of one digit and of two.
static result products(ck_pool *pool, int variant) {
    size_t digits = 1 + (size_t)variant % 2;
    ck_type type = packedTypes[variant / 2 / TOKEN_COUNTS], as = ck_packed_type(type);
    size_t tokens = tokenCounts[variant / 2 % TOKEN_COUNTS], columns = 512, block = ck_block_bytes(type);
    size_t blocks = ROWS * columns / ck_block_elements(type);
    uint8_t *rows = memory(blocks * block);
    for (size_t i = 0; i < blocks * block; i++) rows[i] = (uint8_t)(uniform(128) + 128);
    // The exponent's top bit is cleared wherever a float may lie: dense elements, and the scales at either end.
    for (size_t i = 0; i < blocks; i++) {
        uint8_t *at = rows + i * block;
        if (type == CK_F32) at[3] &= 0xbf;
        else if (type == CK_MXFP4) at[0] = (uint8_t)(100 + at[0] % 30);
        else at[1] &= 0xbf, at[block - 1] &= 0xbf;
        if (block > 4) at[3] &= 0xbf, at[block - 3] &= 0xbf;
    }
    void *packed = memory(ck_packed_bytes(as, ROWS, columns));
    ck_pack(pool, type, rows, as, packed, ROWS, columns);
    ck_matrix w = {packed, as, ROWS, columns};
    ck_activations x = {floats(tokens * columns, 3), tokens, columns, columns, digits, memory(tokens * digits * columns),
                        memory(tokens * columns / 8), memory(tokens * columns / 8), memory(tokens * columns / 8)};
    ck_quantize(pool, &x);
    float *y = memory(tokens * ROWS * sizeof *y);
    ck_matmul(pool, &w, &x, y, ROWS);
    float *quants = memory(tokens * digits * columns * sizeof *quants);
    for (size_t i = 0; i < tokens * digits * columns; i++) quants[i] = x.quants[i];
    result first = joined(y, tokens * ROWS, quants, tokens * digits * columns);
    return joined(first.out, first.count, x.scales, tokens * columns / 32);
}

static result norms(ck_pool *pool, int variant) {
    size_t n = (size_t[]){1, 16, 37, 576}[variant], tokens = 5;
    float *x = floats(tokens * n, 2), *z = floats(tokens * n, 4), *weight = floats(n, 1), *bias = floats(n, 1);
    float *rms = memory(tokens * n * 4), *layer = memory(tokens * n * 4);
    ck_rms_norm(pool, x, n, weight, rms, n, tokens, n, 1e-5f);
    ck_layer_norm(pool, x, n, weight, bias, layer, n, tokens, n, 1e-5f);
    ck_gated_rms_norm(pool, x, n, z, n, weight, tokens, n, 1, 1e-5f);
    result both = joined(rms, tokens * n, layer, tokens * n);
    return joined(both.out, both.count, x, tokens * n);
}

static result elementwise(ck_pool *pool, int variant) {
    size_t n = (size_t[]){1, 17, 64, 1003}[variant];
    float *x = floats(n, 30), *up = floats(n, 2), *all = memory(9 * n * 4);
    ck_exp(x, all, n);
    ck_silu(x, all + n, n);
    ck_softplus(x, all + 2 * n, n);
    ck_tanh(x, all + 3 * n, n);
    ck_gelu(pool, x, all + 4 * n, n);
    ck_silu_multiply(pool, x, up, all + 5 * n, n);
    ck_gelu_tanh_multiply(pool, x, up, all + 6 * n, n);
    ck_softmax(x, all + 7 * n, n);
    memcpy(all + 8 * n, up, n * 4);
    ck_add_scaled(pool, all + 8 * n, x, 0.3f, n);
    float rest[3 + 2 * CK_THRESHOLDS + 65] = {ck_log_sum_exp(x, n), (float)ck_argmax(x, n),
                                              (float)ck_find_above(x, 0, n, 29.9f)};
    float thresholds[CK_THRESHOLDS] = {-INFINITY, -20, 5, 29};
    float entropy;
    rest[0] += ck_entropy(x, n, &entropy) + entropy;
    double masses[CK_THRESHOLDS], counts[CK_THRESHOLDS];
    ck_masses_above(x, n, 1 + n % 3, 30, 0.7f, thresholds, masses, counts);
    for (int t = 0; t < CK_THRESHOLDS; t++) rest[3 + 2 * t] = (float)masses[t], rest[4 + 2 * t] = (float)counts[t];
    int32_t indices[32];
    size_t found = ck_collect(x, n, -3, 4, rest + 4 + 2 * CK_THRESHOLDS, indices, 32);
    for (size_t i = 0; i < found; i++) rest[36 + 2 * CK_THRESHOLDS + i] = (float)indices[i];
    return joined(all, 9 * n, rest, 3 + 2 * CK_THRESHOLDS + 65);
}

static result convolutions(ck_pool *pool, int variant) {
    size_t channels = (size_t[]){5, 64, 1000}[variant], dConv = 4, tokens = 11;
    float *x = floats(tokens * channels, 2), *weight = floats(dConv * channels, 1), *bias = floats(channels, 1);
    float *state = floats((dConv - 1) * channels, 2), *out = memory(2 * tokens * channels * 4);
    ck_causal_conv_silu(pool, x, channels, tokens, channels, dConv, weight, bias, state, out);
    ck_causal_conv(pool, x, channels, tokens, channels, dConv, weight, NULL, state, out + tokens * channels);
    return joined(out, 2 * tokens * channels, state, (dConv - 1) * channels);
}

static result stateSpaces(ck_pool *pool, int variant) {
    size_t tokens = (size_t[]){1, 7, 150}[variant % 3], headDim = variant < 3 ? 64 : 20, nHeads = 6, dState = 24;
    ck_ssd ssd = {nHeads, headDim, dState, 2, floats(nHeads, 1), floats(nHeads, 1), floats(nHeads, 1), 0.001f, 0.2f};
    for (size_t i = 0; i < nHeads; i++) ((float *)ssd.A)[i] = -1.5f - ssd.A[i];
    size_t width = nHeads * headDim, stride = width + 4 * dState, states = nHeads * dState * headDim;
    float *xBC = floats(tokens * stride, 1), *dt = floats(tokens * nHeads, 3), *state = floats(states, 1);
    float *y = memory(tokens * width * 4);
    float *scratch = memory(4 * ck_ssd_scratch_floats(&ssd, tokens, ck_pool_workers(pool)));
    ck_ssd_run(pool, &ssd, xBC, stride, dt, nHeads, tokens, state, y, width, scratch);
    return joined(y, tokens * width, state, states);
}

static result selectiveScans(ck_pool *pool, int variant) {
    size_t tokens = 9, dInner = (size_t[]){7, 32, 130}[variant], dState = (size_t[]){16, 5, 20}[variant];
    ck_selective scan = {dInner, dState, floats(dInner * dState, 1), floats(dInner, 1), floats(dInner, 1)};
    float decay = variant == 1 ? 40 : 1;  // some states to nothing
    for (size_t i = 0; i < dInner * dState; i++) ((float *)scan.A)[i] = decay * (scan.A[i] - 1.5f);
    float *x = floats(tokens * dInner, 1), *dt = floats(tokens * dInner, 2), *BC = floats(tokens * 2 * dState, 1);
    float *z = floats(tokens * dInner, 2), *state = floats(dInner * dState, 1), *y = memory(tokens * dInner * 4);
    ck_selective_scan(pool, &scan, x, dInner, dt, dInner, BC, 2 * dState, z, dInner, tokens, state, y, dInner);
    return joined(y, tokens * dInner, state, dInner * dState);
}

static result attention(ck_pool *pool, int variant) {
    size_t tokens = (size_t[]){1, 5, 40}[variant % 3], start = 300, headDim = variant < 6 ? 64 : 20, pages = 2;
    ck_attention a = {6, variant % 2 ? 2 : 6, headDim, 0.2f, variant % 4 == 3 ? 100 : 0, variant / 3 % 2};
    size_t row = a.nKVHeads * headDim, bytes = row * CK_PAGE_TOKENS * 4;
    const void *keyPages[2], *valuePages[2];
    for (size_t page = 0; page < pages; page++) {
        float *k = floats(CK_PAGE_TOKENS * row, 2), *v = floats(CK_PAGE_TOKENS * row, 1);
        void *keys = memory(bytes), *values = memory(bytes);
        ck_page_write(pool, &a, keys, values, 0, k, row, v, row, CK_PAGE_TOKENS);
        keyPages[page] = keys, valuePages[page] = values;
    }
    size_t width = a.nHeads * headDim;
    float *q = floats(tokens * width, 2), *out = memory(tokens * width * 4);
    float *scratch = memory(4 * ck_attention_scratch_floats(&a, tokens, start, ck_pool_workers(pool)));
    ck_attention_run(pool, &a, q, width, tokens, start, keyPages, valuePages, out, width, scratch);
    return joined(out, tokens * width, NULL, 0);
}

static const struct { const char *name; kernel_test run; int variants; } tests[] = {
    {"products", products, TYPES * TOKEN_COUNTS * 2}, {"norms", norms, 4}, {"elementwise", elementwise, 4},
    {"convolutions", convolutions, 3}, {"state spaces", stateSpaces, 6}, {"selective scans", selectiveScans, 3},
    {"attention", attention, 12}};

static bool same(result a, result b) {
    if (a.count != b.count) return false;
    for (size_t i = 0; i < a.count; i++) {
        bool bothNaN = a.out[i] != a.out[i] && b.out[i] != b.out[i];
        if (memcmp(a.out + i, b.out + i, sizeof *a.out) && !bothNaN) return false;
    }
    return true;
}

/// A result whose values differ from each other and are numbers: comparing nothing with nothing proves nothing.
static bool is_telling(result r) {
    size_t numbers = 0;
    for (size_t i = 0; i < r.count; i++) numbers += r.out[i] == r.out[i] && r.out[i] != r.out[0];
    return r.count == 1 || numbers * 2 > r.count || r.count < 16;
}

int main(void) {
    ck_pool *pool = ck_pool_create(3);
    int failures = 0, comparisons = 0;
    for (size_t t = 0; t < sizeof tests / sizeof *tests; t++) {
        for (int variant = 0; variant < tests[t].variants; variant++) {
            ck_isa_force(CK_ISA_SCALAR);
            seed = (uint64_t)variant;
            result expected = tests[t].run(NULL, variant);
            if (!is_telling(expected)) {
                printf("%s %d: the definition gives nothing to compare\n", tests[t].name, variant);
                failures++;
            }
            for (int isa = CK_ISA_SCALAR; isa <= CK_ISA_NEON; isa++) {
                if (!ck_isa_force((ck_isa)isa)) continue;
                for (int shared = 0; shared < 2; shared++, comparisons++) {
                    seed = (uint64_t)variant;
                    if (same(tests[t].run(shared ? pool : NULL, variant), expected)) continue;
                    printf("%s %d differs on %s\n", tests[t].name, variant, ck_isa_name((ck_isa)isa));
                    failures++;
                }
            }
        }
    }
    printf("%d comparisons, %d failures; sets:", comparisons, failures);
    for (int isa = CK_ISA_SCALAR; isa <= CK_ISA_NEON; isa++) {
        if (ck_isa_available((ck_isa)isa)) printf(" %s", ck_isa_name((ck_isa)isa));
    }
    printf("\n");
    ck_pool_destroy(pool);
    return failures > 0;
}
