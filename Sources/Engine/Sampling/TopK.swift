/// Keeps the k largest logits (arXiv 1805.04833).
enum TopK {
    /// The `k` most likely candidates, largest first; all of them when `k` is 0.
    ///
    /// NaN and −∞ are never among them.
    ///
    /// - Parameter replaced: logits of a few tokens that count instead of those in `logits`
    static func select(_ k: Int, from logits: [Float], replaced: [Int32: Float] = [:]) -> [Candidate] {
        guard k > 0, k < logits.count else { return all(logits, replaced: replaced) }
        // The replaced ones can push out no more than themselves.
        var best = largest(k + replaced.count, of: logits)
        guard !replaced.isEmpty else { return best }
        best.removeAll { replaced[$0.token] != nil }
        best += replaced.filter { $0.value > -.infinity }.map { Candidate(token: $0.key, logit: $0.value) }
        best.sort(by: comesBefore)
        return Array(best.prefix(k))
    }

    private static func all(_ logits: [Float], replaced: [Int32: Float]) -> [Candidate] {
        let candidates = logits.indices.map { index in
            Candidate(token: Int32(index), logit: replaced[Int32(index)] ?? logits[index])
        }
        return candidates.filter { $0.logit > -.infinity }.sorted(by: comesBefore)
    }

    /// A sorted list of the best so far; the kernel skips all that is not better than its last.
    private static func largest(_ k: Int, of logits: [Float]) -> [Candidate] {
        var best: [Candidate] = []
        best.reserveCapacity(k + 1)
        var start = 0
        // Equal ones that come later lose, so "greater" is enough.
        while let index = Kernels.firstIndex(
            above: best.count == k ? best[k - 1].logit : -.infinity, in: logits, from: start)
        {
            let candidate = Candidate(token: Int32(index), logit: logits[index])
            var low = 0
            var high = best.count
            while low < high {
                let middle = (low + high) / 2
                if comesBefore(best[middle], candidate) { low = middle + 1 } else { high = middle }
            }
            best.insert(candidate, at: low)
            if best.count > k { best.removeLast() }
            start = index + 1
        }
        return best
    }

    private static func comesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
        a.logit != b.logit ? a.logit > b.logit : a.token < b.token
    }
}
