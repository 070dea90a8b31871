/// Zamba2's transformer block, whose matrices layers share while each has its own additions to them.
///
///     x = norm([h, e]);    y = MLP(norm(attention x));    out = W y
///
/// h is the stream and e what it was before the first layer. Nothing is added to the stream on the way.
struct SharedTransformer: Sendable {
    private let inputNorm: Norm
    private let mlpNorm: Norm
    private var attention: Attention
    private var mlp: GatedMLP
    /// The layer's own.
    private var output: Linear?

    private let dModel: Int
    private let dFeedForward: Int
    private let shape: Attention.Shape

    /// Takes `PREFIX.attn_*` and `PREFIX.ffn_*`, which layers share.
    init(_ loader: TensorLoader, prefix: String, dModel: Int, shape: Attention.Shape, normEpsilon: Float) throws {
        dFeedForward = try loader.hyperparameters.int(.dFeedForward)
        self.dModel = dModel
        self.shape = shape
        inputNorm = try .rms(loader, "\(prefix).attn_norm", count: 2 * dModel, epsilon: normEpsilon)
        mlpNorm = try .rms(loader, "\(prefix).ffn_norm", count: dModel, epsilon: normEpsilon)
        attention = try Attention(loader, prefix: prefix, dModel: dModel, inputWidth: 2 * dModel, shape: shape)
        mlp = try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: dFeedForward, activation: .gelu)
    }

    /// The block of one layer: takes `PREFIX.shared_output` and, where they are, `attn_*.lora_*` and `ffn_*.lora_*`.
    func belonging(to prefix: String, _ loader: TensorLoader) throws -> SharedTransformer {
        var block = self
        block.output = try loader.linear("\(prefix).shared_output", rows: dModel, columns: dModel)
        if loader.has("\(prefix).ffn_gate_up.lora_a") {
            let A = try loader.adapterInput("\(prefix).ffn_gate_up", columns: dModel)
            block.mlp = mlp.adapted(
                gate: try LowRankAdapter(loader, "\(prefix).ffn_gate", A: A, rows: dFeedForward),
                up: try LowRankAdapter(loader, "\(prefix).ffn_up", A: A, rows: dFeedForward))
        }
        if loader.has("\(prefix).attn_q.lora_a") {
            func adapter(_ name: String, heads: Int) throws -> LowRankAdapter {
                let A = try loader.adapterInput("\(prefix).\(name)", columns: 2 * dModel)
                return try LowRankAdapter(loader, "\(prefix).\(name)", A: A, rows: heads * shape.headDim)
            }
            block.attention = try attention.adapted(
                query: try adapter("attn_q", heads: shape.nHeads), key: try adapter("attn_k", heads: shape.nKVHeads),
                value: try adapter("attn_v", heads: shape.nKVHeads))
        }
        return block
    }

    /// The keys and values of a layer that has read nothing.
    func makeState() -> LayerState { attention.makeState() }

    /// Reads `workspace.hidden` and `.embedded` and writes `workspace.routed`, all `[tokens, dModel]`.
    func apply(tokens: Int, state: inout LayerState, workspace: Workspace) {
        guard let output else { preconditionFailure("a shared block that belongs to no layer") }
        workspace.joined.reserve(tokens * 2 * dModel)
        workspace.pool.observed(.elementwise) {
            for token in 0..<tokens {
                Kernels.copy(
                    workspace.hidden, from: token * dModel, count: dModel, to: &workspace.joined,
                    at: 2 * token * dModel)
                Kernels.copy(
                    workspace.embedded, from: token * dModel, count: dModel, to: &workspace.joined,
                    at: (2 * token + 1) * dModel)
            }
        }
        inputNorm.apply(workspace.joined, rows: tokens, into: &workspace.normed, pool: workspace.pool)
        attention.apply(tokens: tokens, state: &state, workspace: workspace)
        mlpNorm.apply(workspace.branch, rows: tokens, into: &workspace.normed, pool: workspace.pool)
        mlp.apply(workspace.normed, tokens: tokens, into: &workspace.branch, workspace: workspace)
        workspace.apply(output, to: workspace.branch, tokens: tokens, output: &workspace.routed)
    }
}
