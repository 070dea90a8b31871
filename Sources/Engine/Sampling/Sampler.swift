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

    /// Whether recent tokens are made less likely.
    var penalizes: Bool { repeatPenalty != 1 || frequencyPenalty != 0 || presencePenalty != 0 }
}

/// Memory for choosing tokens, kept from token to token.
package struct SamplingWorkspace: Sendable {
    /// Logits with bias and penalties, `[vocabSize]`.
    fileprivate var adjusted: [Float] = []
    /// How often each token came up lately, `[vocabSize]`; all 0 between choices.
    fileprivate var occurrences: [Int32] = []
    fileprivate var candidates: [Candidate] = []
    fileprivate var order = ProbabilityOrder()

    package init() {}
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

    /// Becomes equal to `other` in its own memory, so that neither copies its window when one of them goes on.
    package mutating func copyContents(of other: Sampler) {
        settings = other.settings
        generator = other.generator
        window.removeAll(keepingCapacity: true)
        window.append(contentsOf: other.window)
    }

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
        var workspace = SamplingWorkspace()
        return choose(from: logits, workspace: &workspace)
    }

    /// Chooses the next token from logits `[vocabSize]`, and allocates nothing once the workspace has been used.
    package mutating func choose(from logits: [Float], workspace: inout SamplingWorkspace) -> Int32 {
        guard adjusts else { return chooseAsTheyAre(logits, &workspace) }
        // Taken out, so that it is not copied while the workspace is used.
        var adjusted: [Float] = []
        swap(&adjusted, &workspace.adjusted)
        defer { swap(&adjusted, &workspace.adjusted) }
        if adjusted.count != logits.count { adjusted = logits }
        Kernels.copy(logits, from: 0, count: logits.count, to: &adjusted, at: 0)
        for (token, bias) in settings.logitBias where token >= 0 && Int(token) < logits.count {
            adjusted[Int(token)] += bias
        }
        Penalties.apply(settings, window: window, to: &adjusted, occurrences: &workspace.occurrences)
        return chooseAsTheyAre(adjusted, &workspace)
    }

    private var adjusts: Bool { !settings.logitBias.isEmpty || (settings.penalizes && !window.isEmpty) }

    private mutating func chooseAsTheyAre(_ logits: [Float], _ workspace: inout SamplingWorkspace) -> Int32 {
        guard !logits.isEmpty else { return 0 }
        let best = Kernels.argmax(logits, at: 0, count: logits.count)
        guard settings.temperature > 0 else { return Int32(best) }
        let unit = generator.nextUnit()
        // No probabilities come of an infinity, nor of nothing.
        guard logits[best].isFinite else { return logits[best] > 0 ? Int32(best) : 0 }
        if settings.typicalP < 1 || (1...Self.fewCandidates).contains(settings.topK) {
            return draw(unit, bySorting: logits, &workspace.candidates)
        }
        return draw(unit, from: logits, best, isExact: false, &workspace.order)
            ?? draw(unit, from: logits, best, isExact: true, &workspace.order) ?? Int32(best)
    }

    /// Up to so many candidates are kept in a sorted list.
    private static let fewCandidates = 128

    private func draw(_ unit: Double, bySorting logits: [Float], _ candidates: inout [Candidate]) -> Int32 {
        TopK.select(settings.topK, from: logits, into: &candidates)
        normalize(&candidates)
        TypicalP.apply(settings.typicalP, to: &candidates)
        TopP.apply(settings.topP, to: &candidates)
        MinP.apply(settings.minP, to: &candidates)
        return draw(unit, from: candidates)
    }

    /// What `draw(_:bySorting:_:)` gives, without sorting: each filter keeps the first of the sorted candidates.
    private func draw(
        _ unit: Double, from logits: [Float], _ best: Int, isExact: Bool, _ order: inout ProbabilityOrder
    ) -> Int32? {
        // Where the draw will end, as far as filters can be foreseen.
        let aim = unit * min(max(settings.topP, 0), 1)
        order.begin(logits, largest: logits[best], temperature: settings.temperature, aim: aim, isExact: isExact)
        var kept = order.all
        if settings.topK > 0, settings.topK < kept.count {
            guard let last = order.place(.rank(settings.topK), in: logits) else { return nil }
            kept = (last.mass, last.count)
        }
        if settings.topP < 1 {
            let mass = max(settings.topP, 0) * kept.mass
            guard let last = order.place(.reaching(mass), in: logits) else { return nil }
            if last.count < kept.count { kept = (last.mass, last.count) }
        }
        if settings.minP > 0 {
            let likely = order.kept(atLeast: settings.minP, in: logits)
            if likely.count < kept.count { kept = likely }
        }
        return order.place(.passing(unit * kept.mass), in: logits)?.token
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
    private func draw(_ unit: Double, from candidates: [Candidate]) -> Int32 {
        var left = unit
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
