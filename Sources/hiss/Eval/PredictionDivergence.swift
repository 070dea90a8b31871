import Chat
import Engine

/// How far the next-token predictions of model B are from those of model A along one text.
struct PredictionDivergence {
    /// Agreement and KL(A‖B) over all positions, perplexities of all tokens but the first.
    private(set) var tally = ComparisonTally()
    /// The divergence that 99 of 100 positions stay below.
    private(set) var percentile99 = 0.0

    /// Feeds `tokens`, of which there are two at least, to both models.
    init(of tokens: [Int32], _ a: Model, _ b: Model) throws {
        var first = ModelRunner(a)
        var second = ModelRunner(b)
        var divergences: [Double] = []
        for start in stride(from: 0, to: tokens.count, by: first.chunkSize) {
            let end = min(start + first.chunkSize, tokens.count)
            try first.feed(Array(tokens[start..<end]), wanting: .all)
            try second.feed(Array(tokens[start..<end]), wanting: .all)
            for row in 0..<(end - start) {
                let (p, q) = (Self.next(first, row: row), Self.next(second, row: row))
                divergences.append(p.divergence(from: q))
                tally.addPrediction(
                    agrees: first.best(row: row).token == second.best(row: row).token,
                    divergence: divergences[start + row])
                guard start + row + 1 < tokens.count else { continue }
                let next = tokens[start + row + 1]
                tally.addToken(leader: p.probability(of: next), follower: q.probability(of: next))
            }
        }
        divergences.sort()
        percentile99 = divergences[min(divergences.count - 1, divergences.count * 99 / 100)]
    }

    private static func next(_ runner: ModelRunner, row: Int) -> NextToken {
        NextToken(Array(runner.logits[(row * runner.vocabSize)..<((row + 1) * runner.vocabSize)]))
    }
}
