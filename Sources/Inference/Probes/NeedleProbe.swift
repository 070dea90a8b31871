package import Engine

/// A fact in a long text: the password of a door, asked for some tokens later.
///
/// The question's own tokens are a part of the distance, which can't be shorter than they are.
package enum NeedleProbe: RecallProbe {
    package static let name = "needle"
    package static let about = "a password is said once in a story, and asked for later; 16 words could be it"

    /// How many answers there could be.
    private static let candidateCount = 16
    /// Tokens of the story before the fact, so that it is not at the beginning, where models look anyway.
    private static let leadCount = 48
    private static let colors = ["green", "red", "blue", "black", "white", "yellow", "brown", "gray"]

    package static func stations(
        distances: [Int], material: ProbeMaterial, random: inout SplitMix64
    ) -> [RecallStation] {
        let candidates = material.nouns.drawn(candidateCount, &random)
        let answer = candidates[0]
        let color = colors[Int.random(in: colors.indices, using: &random)]
        let question = material.encode("\nThe password of the \(color) door is")
        let full = material.encode(".\n")
        var reading = material.prefix + material.passage(leadCount, &random) + question + [answer] + full
        let filler = material.passage(distances.last ?? 0, &random)
        var read = 0
        return distances.map { distance in
            let end = max(read, distance - 1 - full.count - question.count)
            reading += filler[read..<end]
            read = end
            defer { reading = [] }
            return RecallStation(
                distance: distance, startsOver: false, reading: reading,
                questions: [
                    RecallQuestion(
                        tokens: question + [answer], scored: question.count..<(question.count + 1),
                        candidates: candidates)
                ])
        }
    }
}
