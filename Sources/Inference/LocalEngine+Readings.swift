package import Chat
import Engine

extension LocalEngine {
    package func stateReading(top: Int) async throws -> StateReading {
        let probe = try probe(checkpoint(), top: top)
        return StateReading(
            tokensSeen: probe.tokensSeen, stateBytes: runner.state.byteCount,
            layers: probe.layers.map { parts in
                parts.map {
                    StateReading.Part(name: $0.name, shape: $0.shape, norm: $0.l2, largest: $0.maxAbs)
                }
            }, next: probe.next)
    }

    package func measureSpeed(tokens: Int) async throws -> SpeedReading {
        let stop = beginStoppable()
        var runner = ModelRunner(loaded.model, chunkSize: runner.chunkSize)
        let sequence = MeasuredTokens.first(tokens, vocabSize: runner.vocabSize)
        let clock = ContinuousClock()
        func feed(_ piece: [Int32]) throws {
            guard !stop.isSet else {
                throw ChatFailure(what: "the measurement was stopped", isRefusal: true)
            }
            try runner.feed(piece, wanting: .last)
        }
        // The first passes touch what the others find in the caches.
        try feed(Array(sequence.prefix(runner.chunkSize)))
        try feed([sequence[0]])
        let reading = try clock.measure {
            for first in stride(from: 0, to: tokens, by: runner.chunkSize) {
                try feed(Array(sequence[first..<min(first + runner.chunkSize, tokens)]))
            }
        }
        let writing = try clock.measure { for token in sequence { try feed([token]) } }
        return SpeedReading(
            promptTokens: tokens, promptTokensPerSecond: Double(tokens) / reading.seconds, tokens: tokens,
            tokensPerSecond: Double(tokens) / writing.seconds, weightBytesPerToken: loaded.model.weightBytesPerToken)
    }
}
