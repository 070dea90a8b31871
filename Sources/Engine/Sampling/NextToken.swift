import Foundation

/// What logits say of the next token: their softmax.
package struct NextToken: Sendable {
    private let logits: [Float]
    /// ln Σ exp(logit), in double precision, so that close predictions can be compared.
    private let logSum: Double

    /// - Parameter logits: `[vocabSize]`
    package init(_ logits: [Float]) {
        self.logits = logits
        let largest = Double(logits.max() ?? 0)
        logSum = largest + log(logits.reduce(0) { $0 + exp(Double($1) - largest) })
    }

    package func probability(of token: Int32) -> Double {
        exp(Double(logits[Int(token)]) - logSum)
    }

    /// The likeliest tokens with their probabilities, the likeliest first.
    package func top(_ count: Int) -> [(token: Int32, probability: Double)] {
        logits.isEmpty || count < 1
            ? [] : TopK.select(count, from: logits).map { ($0.token, exp(Double($0.logit) - logSum)) }
    }

    /// −Σ p log₂ p, in bits.
    package var entropy: Double {
        logits.reduce(0) { sum, logit in
            let logarithm = Double(logit) - logSum
            return logarithm > -700 ? sum - exp(logarithm) * logarithm : sum
        } / log(2)
    }

    /// KL(self‖other) = Σ p ln(p / q), in nats.
    package func divergence(from other: NextToken) -> Double {
        zip(logits, other.logits).reduce(0) { sum, pair in
            let logarithm = Double(pair.0) - logSum
            guard logarithm > -700 else { return sum }
            return sum + exp(logarithm) * (logarithm - (Double(pair.1) - other.logSum))
        }
    }
}
