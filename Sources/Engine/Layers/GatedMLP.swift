/// The gated MLP: down(f(gate x) ⊙ up x) (arXiv 2002.05202; SwiGLU where f is SiLU).
struct GatedMLP: Sendable {
    enum Activation: Sendable {
        case silu
        /// GELU's approximation by tanh.
        case geluTanh
    }

    private let activation: Activation
    private let gate: Linear
    private let up: Linear
    private let down: Linear

    /// Takes `PREFIX.ffn_gate`, `ffn_up`, `ffn_down`.
    init(_ loader: TensorLoader, prefix: String, dModel: Int, dFeedForward: Int, activation: Activation = .silu) throws
    {
        self.activation = activation
        gate = try loader.linear("\(prefix).ffn_gate", rows: dFeedForward, columns: dModel)
        up = try loader.linear("\(prefix).ffn_up", rows: dFeedForward, columns: dModel)
        // The product of gate and up has values a thousand times the others: 8 bits a block would lose those.
        down = try loader.linear(
            "\(prefix).ffn_down", rows: dModel, columns: dFeedForward, rounding: .twiceEightBits)
    }

    /// Reads `workspace.normed` and writes `workspace.branch`, both `[tokens, dModel]`.
    func apply(tokens: Int, workspace: Workspace) {
        workspace.apply(gate, to: workspace.normed, tokens: tokens, output: &workspace.gate)
        workspace.apply(up, to: workspace.normed, tokens: tokens, output: &workspace.up, sameInput: true)
        let count = tokens * gate.rows
        switch activation {
        case .silu: Kernels.siluMultiply(&workspace.gate, workspace.up, count: count, pool: workspace.pool)
        case .geluTanh: Kernels.geluTanhMultiply(&workspace.gate, workspace.up, count: count, pool: workspace.pool)
        }
        workspace.apply(down, to: workspace.gate, tokens: tokens, output: &workspace.branch)
    }
}
