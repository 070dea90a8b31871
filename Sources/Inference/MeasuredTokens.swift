/// The tokens that benchmarks feed: the same at every run, and spread over the vocabulary.
package enum MeasuredTokens {
    /// The first `count` tokens of the sequence, by SplitMix64 from a fixed seed.
    package static func first(_ count: Int, vocabSize: Int) -> [Int32] {
        var state: UInt64 = 2024
        return (0..<count).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int32((mixed ^ (mixed >> 31)) % UInt64(vocabSize))
        }
    }
}
