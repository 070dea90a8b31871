package import Chat
import Synchronization

/// An engine that plays given events.
///
/// Each `reply` takes the next script. A script that doesn't end by itself stays open until `stop()` or the end of
/// its stream, like a model that goes on talking.
package final class ScriptedEngine: ChatEngine {
    /// What was asked of the engine, in order.
    package enum Call: Sendable, Equatable {
        case reply(String)
        case answerAgain
        case continueAnswer
        case follow(String)
        case ask(String)
        case pick(Int32, back: Int)
        case replay(Int)
        case stop
        case reset(systemPrompt: String?)
        /// Went to the place with this number.
        case go(Int)
    }

    private struct State {
        var scripts: [[GenerationEvent]]
        var calls: [Call] = []
        var open: AsyncStream<GenerationEvent>.Continuation?
        var metrics = Metrics()
        var checkpoints = 0
    }

    package let summary: ModelSummary
    private let state: Mutex<State>

    package init(summary: ModelSummary = .sample, scripts: [[GenerationEvent]]) {
        self.summary = summary
        state = Mutex(State(scripts: scripts))
    }

    /// Writes down what was asked.
    func note(_ call: Call) {
        state.withLock { $0.calls.append(call) }
    }

    package var calls: [Call] {
        state.withLock { $0.calls }
    }

    package func reply(to text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        play(.reply(text), to: text)
    }

    package func answerAgain(options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        play(.answerAgain, to: "the last question")
    }

    package func continueAnswer(options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        play(.continueAnswer, to: "the rest")
    }

    package func lead(
        _ text: String, options: GenerationOptions, channel: LeadChannel
    ) -> AsyncStream<GenerationEvent> {
        play(.reply(text), to: text)
    }

    package func follow(
        _ text: String, options: GenerationOptions, channel: LeadChannel
    ) -> AsyncStream<GenerationEvent> {
        play(.follow(text), to: text)
    }

    package func ask(_ text: String, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        play(.ask(text), to: text)
    }

    package func pick(_ token: Int32, back: Int, options: GenerationOptions) -> AsyncStream<GenerationEvent> {
        play(.pick(token, back: back), to: "token \(token)")
    }

    /// Plays the next script.
    private func play(_ call: Call, to text: String) -> AsyncStream<GenerationEvent> {
        let (stream, continuation) = AsyncStream<GenerationEvent>.makeStream()
        let script = state.withLock { state in
            state.calls.append(call)
            return state.scripts.isEmpty ? nil : state.scripts.removeFirst()
        }
        guard let script else {
            continuation.yield(.failed(ChatFailure(what: "the script has no answer to \"\(text)\"")))
            continuation.finish()
            return stream
        }
        for event in script {
            continuation.yield(event)
            switch event {
            case .token(_, let metrics): state.withLock { $0.metrics = metrics }
            case .finished, .failed:
                continuation.finish()
                return stream
            case .prefill, .text: break
            }
        }
        state.withLock { $0.open = continuation }
        return stream
    }

    package func stop() {
        let (open, metrics) = state.withLock { state in
            state.calls.append(.stop)
            defer { state.open = nil }
            return (state.open, state.metrics)
        }
        open?.yield(.finished(.cancelled, metrics))
        open?.finish()
    }

    /// A place with the next number, from 0.
    package func checkpoint() async -> Checkpoint {
        state.withLock { state in
            defer { state.checkpoints += 1 }
            return Checkpoint(
                byteCount: 1000, tokensSeen: state.metrics.tokensSeen, content: state.checkpoints)
        }
    }

    package func go(to checkpoint: Checkpoint) async throws {
        guard let number = checkpoint.content as? Int else {
            throw ChatFailure(what: "can't go back to that place", why: "it belongs to another engine")
        }
        state.withLock { $0.calls.append(.go(number)) }
    }

    package func reset(systemPrompt: String?) async {
        state.withLock {
            $0.calls.append(.reset(systemPrompt: systemPrompt))
            $0.metrics = Metrics()
        }
    }
}

extension ModelSummary {
    /// A recurrent model of the default model's size.
    package static var sample: ModelSummary {
        ModelSummary(
            name: "smolmamba2", title: "SmolMamba2 158M Instruct", family: "granitehybrid", parameters: 158_000_000,
            precision: "fast", threads: 2, trainedContext: 2048, stateBytes: 5_045_760, stateBytesPerToken: 0,
            attentionBaseline: AttentionBaseline(name: "SmolLM2-135M", bytesPerToken: 23_040))
    }
}

/// Events of an answer, with the metrics that an engine would send.
package enum Script {
    /// Reading `promptTokens`, then the words of `text` at an even rate, then the end.
    package static func answer(
        _ text: String, promptTokens: Int = 20, tokensPerSecond: Double = 40, seenBefore: Int = 0,
        recomputed: Int = 0, finish: FinishReason? = .endOfTurn
    ) -> [GenerationEvent] {
        var metrics = Metrics()
        metrics.promptTokens = promptTokens
        metrics.recomputedTokens = recomputed
        metrics.prefillSeconds = Double(promptTokens) / 400
        metrics.stateBytes = ModelSummary.sample.stateBytes
        var events: [GenerationEvent] = [
            .prefill(done: 0, total: promptTokens), .prefill(done: promptTokens, total: promptTokens),
        ]
        for (index, word) in words(text).enumerated() {
            metrics.completionTokens = index + 1
            metrics.decodeSeconds = Double(index) / tokensPerSecond
            metrics.timeToFirstToken = metrics.prefillSeconds
            metrics.tokensSeen = seenBefore + promptTokens + index + 1
            events.append(.token(SampledToken(id: Int32(index), text: word, probability: 0.5), metrics))
        }
        if let finish { events.append(.finished(finish, metrics)) }
        return events
    }

    /// A token with what could have come instead of it.
    package static let tracedToken = SampledToken(
        id: 1, text: "on", probability: 0.71, entropy: 1.2,
        alternatives: [
            TokenChoice(id: 1, text: "on", probability: 0.71), TokenChoice(id: 7, text: " Thu", probability: 0.12),
            TokenChoice(id: 9, text: "\n", probability: 0.06), TokenChoice(id: 11, text: " the", probability: 0.02),
        ])

    /// What 30 layers do: step sizes rise and fall, half-lives differ by orders.
    package static let layers: [LayerReading] = (0..<30).map { layer in
        LayerReading(
            layer: layer, meanStep: 0.02 + 0.38 * Double(min(layer, 29 - layer)) / 7,
            halfLife: [0.5, 2, 12, 90, 1500][layer * 7 % 5])
    }

    /// An answer of one traced token.
    package static func traced(_ text: String) -> [GenerationEvent] {
        var metrics = Metrics()
        metrics.promptTokens = 20
        metrics.completionTokens = 1
        metrics.stateBytes = ModelSummary.sample.stateBytes
        metrics.tokensSeen = 318
        metrics.layers = layers
        metrics.tracedTokens = 21
        metrics.traceBytes = 21 * 70_000
        return [.token(tracedToken, metrics), .finished(.endOfTurn, metrics)]
    }

    /// The text in pieces that end with a blank or newline.
    private static func words(_ text: String) -> [String] {
        var words: [String] = [""]
        for character in text {
            words[words.count - 1].append(character)
            if character.isWhitespace { words.append("") }
        }
        return words.filter { !$0.isEmpty }
    }
}
