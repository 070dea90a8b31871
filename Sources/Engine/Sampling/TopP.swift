/// Nucleus sampling (arXiv 1904.09751): the smallest set of the most likely tokens that holds the mass.
enum TopP {
    /// Keeps candidates, which are sorted by probability, until they hold `mass`; at least one stays.
    static func apply(_ mass: Double, to candidates: inout [Candidate]) {
        guard mass < 1 else { return }
        var sum = 0.0
        var kept = 0
        while kept < candidates.count {
            sum += candidates[kept].probability
            kept += 1
            if sum >= mass { break }
        }
        candidates.removeLast(candidates.count - kept)
        candidates.renormalize()
    }
}
