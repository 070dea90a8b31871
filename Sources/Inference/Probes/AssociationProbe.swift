package import Engine

/// Pairs of random words, of which the first eight are asked for after more and more others.
///
/// Multi-query associative recall (arXiv 2312.04927) with words of the model's own vocabulary.
package enum AssociationProbe: RecallProbe {
    package static let name = "association"
    package static let about = "lines of word: word; the first 8 are asked for after further lines, among their 8 words"

    /// How many pairs are asked for.
    private static let asked = 8

    package static func stations(
        distances: [Int], material: ProbeMaterial, random: inout SplitMix64
    ) -> [RecallStation] {
        let (colon, end) = (material.encode(":"), material.encode("\n"))
        let count = min(asked, max(1, material.words.count / 4))
        let drawn = material.words.drawn(2 * count, &random)
        let pairs = (0..<count).map { (key: drawn[$0], value: drawn[count + $0]) }
        let questions = pairs.map { pair in
            let asking = [pair.key] + colon
            return RecallQuestion(
                tokens: asking + [pair.value], scored: asking.count..<(asking.count + 1),
                candidates: pairs.map(\.value))
        }
        let length = 2 + colon.count + end.count
        // What was asked for must not be said again.
        let taken = Set(drawn)
        let others = material.words.filter { !taken.contains($0) }
        let further = max(0, ((distances.last ?? 0) - length) / length)
        let words = others.drawn(2 * further, &random)
        func line(_ key: Int32, _ value: Int32) -> [Int32] { [key] + colon + [value] + end }
        var reading = material.prefix + pairs.flatMap { line($0.key, $0.value) }
        var read = 0
        return distances.map { distance in
            let last = max(read, min(further, (distance - length) / length))
            reading += (read..<last).flatMap { line(words[$0], words[further + $0]) }
            read = last
            defer { reading = [] }
            return RecallStation(distance: distance, startsOver: false, reading: reading, questions: questions)
        }
    }
}
