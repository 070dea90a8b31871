/// A short description of a part of a state, in the reference's axis order, for comparing with other programs.
package struct StateSummary: Sendable, Equatable {
    /// The reference's name: `conv_state`, `ssm_state`, `attn_key`, `attn_value`.
    package let name: String
    package let shape: [Int]
    package let l2, mean, absMean, maxAbs: Double
    package let first8, last8: [Float]

    init(name: String, shape: [Int], values: [Float]) {
        self.name = name
        self.shape = shape
        let doubles = values.map(Double.init)
        let count = Double(max(values.count, 1))
        l2 = doubles.reduce(0) { $0 + $1 * $1 }.squareRoot()
        mean = doubles.reduce(0, +) / count
        absMean = doubles.reduce(0) { $0 + abs($1) } / count
        maxAbs = doubles.reduce(0) { max($0, abs($1)) }
        first8 = Array(values.prefix(8))
        last8 = Array(values.suffix(8))
    }
}

extension LayerState {
    /// Summaries of all parts: conv_state `[channels, dConv − 1]`, ssm_state `[nHeads, headDim, dState]` (Mamba-1:
    /// `[dInner, dState]`), attn_key and
    /// attn_value `[nKVHeads, tokens, headDim]` of the tokens that the next one sees.
    package func summaries() -> [StateSummary] {
        buffers.map { $0.summary() } + (cache?.summaries() ?? [])
    }
}

extension StateBuffer {
    /// The last two axes are swapped, since we keep innermost the axis along which nothing is summed.
    fileprivate func summary() -> StateSummary {
        let rows = shape[shape.count - 2]
        let columns = shape[shape.count - 1]
        let matrices = shape.dropLast(2).reduce(1, *)
        var reordered: [Float] = []
        reordered.reserveCapacity(values.count)
        for matrix in 0..<matrices {
            let part = Array(values[(matrix * rows * columns)..<((matrix + 1) * rows * columns)])
            reordered += transposed(part, rows: rows, columns: columns)
        }
        return StateSummary(
            name: name.rawValue, shape: Array(shape.dropLast(2)) + [columns, rows], values: reordered)
    }
}

extension KeyValueCache {
    fileprivate func summaries() -> [StateSummary] {
        let tokens = visible.map { Kernels.read(token: $0, of: self) }
        // The places of a head's values in the reference's order.
        let natural = Array(0..<headDim)
        let keyPlaces =
            keyOrder == .halves ? natural : natural.filter { $0 % 2 == 0 } + natural.filter { $0 % 2 == 1 }
        func gather(_ rows: [[Float]], places: [Int]) -> [Float] {
            (0..<nKVHeads).flatMap { head in
                rows.flatMap { row in places.map { row[head * headDim + $0] } }
            }
        }
        let shape = [nKVHeads, visible.count, headDim]
        return [
            StateSummary(name: "attn_key", shape: shape, values: gather(tokens.map(\.keys), places: keyPlaces)),
            StateSummary(name: "attn_value", shape: shape, values: gather(tokens.map(\.values), places: natural)),
        ]
    }
}
