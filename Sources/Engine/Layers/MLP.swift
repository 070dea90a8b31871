/// The MLP of GPT: down(GELU(up x)), with biases (arXiv 1606.08415).
struct MLP: Sendable {
    private let up: Linear
    private let down: Linear

    /// Takes `PREFIX.ffn_up` and `ffn_down`.
    init(_ loader: TensorLoader, prefix: String, dModel: Int, dFeedForward: Int) throws {
        up = try loader.linear("\(prefix).ffn_up", rows: dFeedForward, columns: dModel)
        // As in the gated MLP, a few values are far larger than their neighbours.
        down = try loader.linear(
            "\(prefix).ffn_down", rows: dModel, columns: dFeedForward, rounding: .twiceEightBits)
    }

    /// Reads `workspace.normed` and writes `workspace.branch`, both `[tokens, dModel]`.
    func apply(tokens: Int, workspace: Workspace) {
        workspace.apply(up, to: workspace.normed, tokens: tokens, output: &workspace.up)
        Kernels.gelu(&workspace.up, count: tokens * up.rows, pool: workspace.pool)
        workspace.apply(down, to: workspace.up, tokens: tokens, output: &workspace.branch)
    }
}
