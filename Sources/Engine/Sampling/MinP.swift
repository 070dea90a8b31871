/// Min-p sampling (arXiv 2407.01082): tokens not much less likely than the most likely one.
enum MinP {
    /// Keeps candidates, which are sorted by probability, of at least `fraction` of the largest probability.
    static func apply(_ fraction: Double, to candidates: inout [Candidate]) {
        guard fraction > 0, let largest = candidates.first?.probability else { return }
        let kept = candidates.prefix { $0.probability >= fraction * largest }.count
        candidates.removeLast(candidates.count - max(kept, 1))
        candidates.renormalize()
    }
}
