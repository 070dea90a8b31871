import Foundation

/// What a state-space layer takes for its step size Δ and for B and C at a token.
package enum Selection: String, Sendable {
    /// What the token selects: the model as it was trained.
    case perToken
    /// The mean of what all tokens of the sequence up to this one have selected, itself among them.
    ///
    ///     Δ̄_t = 1/(t + 1) Σ_{s ≤ t} Δ_s        B̄_t and C̄_t likewise
    ///     h_t = exp(Δ̄_t·A) ⊙ h_{t−1} + Δ̄_t·B̄_t·x_t        y_t = C̄_t·h_t + D ⊙ x_t
    ///
    /// Means are taken of Δ after softplus and clamping, for each channel of Mamba-1 and each head of Mamba-2, and of B
    /// and C after convolution and norm, for each state (and group) apart. A token moves a mean by 1/(t + 1) of its
    /// difference: after some hundred tokens the layer is, nearly, a linear time-invariant system, as S4 is
    /// (arXiv 2111.00396), whose parameters no longer depend on the token. The input x, with its convolution, the gate and
    /// D·x stay what they are, and so do all other layers.
    case runningMean
}

/// The running means of what a layer selects, which are a part of its state.
struct SelectionMean: Sendable {
    /// How many step sizes there are: a channel's or a head's.
    let steps: Int
    /// How many values B and C have together.
    let BC: Int

    /// The buffer's values are the means of Δ, of B and C, and the number of tokens that they are of.
    func makeBuffer() -> StateBuffer { StateBuffer(name: .selectionMean, shape: [1, steps + BC + 1]) }

    /// Takes in tokens, and replaces what they select by the means up to each.
    ///
    /// - Parameters:
    ///   - dt: `[tokens, steps]`, before bias and softplus, and so afterwards
    ///   - selected: B and C in rows of `stride`, from `column` on
    ///   - buffer: what `makeBuffer` has made
    func apply(
        dt: inout [Float], bias: [Float], limits: ClosedRange<Float> = 0...Float.infinity, selected: inout [Float],
        column: Int, stride: Int, tokens: Int, buffer: inout StateBuffer
    ) {
        precondition(dt.count >= tokens * steps && bias.count == steps, "step shape")
        precondition(selected.count >= (tokens - 1) * stride + column + BC, "selection shape")
        for token in 0..<tokens {
            let count = buffer.values[steps + BC] + 1
            buffer.values[steps + BC] = count
            var sizes = (0..<steps).map { dt[token * steps + $0] + bias[$0] }
            Kernels.softplus(&sizes)
            for index in 0..<steps {
                let size = min(limits.upperBound, max(limits.lowerBound, sizes[index]))
                let mean = buffer.values[index] + (size - buffer.values[index]) / count
                buffer.values[index] = mean
                dt[token * steps + index] = Self.inverseSoftplus(mean) - bias[index]
            }
            for index in 0..<BC {
                let place = token * stride + column + index
                let mean = buffer.values[steps + index]
                buffer.values[steps + index] = mean + (selected[place] - mean) / count
                selected[place] = buffer.values[steps + index]
            }
        }
    }

    /// ln(eˣ − 1), of which the kernels' softplus makes x again.
    private static func inverseSoftplus(_ x: Float) -> Float {
        // Beyond 30 they are equal; below e⁻⁸⁰ nothing is left of a step.
        x > 30 ? x : max(-80, Float(log(expm1(Double(x)))))
    }
}
