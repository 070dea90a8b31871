import Foundation

/// How a sampler chooses.
///
/// Every filter can be switched off by its neutral value.
package struct SamplerSettings: Sendable, Equatable {
    /// 0 is greedy.
    package var temperature: Double
    package var topK: Int
    package var topP: Double
    package var minP: Double
    package var typicalP: Double
    package var repeatPenalty: Double
    package var frequencyPenalty: Double
    package var presencePenalty: Double
    package var penaltyWindow: Int
    package var logitBias: [Int32: Float]

    package init(
        temperature: Double, topK: Int = 0, topP: Double = 1, minP: Double = 0, typicalP: Double = 1,
        repeatPenalty: Double = 1, frequencyPenalty: Double = 0, presencePenalty: Double = 0, penaltyWindow: Int = 64,
        logitBias: [Int32: Float] = [:]
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.typicalP = typicalP
        self.repeatPenalty = repeatPenalty
        self.frequencyPenalty = frequencyPenalty
        self.presencePenalty = presencePenalty
        self.penaltyWindow = penaltyWindow
        self.logitBias = logitBias
    }
}

/// A token that was or could be chosen, with its probability.
package struct Candidate: Sendable, Equatable {
    package var token: Int32
    package var logit: Float
    /// Among the candidates that are left; filters keep it normalised.
    package var probability: Double = 0
}

/// Chooses tokens; a value, whose copy goes on identically.
///
/// The chain: logit bias → penalties over the window of this answer → temperature 0 takes the largest; else top-k → temperature →
/// typical → top-p → min-p → draw. Candidates are sorted by logit, equal ones by token, so that the same seed gives the
/// same text.
package struct Sampler: Sendable, Equatable {
    package var settings: SamplerSettings
    private var generator: SplitMix64
    /// The last tokens of this answer, oldest first, at most `penaltyWindow`.
    private var window: [Int32] = []

    package init(_ settings: SamplerSettings, seed: UInt64) {
        self.settings = settings
        generator = SplitMix64(seed: seed)
    }

    /// Where a sampler stands: with its settings, all that it needs to go on.
    package struct Position: Sendable, Equatable {
        /// The generator's state.
        package var generator: UInt64
        /// The tokens that penalties count as recent, oldest first.
        package var window: [Int32]

        package init(generator: UInt64, window: [Int32]) {
            self.generator = generator
            self.window = window
        }
    }

    /// Goes on from where another sampler stood.
    package init(_ settings: SamplerSettings, at position: Position) {
        self.settings = settings
        generator = SplitMix64(seed: position.generator)
        window = position.window
    }

    /// Where this sampler stands.
    package var position: Position { Position(generator: generator.state, window: window) }

    /// The state of the generator of random numbers.
    package var generatorState: UInt64 {
        get { generator.state }
        set { generator = SplitMix64(seed: newValue) }
    }

    /// Forgets the penalties' window: what was said in earlier answers may be said again.
    package mutating func beginAnswer() {
        window = []
    }

    /// Tells the sampler of a token that was chosen, for its penalties.
    package mutating func observe(_ token: Int32) {
        guard settings.penaltyWindow > 0 else { return }
        if window.count >= settings.penaltyWindow { window.removeFirst(window.count - settings.penaltyWindow + 1) }
        window.append(token)
    }

    /// Chooses the next token from logits `[vocabSize]`.
    package mutating func choose(from logits: [Float]) -> Int32 {
        let replaced = adjusted(logits)
        guard settings.temperature > 0 else {
            guard !replaced.isEmpty else { return Int32(Kernels.argmax(logits, at: 0, count: logits.count)) }
            return TopK.select(1, from: logits, replaced: replaced).first?.token ?? 0
        }
        var candidates = TopK.select(settings.topK, from: logits, replaced: replaced)
        normalize(&candidates)
        TypicalP.apply(settings.typicalP, to: &candidates)
        TopP.apply(settings.topP, to: &candidates)
        MinP.apply(settings.minP, to: &candidates)
        return draw(from: candidates)
    }

    /// The logits of the tokens that bias and penalties change.
    private func adjusted(_ logits: [Float]) -> [Int32: Float] {
        var replaced: [Int32: Float] = [:]
        for (token, bias) in settings.logitBias where token >= 0 && Int(token) < logits.count {
            replaced[token] = logits[Int(token)] + bias
        }
        if settings.repeatPenalty != 1 || settings.frequencyPenalty != 0 || settings.presencePenalty != 0 {
            Penalties.apply(settings, window: window, to: logits, replaced: &replaced)
        }
        return replaced
    }

    /// Gives candidates their probabilities at the temperature.
    private func normalize(_ candidates: inout [Candidate]) {
        guard let largest = candidates.first?.logit else { return }
        for index in candidates.indices {
            candidates[index].probability = exp(Double(candidates[index].logit - largest) / settings.temperature)
        }
        candidates.renormalize()
    }

    /// Draws by the candidates' probabilities.
    private mutating func draw(from candidates: [Candidate]) -> Int32 {
        var left = generator.nextUnit()
        for candidate in candidates {
            left -= candidate.probability
            if left < 0 { return candidate.token }
        }
        // Rounding left a sliver: the most likely token takes it.
        return candidates.first?.token ?? 0
    }
}

extension [Candidate] {
    /// Makes the probabilities sum to 1.
    mutating func renormalize() {
        let sum = reduce(0) { $0 + $1.probability }
        guard sum > 0 else { return }
        for index in indices { self[index].probability /= sum }
    }
}
