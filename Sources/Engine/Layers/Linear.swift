import Weights

/// A linear map: y = scale ⊙ (W x + B A x) + bias.
package struct Linear: Sendable {
    let weight: Matrix
    let bias: [Float]?
    /// How inputs are rounded when the weights are quantised.
    var rounding = ActivationRounding.eightBits
    /// What its products count as when time is measured.
    var operation = Operation.projections
    /// Multiplies each output, where a family's multipliers are not part of its weights.
    var scale: [Float]?
    /// A layer's own addition to a matrix that layers share.
    var adapter: LowRankAdapter?

    var rows: Int { weight.rows }
    var columns: Int { weight.columns }
}

/// A product of two thin matrices, B A (LoRA, arXiv 2106.09685).
struct LowRankAdapter: Sendable {
    /// `[rank, columns]`.
    let A: Matrix
    /// `[rows, rank]`.
    let B: Matrix

    /// Takes `NAME.lora_b`, which may not be quantised: products with it leave rounded inputs alone.
    init(_ loader: TensorLoader, _ name: String, A: Matrix, rows: Int) throws {
        self.A = A
        B = try loader.matrix("\(name).lora_b", rows: rows, columns: A.rows)
        guard !A.isQuantized, !B.isQuantized else {
            throw EngineError(
                .unsupported,
                "The adapter \(name) in \(loader.file.name) is quantised; adapters of F32, F16 or BF16 can be run.")
        }
    }
}

extension TensorLoader {
    /// The first matrix of an adapter, `NAME.lora_a`.
    func adapterInput(_ name: String, columns: Int) throws -> Matrix {
        let rank = try hyperparameters.int(.adapterRank)
        guard rank > 0 else { throw hyperparameters.wrong(.adapterRank, expected: "a positive number") }
        return try matrix("\(name).lora_a", rows: rank, columns: columns)
    }
}

extension Workspace {
    /// output = map(input) for `tokens` rows; with `sameInput` the rounded activations of the last call are used again.
    func apply(_ map: Linear, to input: [Float], tokens: Int, output: inout [Float], sameInput: Bool = false) {
        let rounding = opensSequence ? .sixteenBits : map.rounding
        if map.weight.isQuantized, !sameInput {
            Kernels.quantize(
                input, tokens: tokens, columns: map.columns, rounding: rounding, into: &quantized, pool: pool)
        }
        output.reserve(tokens * map.rows)
        Kernels.multiply(
            map.weight, input, tokens: tokens, quantized: &quantized, into: &output, as: map.operation, pool: pool)
        if let adapter = map.adapter { add(adapter, of: input, tokens: tokens, to: &output) }
        if let scale = map.scale {
            Kernels.multiply(&output, by: scale, stride: 0, width: map.rows, tokens: tokens, pool: pool)
        }
        guard let bias = map.bias else { return }
        Kernels.add(row: bias, toEachOf: tokens, in: &output, pool: pool)
    }

    /// output ← output + B A input.
    private func add(_ adapter: LowRankAdapter, of input: [Float], tokens: Int, to output: inout [Float]) {
        let (A, B) = (adapter.A, adapter.B)
        adapterRanks.reserve(tokens * A.rows)
        adapted.reserve(tokens * B.rows)
        Kernels.multiply(A, input, tokens: tokens, quantized: &quantized, into: &adapterRanks, pool: pool)
        Kernels.multiply(B, adapterRanks, tokens: tokens, quantized: &quantized, into: &adapted, pool: pool)
        Kernels.add(adapted, scale: 1, to: &output, count: tokens * B.rows, pool: pool)
    }
}
