/// The plain MLP: down(f(up x)), with biases where there are any.
struct MLP: Sendable {
    enum Activation: Sendable {
        /// By the error function (arXiv 1606.08415).
        case gelu
        /// max(x, 0)² (arXiv 2109.08668).
        case squaredReLU
    }

    private let activation: Activation
    private let up: Linear
    private let down: Linear

    /// Takes `PREFIX.ffn_up` and `ffn_down`, or those of an expert.
    init(
        _ loader: TensorLoader, prefix: String, dModel: Int, dFeedForward: Int, activation: Activation,
        role: FeedForward.Role = .only
    ) throws {
        guard dFeedForward > 0 else {
            throw loader.hyperparameters.wrong(.dFeedForward, expected: "a positive width")
        }
        self.activation = activation
        up = try loader.linear("\(prefix).ffn_up", of: role, rows: dFeedForward, columns: dModel)
        // A few values can be far larger than their neighbours, squares above all.
        down = try loader.linear(
            "\(prefix).ffn_down", of: role, rows: dModel, columns: dFeedForward, rounding: .sixteenBits)
    }

    /// output = MLP(input), both `[tokens, dModel]`.
    func apply(_ input: [Float], tokens: Int, into output: inout [Float], workspace: Workspace) {
        workspace.apply(up, to: input, tokens: tokens, output: &workspace.up)
        switch activation {
        case .gelu: Kernels.gelu(&workspace.up, count: tokens * up.rows, pool: workspace.pool)
        case .squaredReLU: Kernels.squaredReLU(&workspace.up, count: tokens * up.rows, pool: workspace.pool)
        }
        workspace.apply(down, to: workspace.up, tokens: tokens, output: &output)
    }
}
