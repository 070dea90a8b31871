/// Keeps the k largest logits (arXiv 1805.04833).
enum TopK {
    /// The `k` most likely candidates, largest first; all of them when `k` is 0.
    ///
    /// NaN is never among them.
    static func select(_ k: Int, from logits: [Float]) -> [Candidate] {
        guard k > 0, k < logits.count else {
            return logits.indices.filter { !logits[$0].isNaN }.map { Candidate(token: Int32($0), logit: logits[$0]) }
                .sorted(by: comesBefore)
        }
        // A sorted list of the best so far: almost every logit fails the first comparison.
        var best: [Candidate] = []
        best.reserveCapacity(k + 1)
        for index in logits.indices where !logits[index].isNaN {
            let logit = logits[index]
            if best.count == k, let worst = best.last, logit <= worst.logit { continue }
            let candidate = Candidate(token: Int32(index), logit: logit)
            var low = 0
            var high = best.count
            while low < high {
                let middle = (low + high) / 2
                if comesBefore(best[middle], candidate) { low = middle + 1 } else { high = middle }
            }
            best.insert(candidate, at: low)
            if best.count > k { best.removeLast() }
        }
        return best
    }

    private static func comesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
        a.logit != b.logit ? a.logit > b.logit : a.token < b.token
    }
}
