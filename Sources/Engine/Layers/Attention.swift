/// Grouped-query attention (arXiv 2305.13245) over a cache of keys and values, with or without RoPE.
struct Attention: Sendable {
    /// What a family's attention layers are like, apart from their weights.
    struct Shape: Sendable {
        var nHeads, nKVHeads, headDim: Int
        /// Multiplies q · k; nil means 1 / √headDim.
        var scale: Float?
        /// How many of the last positions are seen, the query's own among them; 0 means all.
        var window = 0
        var order: KeyOrder
        /// Whether the file's rows of queries and keys are in the order of adjacent pairs while `order` is not.
        var isPermuted = false
        var rotary: RotaryEmbedding?
        /// The epsilon of the RMS norms of each query's and key's head, for families that have such norms.
        var headNormEpsilon: Float?
    }

    private enum Projections: Sendable {
        case separate(query: Linear, key: Linear, value: Linear)
        /// Queries, keys and values below one another.
        case fused(Linear)
    }

    private var projections: Projections
    private let output: Linear
    private let shape: Kernels.AttentionShape
    private let order: KeyOrder
    private let rotary: RotaryEmbedding?
    private let queryNorm, keyNorm: Norm?

    /// Takes `PREFIX.attn_q`, `attn_k`, `attn_v` or `attn_qkv`; `attn_output`; and `attn_q_norm`, `attn_k_norm`.
    ///
    /// - Parameter inputWidth: how many values are read, where it is not what is written
    init(_ loader: TensorLoader, prefix: String, dModel: Int, inputWidth: Int? = nil, shape: Shape) throws {
        let read = loader.hyperparameters
        guard shape.nHeads > 0, shape.nKVHeads > 0, shape.nHeads % shape.nKVHeads == 0 else {
            throw read.wrong(.nKVHeads, expected: "a number that divides the \(shape.nHeads) heads")
        }
        guard shape.headDim > 0 else { throw read.wrong(.headDim, expected: "a positive size") }
        let (rows, kvRows) = (shape.nHeads * shape.headDim, shape.nKVHeads * shape.headDim)
        if loader.has("\(prefix).attn_qkv.weight") {
            projections = .fused(
                try loader.linear("\(prefix).attn_qkv", rows: rows + 2 * kvRows, columns: inputWidth ?? dModel))
        } else {
            projections = .separate(
                query: try loader.linear(
                    "\(prefix).attn_q", rows: rows, columns: inputWidth ?? dModel,
                    order: shape.rowOrder(heads: shape.nHeads)),
                key: try loader.linear(
                    "\(prefix).attn_k", rows: kvRows, columns: inputWidth ?? dModel,
                    order: shape.rowOrder(heads: shape.nKVHeads)),
                value: try loader.linear("\(prefix).attn_v", rows: kvRows, columns: inputWidth ?? dModel))
        }
        output = try loader.linear("\(prefix).attn_output", rows: dModel, columns: rows)
        func headNorm(_ name: String) throws -> Norm? {
            try shape.headNormEpsilon.map {
                try Norm.rms(loader, "\(prefix).\(name)", count: shape.headDim, epsilon: $0)
            }
        }
        queryNorm = try headNorm("attn_q_norm")
        keyNorm = try headNorm("attn_k_norm")
        self.shape = Kernels.AttentionShape(
            nHeads: shape.nHeads, nKVHeads: shape.nKVHeads, headDim: shape.headDim,
            scale: shape.scale ?? 1 / Float(shape.headDim).squareRoot(), window: shape.window,
            half: loader.precision == .fast)
        order = shape.order
        rotary = shape.rotary
    }

    /// The same with a layer's own additions to the shared matrices.
    func adapted(query: LowRankAdapter, key: LowRankAdapter, value: LowRankAdapter) throws -> Attention {
        guard case .separate(var ours, var ourKey, var ourValue) = projections else {
            throw EngineError(
                .unsupported, "The model's queries, keys and values are one matrix, to which adapters can't be added.")
        }
        ours.adapter = query
        ourKey.adapter = key
        ourValue.adapter = value
        var attention = self
        attention.projections = .separate(query: ours, key: ourKey, value: ourValue)
        return attention
    }

    /// The state of a layer that has read nothing.
    func makeState() -> LayerState {
        LayerState(
            cache: KeyValueCache(
                nKVHeads: shape.nKVHeads, headDim: shape.headDim, half: shape.half, keyOrder: order,
                window: shape.window))
    }

    /// Reads `workspace.normed` and writes `workspace.branch`, both `[tokens, dModel]`.
    ///
    /// With RoPE, `RotaryEmbedding.prepare` was called for these positions.
    func apply(tokens: Int, state: inout LayerState, workspace: Workspace) {
        guard state.cache != nil else { preconditionFailure("an attention layer without a cache") }
        project(tokens: tokens, workspace: workspace)
        queryNorm?.apply(inPlace: &workspace.queries, rows: tokens * shape.nHeads, pool: workspace.pool)
        keyNorm?.apply(inPlace: &workspace.keys, rows: tokens * shape.nKVHeads, pool: workspace.pool)
        if let rotary {
            let rotation = workspace.rotations[rotary.slot]
            Kernels.rotate(
                &workspace.queries, order: order, tokens: tokens, heads: shape.nHeads, headDim: shape.headDim,
                rotated: rotary.dimensions, by: rotation, pool: workspace.pool)
            Kernels.rotate(
                &workspace.keys, order: order, tokens: tokens, heads: shape.nKVHeads, headDim: shape.headDim,
                rotated: rotary.dimensions, by: rotation, pool: workspace.pool)
        }
        let width = shape.nKVHeads * shape.headDim
        workspace.note(KeyValueRecurrence.shared, workspace.keys, 0..<width)
        workspace.noteMore(workspace.values, 0..<width)
        let start = state.cache?.count ?? 0
        workspace.pool.observed(.attention) {
            state.cache?.append(
                keys: workspace.keys, values: workspace.values, tokens: tokens, pool: workspace.pool)
        }
        guard let cache = state.cache else { return }
        workspace.mixed.reserve(tokens * shape.nHeads * shape.headDim)
        Kernels.attend(
            shape, queries: workspace.queries, tokens: tokens, start: start, cache: cache, into: &workspace.mixed,
            scratch: &workspace.scratch, pool: workspace.pool)
        if workspace.trace != nil { workspace.record(shape) }
        workspace.apply(output, to: workspace.mixed, tokens: tokens, output: &workspace.branch)
    }

    /// Fills `workspace.queries`, `.keys` and `.values`, `[tokens, heads · headDim]`.
    private func project(tokens: Int, workspace: Workspace) {
        let input = workspace.normed
        switch projections {
        case .separate(let query, let key, let value):
            workspace.apply(query, to: input, tokens: tokens, output: &workspace.queries)
            workspace.apply(key, to: input, tokens: tokens, output: &workspace.keys, sameInput: true)
            workspace.apply(value, to: input, tokens: tokens, output: &workspace.values, sameInput: true)
        case .fused(let all):
            workspace.apply(all, to: input, tokens: tokens, output: &workspace.projected)
            let (width, kvWidth) = (shape.nHeads * shape.headDim, shape.nKVHeads * shape.headDim)
            func take(_ count: Int, from column: Int, into out: inout [Float]) {
                out.reserve(tokens * count)
                workspace.pool.observed(.elementwise) {
                    Kernels.copyColumns(
                        workspace.projected, from: column, count: count, stride: all.rows, tokens: tokens, into: &out)
                }
            }
            take(width, from: 0, into: &workspace.queries)
            take(kvWidth, from: width, into: &workspace.keys)
            take(kvWidth, from: width + kvWidth, into: &workspace.values)
        }
    }
}

/// What takes tokens into a layer's keys and values.
final class KeyValueRecurrence: Recurrence {
    static let shared = KeyValueRecurrence()

    /// The input's columns are the key | the value.
    func take(_ input: [Float], into state: inout LayerState, workspace: Workspace) {
        let width = input.count / 2
        state.cache?.append(
            keys: Array(input[..<width]), values: Array(input[width...]), tokens: 1, pool: workspace.pool)
    }
}
