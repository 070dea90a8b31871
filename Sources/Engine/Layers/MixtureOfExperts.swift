/// A mixture of experts (arXiv 1701.06538): each token goes through the MLPs that a router chooses, and through one that
/// all tokens share where there is one.
///
///     s = router x;    y = Σ_e w_e(s) · expert_e(x) + shared(x),    e among the k best
///
/// Tokens are grouped by expert, so that products with many tokens stay matrix products. A token's sum runs over its
/// experts in their order in the file, whatever it is grouped with.
struct MixtureOfExperts: Sendable {
    private let router: Linear
    private let rule: ExpertRule
    /// Added to the scores that experts are chosen by, not to those that weigh them.
    private let correction: [Float]?
    private let experts: [FeedForward]
    private let shared: FeedForward?

    /// What the experts of a family are like.
    enum Kind: Sendable {
        case gated
        case squaredReLU

        fileprivate func load(
            _ loader: TensorLoader, prefix: String, dModel: Int, width: Int, role: FeedForward.Role
        ) throws -> FeedForward {
            switch self {
            case .gated: .gated(try GatedMLP(loader, prefix: prefix, dModel: dModel, dFeedForward: width, role: role))
            case .squaredReLU:
                .plain(
                    try MLP(
                        loader, prefix: prefix, dModel: dModel, dFeedForward: width, activation: .squaredReLU,
                        role: role)
                )
            }
        }
    }

    /// Takes `PREFIX.ffn_gate_inp`, `exp_probs_b`, `ffn_*_exps` and, where `dShared` is not 0, `ffn_*_shexp`.
    init(
        _ loader: TensorLoader, prefix: String, dModel: Int, dExpert: Int, dShared: Int, kind: Kind, rule: ExpertRule
    ) throws {
        self.rule = rule
        // A token goes to another expert when its scores change: they get what precision there is.
        router = try loader.linear(
            "\(prefix).ffn_gate_inp", rows: rule.nExperts, columns: dModel, rounding: .sixteenBits)
        correction =
            loader.has("\(prefix).exp_probs_b.bias")
            ? try loader.vector("\(prefix).exp_probs_b.bias", count: rule.nExperts) : nil
        experts = try (0..<rule.nExperts).map { expert in
            try kind.load(
                loader, prefix: prefix, dModel: dModel, width: dExpert,
                role: .expert(expert, count: rule.nExperts, used: rule.nUsed))
        }
        shared =
            dShared > 0
            ? try kind.load(loader, prefix: prefix, dModel: dModel, width: dShared, role: .shared) : nil
    }

    /// output = y for input = x, both `[tokens, dModel]`.
    func apply(_ input: [Float], tokens: Int, into output: inout [Float], workspace: Workspace) {
        let dModel = router.columns
        workspace.apply(router, to: input, tokens: tokens, output: &workspace.routing.scores)
        workspace.pool.observed(.routing) {
            workspace.routing.route(tokens: tokens, rule: rule, correction: correction)
            Kernels.clear(&workspace.routed, count: tokens * dModel)
        }
        for (index, expert) in experts.enumerated() {
            let places = workspace.routing.places(of: index)
            guard !places.isEmpty else { continue }
            workspace.pool.observed(.routing) {
                gather(input, places: places, width: dModel, workspace: workspace)
            }
            expert.apply(
                workspace.gathered, tokens: places.count, into: &workspace.expertOutput, workspace: workspace)
            scatter(places: places, width: dModel, workspace: workspace)
        }
        guard let shared else {
            swap(&output, &workspace.routed)
            return
        }
        shared.apply(input, tokens: tokens, into: &output, workspace: workspace)
        Kernels.add(workspace.routed, scale: 1, to: &output, count: tokens * dModel, pool: workspace.pool)
    }

    /// Copies the tokens at `places` of the routing to `workspace.gathered`.
    private func gather(_ input: [Float], places: Range<Int>, width: Int, workspace: Workspace) {
        workspace.gathered.reserve(places.count * width)
        for (row, place) in places.enumerated() {
            Kernels.copy(
                input, from: workspace.routing.tokens[place] * width, count: width, to: &workspace.gathered,
                at: row * width)
        }
    }

    /// Adds the rows of `workspace.expertOutput`, weighted, to those of their tokens.
    private func scatter(places: Range<Int>, width: Int, workspace: Workspace) {
        for (row, place) in places.enumerated() {
            Kernels.add(
                workspace.expertOutput, from: row * width, scale: workspace.routing.weights[place],
                to: &workspace.routed, at: workspace.routing.tokens[place] * width, count: width, pool: workspace.pool)
        }
    }
}
