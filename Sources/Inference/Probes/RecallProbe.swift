package import Engine

/// A question in the middle of a text: tokens, some of which have to be known from what came before.
package struct RecallQuestion: Sendable, Equatable {
    /// What is fed, token by token.
    package let tokens: [Int32]
    /// Which of `tokens` are to be predicted, each from all before it; never the first.
    package let scored: Range<Int>
    /// The answers that could be; those that `scored` has are among them.
    package let candidates: [Int32]

    init(tokens: [Int32], scored: Range<Int>, candidates: [Int32]) {
        precondition(
            !scored.isEmpty && scored.lowerBound > 0 && scored.upperBound <= tokens.count, "nothing to predict")
        self.tokens = tokens
        self.scored = scored
        self.candidates = candidates
    }
}

/// A place in a trial at which questions are asked.
package struct RecallStation: Sendable, Equatable {
    /// Tokens between where the answer stands and where it has to be said.
    package let distance: Int
    /// Whether the sequence begins anew here.
    package let startsOver: Bool
    /// What is read before the questions, after what was read at the station before; questions are forgotten again.
    package let reading: [Int32]
    package let questions: [RecallQuestion]
}

/// A measure of what a model can still say of what it has read some tokens ago.
///
/// Right is a prediction in which the answer is likelier than each other candidate; a model that knows which answers
/// there are, and nothing else, is right once in as many as there are candidates: chance.
package protocol RecallProbe: Sendable {
    static var name: String { get }
    /// What is read and asked, in a line.
    static var about: String { get }

    /// One trial: its places, by growing distance.
    static func stations(
        distances: [Int], material: ProbeMaterial, random: inout SplitMix64
    ) -> [RecallStation]
}

/// All probes of recall, in the order in which they are reported.
package enum RecallProbes {
    package static let all: [any RecallProbe.Type] = [NeedleProbe.self, CopyProbe.self, AssociationProbe.self]
}

extension RecallProbe {
    /// The trial of a number, the same for each model with the same tokens.
    package static func trial(
        _ number: Int, seed: UInt64, distances: [Int], material: ProbeMaterial
    ) -> [RecallStation] {
        // Neighbouring numbers must not give neighbouring streams: each begins where a mixed number says.
        var mix = SplitMix64(seed: seed ^ UInt64(truncatingIfNeeded: number) &* 0xD1B5_4A32_D192_ED03)
        var random = SplitMix64(seed: mix.next())
        return stations(distances: distances.sorted(), material: material, random: &random)
    }
}

extension Collection<Int32> {
    /// `count` different elements, in random order; elements come again where there are fewer.
    func drawn(_ count: Int, _ random: inout SplitMix64) -> [Int32] {
        var drawn: [Int32] = []
        guard !isEmpty else { return [] }
        while drawn.count < count {
            let left = count - drawn.count
            drawn += left < self.count ? Array(shuffled(using: &random).prefix(left)) : shuffled(using: &random)
        }
        return drawn
    }
}
