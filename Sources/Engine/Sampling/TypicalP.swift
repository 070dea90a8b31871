import Foundation

/// Locally typical sampling (arXiv 2202.00666): tokens whose surprise is close to the expected one.
enum TypicalP {
    /// Keeps the candidates nearest to the entropy until they hold `mass`; the order by probability stays.
    static func apply(_ mass: Double, to candidates: inout [Candidate]) {
        guard mass < 1, !candidates.isEmpty else { return }
        let surprises = candidates.map { $0.probability > 0 ? -log($0.probability) : .infinity }
        let entropy = zip(candidates, surprises).reduce(0) {
            $1.0.probability > 0 ? $0 + $1.0.probability * $1.1 : $0
        }
        let nearest = candidates.indices.sorted { abs(surprises[$0] - entropy) < abs(surprises[$1] - entropy) }
        var sum = 0.0
        var kept: Set<Int> = []
        for index in nearest {
            kept.insert(index)
            sum += candidates[index].probability
            if sum >= mass { break }
        }
        candidates = candidates.indices.filter(kept.contains).map { candidates[$0] }
        candidates.renormalize()
    }
}
