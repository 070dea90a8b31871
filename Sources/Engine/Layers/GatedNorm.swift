/// How a Mamba-2 mixer's output is gated, and normed by groups of its values where there is a norm.
enum GatedNorm: Sendable {
    /// y ⊙ SiLU(z)
    case gate(width: Int)
    /// norm(y ⊙ SiLU(z)) ⊙ w
    case normAfterGate(weight: [Float], groups: Int, epsilon: Float)
    /// (norm(y) ⊙ w) ⊙ SiLU(z); one vector of weights a group
    case normBeforeGate(weights: [[Float]], epsilon: Float)

    /// Takes `NAME.weight`.
    ///
    /// - Parameters:
    ///   - nGroups: the groups of B and C, which divide dInner
    ///   - isOptional: whether the family has mixers without a norm, which have no weights of it
    init(
        _ loader: TensorLoader, _ name: String, dInner: Int, nGroups: Int, epsilon: Float, isOptional: Bool
    ) throws {
        let read = loader.hyperparameters
        guard !isOptional || loader.has("\(name).weight") else {
            self = .gate(width: dInner)
            return
        }
        let width = dInner / nGroups
        let weight = try loader.values("\(name).weight", shapes: [[nGroups, width], [dInner]])
        self =
            read.bool(.normsBeforeGate, default: false)
            ? .normBeforeGate(
                weights: (0..<nGroups).map { Array(weight[($0 * width)..<(($0 + 1) * width)]) }, epsilon: epsilon)
            : .normAfterGate(weight: weight, groups: nGroups, epsilon: epsilon)
    }

    /// Updates y in `workspace.mixed` `[tokens, dInner]`; z is the first dInner columns of `workspace.projected`.
    func apply(tokens: Int, gateStride: Int, workspace: Workspace) {
        switch self {
        case .gate(let width):
            gate(tokens: tokens, width: width, gateStride: gateStride, workspace: workspace)
        case .normAfterGate(let weight, let groups, let epsilon):
            Kernels.gatedRMSNorm(
                &workspace.mixed, gate: workspace.projected, zStride: gateStride, weight: weight, groups: groups,
                epsilon: epsilon, tokens: tokens, pool: workspace.pool)
        case .normBeforeGate(let weights, let epsilon):
            let width = weights.reduce(0) { $0 + $1.count }
            for (group, weight) in weights.enumerated() {
                Kernels.rmsNormColumns(
                    &workspace.mixed, column: group * weight.count, stride: width, weight: weight, epsilon: epsilon,
                    tokens: tokens, pool: workspace.pool)
            }
            gate(tokens: tokens, width: width, gateStride: gateStride, workspace: workspace)
        }
    }

    /// Multiplies y by SiLU(z).
    private func gate(tokens: Int, width: Int, gateStride: Int, workspace: Workspace) {
        workspace.gate.reserve(tokens * width)
        workspace.pool.observed(.elementwise) {
            Kernels.copyColumns(
                workspace.projected, count: width, stride: gateStride, tokens: tokens, into: &workspace.gate)
        }
        Kernels.siluMultiply(&workspace.gate, workspace.mixed, count: tokens * width, pool: workspace.pool)
        swap(&workspace.gate, &workspace.mixed)
    }
}
