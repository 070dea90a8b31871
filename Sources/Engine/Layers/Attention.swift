/// Grouped-query attention (arXiv 2305.13245) over a cache of keys and values, with or without RoPE.
struct Attention: Sendable {
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let output: Linear
    private let shape: Kernels.AttentionShape
    private let order: KeyOrder
    private let rotary: RotaryEmbedding?

    /// Takes `PREFIX.attn_q`, `attn_k`, `attn_v`, `attn_output`.
    init(
        _ loader: TensorLoader, prefix: String, dModel: Int, nHeads: Int, nKVHeads: Int, headDim: Int, scale: Float?,
        window: Int = 0, order: KeyOrder, rotary: RotaryEmbedding?
    ) throws {
        let read = loader.hyperparameters
        guard nHeads > 0, nKVHeads > 0, nHeads % nKVHeads == 0 else {
            throw read.wrong(.nKVHeads, expected: "a number that divides the \(nHeads) heads")
        }
        query = try loader.linear("\(prefix).attn_q", rows: nHeads * headDim, columns: dModel)
        key = try loader.linear("\(prefix).attn_k", rows: nKVHeads * headDim, columns: dModel)
        value = try loader.linear("\(prefix).attn_v", rows: nKVHeads * headDim, columns: dModel)
        output = try loader.linear("\(prefix).attn_output", rows: dModel, columns: nHeads * headDim)
        shape = Kernels.AttentionShape(
            nHeads: nHeads, nKVHeads: nKVHeads, headDim: headDim, scale: scale ?? 1 / Float(headDim).squareRoot(),
            window: window, half: loader.precision == .fast)
        self.order = order
        self.rotary = rotary
    }

    /// The state of a layer that has read nothing.
    func makeState() -> LayerState {
        LayerState(
            cache: KeyValueCache(
                nKVHeads: shape.nKVHeads, headDim: shape.headDim, half: shape.half, keyOrder: order))
    }

    /// Reads `workspace.normed` and writes `workspace.branch`, both `[tokens, dModel]`.
    ///
    /// With RoPE, `RotaryEmbedding.prepare` was called for these positions.
    func apply(tokens: Int, state: inout LayerState, workspace: Workspace) {
        guard state.cache != nil else { preconditionFailure("an attention layer without a cache") }
        let input = workspace.normed
        workspace.apply(query, to: input, tokens: tokens, output: &workspace.queries)
        workspace.apply(key, to: input, tokens: tokens, output: &workspace.keys, sameInput: true)
        workspace.apply(value, to: input, tokens: tokens, output: &workspace.values, sameInput: true)
        if let rotary {
            Kernels.rotate(
                &workspace.queries, order: order, tokens: tokens, heads: shape.nHeads, headDim: shape.headDim,
                rotated: rotary.dimensions, cosines: workspace.cosines, sines: workspace.sines)
            Kernels.rotate(
                &workspace.keys, order: order, tokens: tokens, heads: shape.nKVHeads, headDim: shape.headDim,
                rotated: rotary.dimensions, cosines: workspace.cosines, sines: workspace.sines)
        }
        let start = state.cache?.count ?? 0
        state.cache?.append(keys: workspace.keys, values: workspace.values, tokens: tokens)
        guard let cache = state.cache else { return }
        workspace.mixed.reserve(tokens * shape.nHeads * shape.headDim)
        Kernels.attend(
            shape, queries: workspace.queries, tokens: tokens, start: start, cache: cache, into: &workspace.mixed,
            scratch: &workspace.scratch, pool: workspace.pool)
        workspace.apply(output, to: workspace.mixed, tokens: tokens, output: &workspace.branch)
    }
}
