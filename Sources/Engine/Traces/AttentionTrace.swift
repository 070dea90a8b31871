/// What an attention layer asked of the traced tokens; the keys are in the sequence's state.
package struct AttentionTrace: Sendable {
    let shape: Kernels.AttentionShape
    /// Queries after norms and RoPE, `[nHeads, headDim]` a token.
    package private(set) var queries: TraceRows
    /// The heads' outputs before the last projection, of the same shape.
    ///
    /// Only where values are kept.
    package private(set) var outputs: TraceRows?

    init(_ shape: Kernels.AttentionShape, in trace: Trace) {
        self.shape = shape
        queries = TraceRows(width: shape.nHeads * shape.headDim, half: trace.half)
        if trace.request.keepsValues { outputs = TraceRows(width: shape.nHeads * shape.headDim, half: trace.half) }
    }

    /// Takes one token from the workspace's buffers.
    mutating func record(queries source: [Float], outputs values: [Float], token: Int, slot: Int) {
        queries.write(source, from: token * queries.width, slot: slot)
        outputs?.write(values, from: token * queries.width, slot: slot)
    }
}

/// The softmax rows of one token in one layer.
package struct AttentionRows: Sendable, Equatable {
    /// The positions that the token sees, its own among them.
    package let positions: Range<Int>
    /// One row for each head, each a distribution over `positions`.
    package let heads: [[Float]]
}

extension Trace {
    /// What each head of a layer's attention gives to which position, for a traced token.
    ///
    ///     softmax(scale · q·k), GQA: head h reads the keys of head h / (nHeads / nKVHeads)
    ///
    /// - Parameter state: the state of the sequence that was traced
    /// - Returns: nil where the layer has no attention, the token isn't traced, or keys are gone with a window's pages.
    package func attention(layer: Int, position: Int, state: SequenceState) -> AttentionRows? {
        guard let attention = layers[layer].attention, let cache = state.layers[layer].cache,
            positions.contains(position)
        else { return nil }
        let shape = attention.shape
        let first = shape.window == 0 ? 0 : max(0, position + 1 - shape.window)
        let seen = first..<(position + 1)
        guard cache.held.lowerBound <= first, position < cache.count else { return nil }
        let query = attention.queries.row(slot(position))
        let keys = seen.map { Kernels.read(token: $0, of: cache).keys }
        let heads = (0..<shape.nHeads).map { head in
            let place = head / (shape.nHeads / shape.nKVHeads) * shape.headDim
            var row = keys.map { key in
                var score: Float = 0
                for index in 0..<shape.headDim { score += query[head * shape.headDim + index] * key[place + index] }
                return score * shape.scale
            }
            Kernels.softmax(&row, at: 0, count: row.count)
            return row
        }
        return AttentionRows(positions: seen, heads: heads)
    }
}
