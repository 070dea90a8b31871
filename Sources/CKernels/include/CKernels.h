/// The arithmetic that has to be fast. This is the only header that Swift sees.
///
/// **One stated order.** Every output is a sum that is taken in the same order by every instruction set: matrix
/// products, recurrences and attention put the outputs side by side in the vector lanes and add along the inner index
/// one after the other, with a fused multiply-add; integer sums are exact; the few sums across lanes (norms, softmax)
/// use sixteen partial sums (element i goes to sum i mod 16), which are then added as ((0+8)+(4+12)) + ((2+10)+(6+14))
/// … : halves onto each other, 16 → 8 → 4 → 2 → 1. exp, log1p and the rest are our own polynomials, so libm is never
/// asked. So scalar, AVX2, AVX-512 and NEON agree to the bit, whatever the number of threads: `scalar/` is the plain
/// definition, `simd/` is written once over sixteen-lane vectors and compiled for each instruction set. A NaN
/// is a NaN everywhere, but its payload is not part of this.
///
/// Shapes are `[outer, inner]` in memory order. A "stride" is in elements, between consecutive tokens. Nothing here
/// allocates (but `ck_pool_create`), fails, or reads files: sizes were checked by the caller.
#ifndef CKERNELS_H
#define CKERNELS_H
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

// MARK: - Instruction sets

typedef enum { CK_ISA_SCALAR = 0, CK_ISA_AVX2 = 1, CK_ISA_AVX512 = 2, CK_ISA_NEON = 3 } ck_isa;

/// The set in use: the best that this processor has, unless `CK_ISA=scalar|avx2|avx512|neon` in the environment asks for a
/// lesser one.
ck_isa ck_isa_current(void);
const char *ck_isa_name(ck_isa isa);
bool ck_isa_available(ck_isa isa);
/// Switches all later calls, for tests that compare the sets. Returns false, and changes nothing, when this machine has
/// not got it.
bool ck_isa_force(ck_isa isa);

// MARK: - Threads

/// Lets the C library keep less of what was freed than it would: by itself it gives each thread that ever allocated a heap
/// of its own, and each keeps what it needed once, such as whole snapshots. Called any number of times.
void ck_keep_memory_flat(void);

/// Gives back to the system what was freed, if the process has grown by 32 MiB since that was done last; the C library's heaps
/// would keep it, even where next to nothing in them is in use. Takes some microseconds where it has not, else some
/// milliseconds, and the next pieces new pages: to be called where nobody waits.
void ck_give_back_memory(void);

/// A fork-join pool: the caller is worker 0. Workers spin about 20 µs, then sleep on a futex, on both sides.
/// Any thread may call; callers take turns, one region at a time, unless they enter. A task must not call its own pool.
typedef struct ck_pool ck_pool;
ck_pool *ck_pool_create(int workers);
void ck_pool_destroy(ck_pool *pool);
int ck_pool_workers(const ck_pool *pool);
/// A part of a region: one of `count`, run by `worker` of `ck_pool_workers`. Who runs which part changes from call to
/// call, so nothing but the choice of scratch memory may depend on `worker`.
typedef struct { int index, count, worker; } ck_part;
typedef void (*ck_task)(void *context, ck_part part);
/// Runs `task` once for each part and returns when all are done. A worker runs one part at a time, and workers that the
/// system does not let run are not waited for, as long as they are not inside a part. A null pool runs all on the
/// caller, as one part.
void ck_pool_run(ck_pool *pool, ck_task task, void *context);
/// Waits for a turn, in the order in which callers come, and keeps it for all regions of this thread until it leaves. A
/// thread enters once at a time. Who goes on without pause leaves and enters again, so that others get their turns.
void ck_pool_enter(ck_pool *pool);
void ck_pool_leave(ck_pool *pool);
/// How many callers wait for their turns.
int ck_pool_waiting(const ck_pool *pool);

// MARK: - Weights

/// Element types of matrices, as files hold them and as they are packed (values are ours, not ggml's).
typedef enum {
    // Blocks of one.
    CK_F32 = 0, CK_F16 = 1, CK_BF16 = 2,
    // Blocks of 32.
    CK_Q8_0 = 3, CK_Q4_0 = 4, CK_Q4_1 = 5, CK_Q5_0 = 6, CK_Q5_1 = 7, CK_IQ4_NL = 8, CK_MXFP4 = 9,
    // Superblocks of 256. Q8_K has bytes for quants and is only a form of packed matrices, not of files.
    CK_Q2_K = 10, CK_Q3_K = 11, CK_Q4_K = 12, CK_Q5_K = 13, CK_Q6_K = 14, CK_IQ4_XS = 15, CK_Q8_K = 16,
    // Superblocks of 256 (NVFP4: 64) that are packed as another type.
    CK_TQ1_0 = 17, CK_TQ2_0 = 18, CK_IQ1_S = 19, CK_IQ1_M = 20, CK_IQ2_XXS = 21, CK_IQ2_XS = 22, CK_IQ2_S = 23,
    CK_IQ3_XXS = 24, CK_IQ3_S = 25, CK_NVFP4 = 26,
} ck_type;

/// Elements in one block of `type` (1, 32, 64 or 256), and its bytes in a file.
size_t ck_block_elements(ck_type type);
size_t ck_block_bytes(ck_type type);
/// Its name as ggml spells it: `Q4_K`.
const char *ck_type_name(ck_type type);

/// Decodes `count` elements (whole blocks) as ggml's dequantize_row_* does, to the bit.
void ck_dequantize(ck_type type, const void *blocks, float *out, size_t count);

/// A matrix packed for the vector units: sixteen rows interleaved, so that a vector register holds one column of
/// sixteen rows.
///
/// Group g holds rows 16g … 16g+15 (rows past the end are zero). Quantised types: per block of 32 columns sixteen f16
/// scales, sixteen f16 minima (Q4_1, Q5_1), then the quants: Q8_0 as 8 × (16 rows × 4 columns) bytes w+128; 4- and
/// 5-bit types as 4 × 64 bytes whose low nibbles are columns 4k … 4k+3 and high nibbles columns 16+4k … 16+4k+3 of the
/// sixteen rows, and for 5-bit types 64 bytes of fifth bits. Superblocks: the scales of 256 columns, then their quants
/// likewise (`superblocks.h`). Dense types: per column sixteen consecutive elements.
/// Bytes per weight are those of the file, 1 to 6 % more for superblocks (19 % for Q2_K).
typedef struct {
    const void *data;  // 64-byte aligned, ck_packed_bytes long
    ck_type type;      // one that `ck_packed_type` returns
    size_t rows, columns;  // columns is a multiple of ck_block_elements(type)
} ck_matrix;

/// The type that matrices of `type` are packed as for fast products: itself, or one that holds its weights exactly,
/// for types that have no kernel of their own:
///
/// - TQ1_0, TQ2_0 → Q3_K: quants −1 … 2 of −4 … 3, scales 1
/// - IQ1_S, IQ1_M → Q6_K: (grid ± ⅛) · 8 is −9 … 9 of −32 … 31, with d / 8 (packed d are f32)
/// - IQ3_S → Q6_K: −15 … 15
/// - IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS → Q8_K: −62 … 62, with d / 8 or d / 4
/// - NVFP4 → BF16: six significant bits of eight
ck_type ck_packed_type(ck_type type);
/// Bytes of a packed matrix; `type` is one that `ck_packed_type` returns.
size_t ck_packed_bytes(ck_type type, size_t rows, size_t columns);
/// Packs `[rows, columns]` of row-major blocks, `as` `ck_packed_type(type)` or, decoded, CK_F32. Either loses nothing.
void ck_pack(ck_pool *pool, ck_type type, const void *rowMajor, ck_type as, void *packed, size_t rows, size_t columns);
/// Decodes one row: an embedding.
void ck_matrix_row(const ck_matrix *matrix, size_t row, float *out);

/// Activations: float32, and for quantised matrices the same values as whole numbers per block of 32: x ≈ scale · q.
///
/// One digit is a byte, −127 … 127. Two are q = 255 · first + second, −32512 … 32512: for activations whose few large
/// values would drown the others of their block.
typedef struct {
    const float *values;    // [tokens, stride]
    size_t tokens, columns, stride;
    size_t digits;          // of a quant, 1 or 2
    int8_t *quants;         // [tokens, digits, columns]
    float *scales;          // [tokens, columns / 32]
    int32_t *sums;          // [tokens, columns / 32], of the quants
    int32_t *firstSums;     // [tokens, columns / 32], of the first sixteen quants of each block
} ck_activations;

/// Fills quants, scales and both sums (columns a multiple of 32): scale = max|x| / 127 or 32512, q = x / scale rounded to
/// even; a block of zeros has scale 0. A block that holds a NaN or an infinity gets a NaN for scale, which its products
/// show.
void ck_quantize(ck_pool *pool, const ck_activations *x);

/// y[t, r] = Σ_c W[r, c] · x[t, c]    for all tokens and rows; y is `[tokens, yStride]`.
///
/// Dense types multiply the float32 values; quantised types the quants (call `ck_quantize` before), block by block:
/// acc ← fma(Σ (w−offset)·q as float, d·scale, acc), then with minima acc ← fma(Σ q as float · scale, m, acc). In
/// superblocks with scales s and minima n for each 32 columns, d stands for d·s, which is exact, and m for −m·n; with
/// those for each 16 columns, the sums are s₀·Σ₀ + s₁·Σ₁ and n₀·Σ₀ + n₁·Σ₁ over both halves, and minima are added as
/// fma(that sum, −m·scale, acc). Integers are exact; those of two digits and two halves don't fit into 32 bits together,
/// so that s₀·Σ₀ and s₁·Σ₁ are added to acc one after the other.
/// One token streams the matrix once (decode); many tokens reuse each block (prefill). Both give the same bits.
void ck_matmul(ck_pool *pool, const ck_matrix *w, const ck_activations *x, float *y, size_t yStride);

// MARK: - Layers

/// y = x / sqrt(mean(x²) + eps) ⊙ weight    per token; [tokens, n]. y may be x. Taken as (x · (1 / sqrt)) · weight.
void ck_rms_norm(ck_pool *pool, const float *x, size_t xStride, const float *weight, float *y, size_t yStride,
                 size_t tokens, size_t n, float eps);

/// y = (x − mean) / sqrt(mean((x − mean)²) + eps) ⊙ weight + bias    per token (arXiv 1607.06450); [tokens, n]. y may
/// be x.
void ck_layer_norm(ck_pool *pool, const float *x, size_t xStride, const float *weight, const float *bias, float *y,
                   size_t yStride, size_t tokens, size_t n, float eps);

/// y ← norm_g(y ⊙ SiLU(z)) ⊙ weight,    RMS over each of `groups` groups of n / groups values; the gated norm of
/// Mamba-2 (mamba_ssm/ops/triton/layernorm_gated.py, norm_before_gate = false). weight is [n].
void ck_gated_rms_norm(ck_pool *pool, float *y, size_t yStride, const float *z, size_t zStride, const float *weight,
                       size_t tokens, size_t n, size_t groups, float eps);

/// out = SiLU(gate) ⊙ up,    [tokens, n]; out may be gate.
void ck_silu_multiply(ck_pool *pool, const float *gate, const float *up, float *out, size_t count);

/// out = GELU(gate) ⊙ up with GELU's approximation by tanh, ½x (1 + tanh(√(2/π) (x + 0.044715 x³)));  out may be gate.
void ck_gelu_tanh_multiply(ck_pool *pool, const float *gate, const float *up, float *out, size_t count);

/// out = GELU(x) = x · Φ(x) = ½x (1 + erf(x / √2)) (arXiv 1606.08415);  out may be x.
void ck_gelu(ck_pool *pool, const float *x, float *out, size_t count);

/// out = max(x, 0)² (arXiv 2109.08668);  out may be x.
void ck_relu_squared(ck_pool *pool, const float *x, float *out, size_t count);

/// eˣ, x / (1 + e⁻ˣ), log(1 + eˣ) and tanh of each value;  out may be x. A NaN stays a NaN. The constants and errors, also
/// those of both GELUs, are in `constants.h`.
void ck_exp(const float *x, float *out, size_t count);
void ck_silu(const float *x, float *out, size_t count);
void ck_softplus(const float *x, float *out, size_t count);
void ck_tanh(const float *x, float *out, size_t count);

/// x ← x + scale · y (one fma each).
void ck_add_scaled(ck_pool *pool, float *x, const float *y, float scale, size_t count);
/// x[t] ← x[t] + row    for each token, `[tokens, n]`.
void ck_add_row(ck_pool *pool, float *x, const float *row, size_t tokens, size_t n);
/// out = a ⊙ b    for n columns of each token; out may be a.
void ck_multiply(const float *a, size_t aStride, const float *b, size_t bStride, float *out, size_t outStride,
                 size_t tokens, size_t n);
/// x ← scale · x.
void ck_scale(float *x, float scale, size_t count);

/// The causal convolution over time, one filter a channel, then SiLU:
///
///     out[t, c] = SiLU( bias[c] + Σ_j weight[j, c] · x[t − (dConv−1) + j, c] )    j = 0 … dConv−1, in that order
///
/// - weight: `[dConv, channels]` (taps outermost); bias: `[channels]` or null
/// - state: `[dConv−1, channels]`, the last inputs, oldest first; read, then replaced by the newest
/// - x: `[tokens, xStride]`; out: `[tokens, channels]`, not x
void ck_causal_conv_silu(ck_pool *pool, const float *x, size_t xStride, size_t tokens, size_t channels, size_t dConv,
                         const float *weight, const float *bias, float *state, float *out);

/// The same without SiLU.
void ck_causal_conv(ck_pool *pool, const float *x, size_t xStride, size_t tokens, size_t channels, size_t dConv,
                    const float *weight, const float *bias, float *state, float *out);

/// Shape and parameters of one Mamba-2 mixer (arXiv 2405.21060). Head h uses group h / (nHeads / nGroups).
typedef struct {
    size_t nHeads, headDim, dState, nGroups;
    const float *A;       // [nHeads], negative
    const float *D;       // [nHeads]
    const float *dtBias;  // [nHeads]
    float dtMin, dtMax;   // dt is clamped to these after bias and softplus
} ck_ssd;

/// Runs the state-space model over `tokens` tokens from `state`, which it updates:
///
///     dt = clamp(softplus(dtRaw + dtBias));   h ← exp(dt·A) h + (dt·x) ⊗ B;   y = C·h + D·x
///
/// One token is one step of the recurrence. More run as state-space duality (listing 1 of the paper) in chunks of
/// `CK_SSD_CHUNK` tokens from the first: inside a chunk matrix products, between chunks the recurrence.
/// - xBC: `[tokens, xBCStride]`, each row x `[nHeads, headDim]` | B `[nGroups, dState]` | C `[nGroups, dState]`
/// - dtRaw: `[tokens, dtStride]`, before bias and softplus
/// - state: `[nHeads, dState, headDim]` (headDim innermost, so that sums over dState run along no lanes)
/// - y: `[tokens, yStride]`, each row `[nHeads, headDim]`
/// - scratch: `ck_ssd_scratch_floats` floats
void ck_ssd_run(ck_pool *pool, const ck_ssd *ssd, const float *xBC, size_t xBCStride, const float *dtRaw,
                size_t dtStride, size_t tokens, float *state, float *y, size_t yStride, float *scratch);
enum { CK_SSD_CHUNK = 64 };
size_t ck_ssd_scratch_floats(const ck_ssd *ssd, size_t tokens, int workers);

/// Shape and parameters of one Mamba-1 scan (arXiv 2312.00752).
typedef struct {
    size_t dInner, dState;
    const float *A;       // [dState, dInner], negative
    const float *D;       // [dInner]
    const float *dtBias;  // [dInner]
} ck_selective;

/// The selective scan, each channel on its own, over `tokens` tokens from `state`, which it updates:
///
///     dt = softplus(dt + dtBias);   h ← fma(dt·x, B, exp(dt·A) · h);   y = (Σ_n C·h + D·x) · SiLU(z)
///
/// Sums over dState are taken in order with FMA, D·x last. One token after the other, so any split of the tokens gives
/// the same bits.
/// - x: `[tokens, xStride]`, rows `[dInner]`; z likewise with zStride
/// - dt: `[tokens, dtStride]`, rows `[dInner]` before bias and softplus; replaced by the step sizes
/// - BC: `[tokens, BCStride]`, rows B `[dState]` | C `[dState]`
/// - state: `[dState, dInner]` (channels innermost)
/// - y: `[tokens, yStride]`, rows `[dInner]`; not an input
void ck_selective_scan(ck_pool *pool, const ck_selective *scan, const float *x, size_t xStride, float *dt,
                       size_t dtStride, const float *BC, size_t BCStride, const float *z, size_t zStride, size_t tokens,
                       float *state, float *y, size_t yStride);

/// Keys and values are kept in pages of this many tokens.
enum { CK_PAGE_TOKENS = 256 };

/// Attention of `tokens` new queries over pages of keys and values that already hold them, softmax(scale · q·k) · v,
/// causal: query t (position start + t) sees positions max(0, start + t + 1 − window) … start + t; window 0 means all.
///
/// Page by page: scores are Σ_d q·k, then times scale; weights exp(score − the page's max), their sum S over position
/// mod 16, weighted values O = Σ weight · v by position. Pages are added in order: with the greater max m of both,
/// S ← fma(exp(max' − m), S', exp(max − m) · S), and O likewise; out = O / S. So queries give the same bits alone or
/// together, and pages on one thread or many. Other positions of a page may hold anything.
/// - q: `[tokens, qStride]`, each row `[nHeads, headDim]`; out likewise with outStride
/// - pages: for each page of CK_PAGE_TOKENS positions a key block `[nKVHeads, headDim, CK_PAGE_TOKENS]` (positions
///   innermost, so that a score is a sequential sum) and a value block `[nKVHeads, CK_PAGE_TOKENS, headDim]`; f32, or
///   f16 when `half`
/// - scratch: `ck_attention_scratch_floats` floats
typedef struct {
    size_t nHeads, nKVHeads, headDim;
    float scale;
    size_t window;
    bool half;
} ck_attention;
void ck_attention_run(ck_pool *pool, const ck_attention *attention, const float *q, size_t qStride, size_t tokens,
                      size_t start, const void *const *keyPages, const void *const *valuePages, float *out,
                      size_t outStride, float *scratch);
size_t ck_attention_scratch_floats(const ck_attention *attention, size_t tokens, size_t start, int workers);
/// Writes `tokens` keys and values (rows `[nKVHeads, headDim]`) at positions `first` … of one page, first + tokens ≤
/// CK_PAGE_TOKENS.
void ck_page_write(ck_pool *pool, const ck_attention *attention, void *keyPage, void *valuePage, size_t first,
                   const float *k, size_t kStride, const float *v, size_t vStride, size_t tokens);

/// Rotates adjacent pairs (x₀,x₁), (x₂,x₃) … of the first `rotated` values of each head (RoPE, arXiv 2104.09864, as
/// GGUF permutes it).
/// - x: `[tokens, stride]`, rows `[heads, headDim]`; cosines, sines: `[tokens, rotated / 2]`
void ck_rope_adjacent(float *x, size_t stride, size_t tokens, size_t heads, size_t headDim, size_t rotated,
                      const float *cosines, const float *sines);
/// The same for pairs (x₀,x_k), (x₁,x_{k+1}) … with k = rotated / 2: the order of GPT-NeoX and of Hugging Face.
void ck_rope_halves(float *x, size_t stride, size_t tokens, size_t heads, size_t headDim, size_t rotated,
                    const float *cosines, const float *sines);

// MARK: - Logits

/// Index of the largest value, the first of equals; a NaN is never the largest.
size_t ck_argmax(const float *x, size_t count);
/// Index of the first value from `from` on that is greater than `threshold`, or `count`.
size_t ck_find_above(const float *x, size_t from, size_t count, float threshold);
/// How many thresholds `ck_masses_above` takes, and after how many runs it adds its float32 sums up in float64.
enum { CK_THRESHOLDS = 4, CK_MASS_RUNS = 64 };
/// For each threshold, Σ exp((x − largest) · scale) over the values above it, and their number, within 1e-5. A NaN is not
/// above any. Only every step-th run of sixteen values is looked at; 64 runs are summed in the sixteen-sum order.
///
/// - largest: not less than any value; it and scale are finite
/// - masses, counts: `[CK_THRESHOLDS]`
void ck_masses_above(const float *x, size_t count, size_t step, float largest, float scale, const float *thresholds,
                     double *masses, double *counts);
/// Writes the values in (above, upTo] and their indices, in order, at most `capacity` of them; returns how many.
size_t ck_collect(const float *x, size_t count, float above, float upTo, float *values, int32_t *indices,
                  size_t capacity);
/// log Σ exp(x), by the sixteen-sum order.
float ck_log_sum_exp(const float *x, size_t count);
/// The same, and the entropy of the softmax in nats, log Σ exp(x − max) − Σ p (x − max).
float ck_entropy(const float *x, size_t count, float *entropy);
/// out = exp(x − max) / Σ;  out may be x.
void ck_softmax(const float *x, float *out, size_t count);
/// The number of values that are not finite.
size_t ck_count_nonfinite(const float *x, size_t count);

// MARK: - Measuring

/// Reads `bytes` once with all workers and returns a value that depends on them: for measuring read bandwidth.
uint64_t ck_read_bytes(ck_pool *pool, const void *memory, size_t bytes);

#endif
