/// The buffers that one forward pass needs, kept from piece to piece so that a token allocates nothing.
///
/// One workspace belongs to one `ModelRunner`; buffers grow to the largest piece and hold nothing between passes that
/// matters, but `hidden` and `logits`, which are the pass's results.
package final class Workspace {
    let pool: WorkerPool
    /// The residual stream, `[tokens, dModel]`.
    package internal(set) var hidden: [Float] = []
    /// The rows of logits that were asked for, `[rows, vocabSize]`.
    package internal(set) var logits: [Float] = []

    /// A norm's output, `[tokens, dModel]`.
    var normed: [Float] = []
    /// What a mixer or an MLP adds to the stream, `[tokens, dModel]`.
    var branch: [Float] = []
    /// A projection's output.
    var projected: [Float] = []
    var convolved: [Float] = []
    /// Mamba-1's dt, B and C, `[tokens, rank + 2 · dState]`; dt alone; and the step sizes, `[tokens, dInner]`.
    var selection: [Float] = []
    var ranks: [Float] = []
    var steps: [Float] = []
    /// A mixer's output before its last projection.
    var mixed: [Float] = []
    var gate: [Float] = []
    var up: [Float] = []
    var queries: [Float] = []
    var keys: [Float] = []
    var values: [Float] = []
    /// One entry for each position embedding of the family.
    var rotations: [Rotation] = []
    var scratch: [Float] = []
    var quantized = QuantizedActivations()
    /// Whether what goes through the layers is a sequence's first token, whose inputs are all rounded twice.
    var opensSequence = false

    package init(pool: WorkerPool) {
        self.pool = pool
    }

    /// output = map(input) for `tokens` rows; with `sameInput` the 8-bit activations of the last call are used again.
    func apply(_ map: Linear, to input: [Float], tokens: Int, output: inout [Float], sameInput: Bool = false) {
        let rounding = opensSequence ? .twiceEightBits : map.rounding
        if map.weight.isQuantized, !sameInput {
            Kernels.quantize(
                input, tokens: tokens, columns: map.columns, rounding: rounding, into: &quantized, pool: pool)
        }
        output.reserve(rounding.rows * tokens * map.rows)
        Kernels.multiply(
            map.weight, input, tokens: tokens, rounding: rounding, quantized: &quantized, into: &output,
            as: map.operation, pool: pool)
        guard let bias = map.bias else { return }
        for token in 0..<tokens {
            Kernels.add(bias, scale: 1, to: &output, at: token * map.rows, count: map.rows, pool: pool)
        }
    }
}
