import Engine
import Glibc

/// How far the next-token predictions of model B are from those of model A along one text.
struct PredictionDivergence {
    /// Mean of KL(A‖B) = Σ p_A ln(p_A / p_B) over all positions, in nats.
    private(set) var mean = 0.0
    /// The divergence that 99 of 100 positions stay below.
    private(set) var percentile99 = 0.0
    /// The fraction of positions at which both have the same first choice.
    private(set) var topAgreement = 0.0
    private(set) var perplexityA = 0.0
    private(set) var perplexityB = 0.0

    /// Feeds `tokens` to both models.
    init(of tokens: [Int32], _ a: Model, _ b: Model) throws {
        var first = ModelRunner(a)
        var second = ModelRunner(b)
        var divergences: [Double] = []
        var likelihoods = (a: 0.0, b: 0.0)
        var agreements = 0
        for start in stride(from: 0, to: tokens.count, by: first.chunkSize) {
            let end = min(start + first.chunkSize, tokens.count)
            try first.feed(Array(tokens[start..<end]), wanting: .all)
            try second.feed(Array(tokens[start..<end]), wanting: .all)
            for row in 0..<(end - start) {
                divergences.append(Self.divergence(first, second, row: row))
                if first.best(row: row).token == second.best(row: row).token { agreements += 1 }
                guard start + row + 1 < tokens.count else { continue }
                let next = tokens[start + row + 1]
                likelihoods.a += Double(first.negativeLogLikelihood(of: next, row: row))
                likelihoods.b += Double(second.negativeLogLikelihood(of: next, row: row))
            }
        }
        mean = divergences.reduce(0, +) / Double(divergences.count)
        divergences.sort()
        percentile99 = divergences[min(divergences.count - 1, divergences.count * 99 / 100)]
        topAgreement = Double(agreements) / Double(divergences.count)
        perplexityA = exp(likelihoods.a / Double(tokens.count - 1))
        perplexityB = exp(likelihoods.b / Double(tokens.count - 1))
    }

    /// KL(A‖B) at one row of both runners' logits.
    private static func divergence(_ a: ModelRunner, _ b: ModelRunner, row: Int) -> Double {
        let range = (row * a.vocabSize)..<((row + 1) * a.vocabSize)
        return NextToken(Array(a.logits[range])).divergence(from: NextToken(Array(b.logits[range])))
    }
}
