import Foundation

/// One sequence on a model: its state, and the logits of what was fed last.
///
/// Not shared: each runner belongs to one thread at a time. Going back is assigning an earlier `state`.
package struct ModelRunner {
    /// Which positions' logits a call should compute; each costs a product with the whole output head.
    package enum WantedLogits: Sendable {
        case none, last, all
    }

    /// Tokens that go through the layers together, at most.
    ///
    /// Larger pieces reuse weights better until their activations leave the cache.
    package static let defaultChunkSize = 128

    package let model: Model
    package let chunkSize: Int
    package var state: SequenceState {
        didSet { hasLastStep = false }
    }
    /// Whether `feed` notes what a single token does to the state.
    package var notesSteps = false
    /// Whether `state` comes of a single token, whose step was noted.
    package private(set) var hasLastStep = false
    /// Logits of the last `feed` that wanted some, `[positions, vocabSize]`.
    package private(set) var logits: [Float] = []
    private let workspace: Workspace
    private var sampling = SamplingWorkspace()

    /// A runner whose sequence has read nothing.
    package init(_ model: Model, chunkSize: Int = Self.defaultChunkSize) {
        precondition(chunkSize > 0, "a chunk has at least one token")
        self.model = model
        self.chunkSize = chunkSize
        state = model.architecture.makeState()
        workspace = Workspace(pool: model.pool)
    }

    package var vocabSize: Int { model.architecture.vocabSize }

    /// What is kept of the tokens that are fed; nil where nobody asked.
    package var trace: Trace? { workspace.trace }

    /// Keeps from now on what `request` says, or nothing; a trace with the same request goes on.
    package mutating func trace(_ request: TraceRequest?) {
        guard workspace.trace?.request != request else { return }
        workspace.trace = request.map {
            Trace($0, layers: state.layers.count, half: model.precision == .fast)
        }
    }

    /// What the model would predict for a traced token if it ended after each layer, `[nLayers, vocabSize]`.
    ///
    /// The logit lens: the output norm and the head on what each layer leaves. Nil where the token isn't traced.
    package func layerLogits(at position: Int) -> [Float]? {
        guard let trace, trace.positions.contains(position) else { return nil }
        let rows = trace.layers.compactMap { $0.stream?.row(trace.slot(position)) }
        workspace.hidden.reserve(rows.count * (rows.first?.count ?? 0))
        for (index, row) in rows.enumerated() {
            Kernels.copy(row, from: 0, count: row.count, to: &workspace.hidden, at: index * row.count)
        }
        workspace.opensSequence = false
        model.architecture.computeLogits(rows: 0..<rows.count, workspace: workspace)
        return Array(workspace.logits[..<(rows.count * vocabSize)])
    }

    /// Goes over to another state of the same model, with the logits that it led to.
    package mutating func restore(_ state: SequenceState, logits: [Float]) {
        self.state = state
        self.logits = logits
    }

    /// Hands out what led to `state`, if that is known, in exchange for memory that the next token's step can have.
    package mutating func takeLastStep(into step: inout StateStep) -> Bool {
        guard hasLastStep else { return false }
        swap(&step, &workspace.step)
        hasLastStep = false
        return true
    }

    /// Takes a step again that led on from `state` before; `logits` stay what they are.
    package mutating func take(_ step: StateStep) {
        model.pool.inTurn { state.take(step, workspace: workspace) }
    }

    /// Reads `tokens` after all that was fed before, in pieces of `chunkSize`.
    ///
    /// In `fast` precision a sequence's first token goes alone, rounded more finely: models park values there that are a
    /// thousand times the others, and what rounding does to them stays in all that follows.
    ///
    /// Throws, before anything is fed, when a token is not in the vocabulary.
    package mutating func feed(_ tokens: [Int32], wanting wanted: WantedLogits = .last) throws {
        if let index = tokens.firstIndex(where: { $0 < 0 || Int($0) >= vocabSize }) {
            throw EngineError(
                .badToken,
                "token \(index) is \(tokens[index]), but the model's vocabulary has the tokens 0 to \(vocabSize - 1).")
        }
        guard !tokens.isEmpty else { return }
        workspace.step.clear()
        workspace.notesStep = notesSteps && tokens.count == 1
        defer { hasLastStep = workspace.notesStep }
        var collected: [Float] = []
        var start = 0
        while start < tokens.count {
            workspace.opensSequence = model.precision == .fast && state.position == 0
            let piece = tokens[start..<min(start + (workspace.opensSequence ? 1 : chunkSize), tokens.count)]
            start = piece.endIndex
            let rows =
                switch wanted {
                case .none: 0..<0
                case .last: (piece.endIndex < tokens.count ? piece.count : piece.count - 1)..<piece.count
                case .all: 0..<piece.count
                }
            model.pool.inTurn {
                workspace.trace?.begin(piece, at: state.position)
                model.architecture.advance(piece, state: &state, workspace: workspace)
                workspace.trace?.end()
                if !rows.isEmpty { model.architecture.computeLogits(rows: rows, workspace: workspace) }
            }
            if wanted == .all { collected += workspace.logits[..<(piece.count * vocabSize)] }
        }
        switch wanted {
        case .none: return
        case .last: model.pool.observed(.head) { copyLastLogits() }
        case .all: logits = collected
        }
    }

    /// Takes the one row from the workspace, into the same memory for every token.
    private mutating func copyLastLogits() {
        if logits.count != vocabSize { logits = Array(repeating: 0, count: vocabSize) }
        Kernels.copy(workspace.logits, from: 0, count: vocabSize, to: &logits, at: 0)
    }

    /// Copies `logits` into memory that may have held others before.
    package func copyLogits(into copy: inout [Float]) {
        if copy.count != logits.count { copy = Array(repeating: 0, count: logits.count) }
        Kernels.copy(logits, from: 0, count: logits.count, to: &copy, at: 0)
    }

    /// Lets `sampler` choose a token from `logits`.
    package mutating func choose(by sampler: inout Sampler) -> Int32 {
        sampler.choose(from: logits, workspace: &sampling)
    }

    /// The most likely token at one row of `logits`, and how far the second is behind.
    package func best(row: Int = 0) -> (token: Int32, margin: Float) {
        let first = Kernels.argmax(logits, at: row * vocabSize, count: vocabSize)
        let top = logits[row * vocabSize + first]
        var second = -Float.infinity
        for index in 0..<vocabSize where index != first {
            second = max(second, logits[row * vocabSize + index])
        }
        return (Int32(first), top - second)
    }

    /// −log p of `token` at one row of `logits`.
    package func negativeLogLikelihood(of token: Int32, row: Int = 0) -> Float {
        Kernels.logSumExp(logits, at: row * vocabSize, count: vocabSize) - logits[row * vocabSize + Int(token)]
    }

    /// The probability of `token` at one row of `logits`, and the entropy of the whole prediction in bits.
    package func prediction(of token: Int32, row: Int = 0) -> (probability: Float, entropy: Float) {
        let start = row * vocabSize
        let (logSum, entropy) = Kernels.entropy(logits, at: start, count: vocabSize)
        return (exp(logits[start + Int(token)] - logSum), entropy / log(2))
    }
}
