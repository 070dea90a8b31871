package import Engine

/// Random words, and then the same again: each is to be predicted from where it came first.
package enum CopyProbe: RecallProbe {
    package static let name = "copy"
    package static let about = "as many random words as the distance, and the same again; any of them could come next"

    package static func stations(
        distances: [Int], material: ProbeMaterial, random: inout SplitMix64
    ) -> [RecallStation] {
        distances.filter { $0 > 1 }.map { distance in
            let sequence = material.words.drawn(distance, &random)
            // The first of the second time can't be known: nothing says that it begins again.
            return RecallStation(
                distance: distance, startsOver: true, reading: material.prefix + sequence,
                questions: [
                    RecallQuestion(
                        tokens: sequence, scored: 1..<distance, candidates: Array(Set(sequence)).sorted())
                ])
        }
    }
}
