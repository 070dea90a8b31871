/// The gated MLP: down(f(gate x) ⊙ up x) (arXiv 2002.05202; SwiGLU where f is SiLU).
struct GatedMLP: Sendable {
    enum Activation: Sendable {
        case silu
        /// By the error function.
        case gelu
        /// GELU's approximation by tanh.
        case geluTanh
    }

    private let activation: Activation
    private(set) var gate: Linear
    private(set) var up: Linear
    private let down: Linear

    /// Takes `PREFIX.ffn_gate`, `ffn_up`, `ffn_down`, or those of an expert.
    ///
    /// - Parameter rounding: of gate ⊙ up, some of whose values are far larger than their neighbours
    init(
        _ loader: TensorLoader, prefix: String, dModel: Int, dFeedForward: Int, activation: Activation = .silu,
        role: FeedForward.Role = .only, rounding: ActivationRounding = .sixteenBits
    ) throws {
        guard dFeedForward > 0 else {
            throw loader.hyperparameters.wrong(.dFeedForward, expected: "a positive width")
        }
        self.activation = activation
        gate = try loader.linear("\(prefix).ffn_gate", of: role, rows: dFeedForward, columns: dModel)
        up = try loader.linear("\(prefix).ffn_up", of: role, rows: dFeedForward, columns: dModel)
        down = try loader.linear(
            "\(prefix).ffn_down", of: role, rows: dModel, columns: dFeedForward, rounding: rounding)
    }

    /// The same with a layer's own additions to the shared matrices.
    func adapted(gate: LowRankAdapter, up: LowRankAdapter) -> GatedMLP {
        var mlp = self
        mlp.gate.adapter = gate
        mlp.up.adapter = up
        return mlp
    }

    /// output = MLP(input), both `[tokens, dModel]`.
    func apply(_ input: [Float], tokens: Int, into output: inout [Float], workspace: Workspace) {
        workspace.apply(gate, to: input, tokens: tokens, output: &workspace.gate)
        workspace.apply(up, to: input, tokens: tokens, output: &workspace.up, sameInput: true)
        let count = tokens * gate.rows
        switch activation {
        case .silu: Kernels.siluMultiply(&workspace.gate, workspace.up, count: count, pool: workspace.pool)
        case .gelu: Kernels.geluMultiply(&workspace.gate, workspace.up, count: count, pool: workspace.pool)
        case .geluTanh: Kernels.geluTanhMultiply(&workspace.gate, workspace.up, count: count, pool: workspace.pool)
        }
        workspace.apply(down, to: workspace.gate, tokens: tokens, output: &output)
    }
}
