package import Engine

/// How well a model predicts a text, by how much of it the model has read.
package enum PositionLosses {
    package static let name = "perplexity"
    package static let about = "the story from several places on, each the beginning of a sequence"

    /// The ranges of positions that end with `edges`: from 0 to the first, from there to the second, and so on.
    package static func ranges(_ edges: [Int]) -> [Range<Int>] {
        let sorted = Array(Set(edges.filter { $0 > 0 })).sorted()
        return zip([0] + sorted, sorted).map { $0..<$1 }
    }

    /// Where trials begin in a text: spread evenly, so that each has `length` tokens and one more to predict.
    ///
    /// They overlap where the text is shorter than all together; empty where it is too short for one.
    package static func starts(_ trials: Int, length: Int, textCount: Int) -> [Int] {
        let last = textCount - length - 1
        guard last >= 0, trials > 0 else { return [] }
        let count = Swift.min(trials, last + 1)
        return (0..<count).map { count == 1 ? 0 : $0 * last / (count - 1) }
    }

    /// The mean of −ln p of the tokens at each range of positions, in one sequence that begins at `start` of the text.
    ///
    /// The token at position i is predicted from the i before it, behind what the model wants in front of a text; without
    /// such, position 0 is the first token that can be predicted.
    package static func means(
        _ model: Model, material: ProbeMaterial, start: Int, ranges: [Range<Int>]
    ) throws -> [Double] {
        let length = ranges.last?.upperBound ?? 0
        var runner = ModelRunner(model)
        let lead = material.prefix.isEmpty ? [material.text[start]] : material.prefix
        let text = Array(material.text[(material.prefix.isEmpty ? start + 1 : start)...].prefix(length))
        // What is fed, and what each of it has to predict.
        let fed = lead.suffix(1) + text.dropLast()
        if lead.count > 1 { try runner.feed(Array(lead.dropLast()), wanting: .none) }
        var losses: [Double] = []
        for first in stride(from: 0, to: text.count, by: runner.chunkSize) {
            let end = Swift.min(first + runner.chunkSize, text.count)
            try runner.feed(Array(fed[first..<end]), wanting: .all)
            for position in first..<end {
                losses.append(Double(runner.negativeLogLikelihood(of: text[position], row: position - first)))
            }
        }
        return ranges.map { range in losses[range].reduce(0, +) / Double(range.count) }
    }
}
