import Engine

/// Where the generator of random numbers stood before each token of an answer, so that whoever steps back draws as the
/// answer did.
///
/// Runs of tokens each of which took one number, or none: a sampled answer is one run, a token that a reader picked
/// begins another.
struct DrawLog: Sendable, Equatable {
    struct Run: Sendable, Equatable {
        /// The number of its first token in the answer.
        var index: Int
        /// The generator's state there.
        var generator: UInt64
        /// Whether each token took a number; nil while that is not known.
        var takesNumbers: Bool?
    }

    var runs: [Run] = []

    /// Notes where the generator stands before the token `index` is chosen.
    mutating func note(_ generator: UInt64, at index: Int) {
        if let last = runs.last, last.takesNumbers == nil, index == last.index + 1 {
            let advanced = SplitMix64.state(last.generator, after: 1)
            runs[runs.count - 1].takesNumbers = generator == advanced ? true : generator == last.generator ? false : nil
        }
        guard self.generator(at: index) != generator else { return }
        runs.append(Run(index: index, generator: generator, takesNumbers: nil))
    }

    /// The generator's state before the token `index` was chosen; nil where it is not known.
    func generator(at index: Int) -> UInt64? {
        guard let run = runs.last(where: { $0.index <= index }) else { return nil }
        guard let takesNumbers = run.takesNumbers else { return index == run.index ? run.generator : nil }
        return takesNumbers ? SplitMix64.state(run.generator, after: index - run.index) : run.generator
    }

    /// Forgets the tokens from `index` on.
    mutating func truncate(to index: Int) {
        runs.removeAll { $0.index >= index }
    }
}
