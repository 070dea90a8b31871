/// Keeps the k largest logits (arXiv 1805.04833).
enum TopK {
    /// The `k` most likely candidates, largest first; all of them when `k` is 0.
    ///
    /// NaN and −∞ are never among them.
    static func select(_ k: Int, from logits: [Float]) -> [Candidate] {
        var candidates: [Candidate] = []
        select(k, from: logits, into: &candidates)
        return candidates
    }

    /// Does so in memory that is used again.
    static func select(_ k: Int, from logits: [Float], into candidates: inout [Candidate]) {
        candidates.removeAll(keepingCapacity: true)
        if k > 0, k < logits.count {
            selectLargest(k, of: logits, into: &candidates)
        } else {
            for index in logits.indices where logits[index] > -.infinity {
                candidates.append(Candidate(token: Int32(index), logit: logits[index]))
            }
            candidates.sort(by: comesBefore)
        }
    }

    /// Keeps a sorted list of the best so far; the kernel skips all that is not better than its last.
    private static func selectLargest(_ k: Int, of logits: [Float], into best: inout [Candidate]) {
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
            if best.count == k { best.removeLast() }
            best.insert(candidate, at: low)
            start = index + 1
        }
    }

    private static func comesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
        a.logit != b.logit ? a.logit > b.logit : a.token < b.token
    }
}
