/// What a layer computes for each token alone.
enum FeedForward: Sendable {
    case gated(GatedMLP)
    case plain(MLP)
    indirect case experts(MixtureOfExperts)

    /// Which of a layer's MLPs weights belong to.
    enum Role: Sendable {
        /// The layer has only one: `ffn_up`.
        case only
        /// The one that every token goes through beside its experts: `ffn_up_shexp`.
        case shared
        /// One of `count`, of which a token goes through `used`: a matrix of `ffn_up_exps`.
        case expert(Int, count: Int, used: Int)
    }

    /// output = f(input), both `[tokens, dModel]`.
    func apply(_ input: [Float], tokens: Int, into output: inout [Float], workspace: Workspace) {
        switch self {
        case .gated(let mlp): mlp.apply(input, tokens: tokens, into: &output, workspace: workspace)
        case .plain(let mlp): mlp.apply(input, tokens: tokens, into: &output, workspace: workspace)
        case .experts(let experts): experts.apply(input, tokens: tokens, into: &output, workspace: workspace)
        }
    }
}

extension TensorLoader {
    /// A linear map of an MLP: `NAME`, `NAME_shexp`, or one of those stacked in `NAME_exps`.
    func linear(
        _ name: String, of role: FeedForward.Role, rows: Int, columns: Int, rounding: ActivationRounding = .eightBits
    ) throws -> Linear {
        switch role {
        case .only: try linear(name, rows: rows, columns: columns, rounding: rounding)
        case .shared: try linear("\(name)_shexp", rows: rows, columns: columns, rounding: rounding)
        case .expert(let index, let count, let used):
            Linear(
                weight: try matrix(
                    "\(name)_exps.weight", slice: index, of: count, used: used, rows: rows, columns: columns),
                bias: nil, rounding: rounding)
        }
    }
}
