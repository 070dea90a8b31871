import Foundation

/// Locally typical sampling (arXiv 2202.00666): tokens whose surprise is close to the expected one.
enum TypicalP {
    /// Keeps the candidates nearest to the entropy until they hold `mass`; the order by probability stays.
    ///
    /// They are sorted by probability, so those are neighbours: it begins where surprises pass the entropy, and goes on
    /// to whichever side is nearer, to the likelier one where both are as near. Equal ones go by their order.
    static func apply(_ mass: Double, to candidates: inout [Candidate]) {
        guard mass < 1, !candidates.isEmpty else { return }
        let entropy = candidates.reduce(0) { $0 + ($1.probability > 0 ? $1.probability * surprise($1) : 0) }
        var end = candidates.firstIndex { surprise($0) >= entropy } ?? candidates.count
        // What is kept is [start, stop) and [middle, end): equal ones before the middle may be kept in part.
        var (start, stop, middle) = (end, end, end)
        var sum = 0.0
        repeat {
            let before = start > 0 ? entropy - surprise(candidates[start - 1]) : .infinity
            let after = end < candidates.count ? surprise(candidates[end]) - entropy : .infinity
            if start > 0, before <= after {
                middle = start
                stop = start - 1
                while stop > 0, candidates[stop - 1].probability == candidates[middle - 1].probability { stop -= 1 }
                start = stop
                repeat {
                    sum += candidates[stop].probability
                    stop += 1
                } while stop < middle && sum < mass
            } else {
                sum += candidates[end].probability
                end += 1
            }
        } while sum < mass && (start > 0 || end < candidates.count)
        candidates.removeLast(candidates.count - end)
        candidates.removeSubrange(stop..<middle)
        candidates.removeFirst(start)
        candidates.renormalize()
    }

    private static func surprise(_ candidate: Candidate) -> Double {
        candidate.probability > 0 ? -log(candidate.probability) : .infinity
    }
}
