package import Chat
import Engine
import Tokenization

/// What is looked at beside the conversation: a copy that read its tokens once more, and what was found out already.
struct Observation {
    /// The copy, with its trace; nil while the conversation's own trace is looked at.
    var runner: ModelRunner?
    /// Tokens that the copy has read.
    var rereadTokens = 0
    /// Whether the copy has read the conversation, and no other text.
    var isOfConversation = true
    /// What is the same for every layer that is looked at with a token.
    var seen: SeenToken?

    var isMade: Bool { runner != nil || seen != nil }
}

/// A token that was looked at in all layers.
struct SeenToken {
    var position: Int
    var layers: [Insight.Layer]
    var next: [TokenChoice]
}

extension LocalEngine {
    package func tracedTokens() async -> Range<Int> { observed?.positions ?? 0..<0 }

    /// The trace that is looked at, if it has tokens.
    var observed: Trace? {
        let trace = observation.runner?.trace ?? runner.trace
        return trace?.positions.isEmpty == false ? trace : nil
    }

    package func endObservation() async {
        observation = Observation()
    }

    package func observe(_ turns: [TurnContent], from checkpoint: Checkpoint, rereadTokens: Int) async throws {
        let place = try content(of: checkpoint).snapshot
        var copy = ModelRunner(loaded.model, chunkSize: runner.chunkSize)
        copy.restore(place.state, logits: place.logits)
        copy.trace(TraceRequest(capacity: Insight.capacity))
        let stop = beginStoppable()
        var count = rereadTokens
        for turn in turns {
            if turn.kind == .reply, try Resumption(parsing: turn.resumption).startsOver {
                copy.state = loaded.model.architecture.makeState()
            }
            count += try read(turn.fed.prompt + turn.fed.completion, on: &copy, stop: stop)
        }
        observation = Observation(runner: copy, rereadTokens: count)
    }

    /// Reads a text by itself, from the beginning of a sequence on and without a chat template, for `insight`.
    ///
    /// - Throws: `ChatFailure` where the text has no tokens
    package func observe(text: String) async throws {
        let tokens = loaded.tokenizer.encode(text, specialTokens: true, addSpecial: true)
        guard !tokens.isEmpty else {
            throw ChatFailure(what: "there is nothing to look at", why: "the text has no tokens")
        }
        var copy = ModelRunner(loaded.model, chunkSize: runner.chunkSize)
        copy.trace(TraceRequest(capacity: Insight.capacity))
        _ = try read(tokens, on: &copy, stop: beginStoppable())
        observation = Observation(runner: copy, isOfConversation: false)
    }

    /// Reads tokens on a copy, and returns how many they are.
    private func read(_ tokens: [Int32], on copy: inout ModelRunner, stop: StopFlag) throws -> Int {
        for first in stride(from: 0, to: tokens.count, by: copy.chunkSize) {
            guard !stop.isSet else {
                throw ChatFailure(
                    what: "looking inside was stopped", why: "the tokens have to be read again for it",
                    isRefusal: true)
            }
            try copy.feed(Array(tokens[first..<min(first + copy.chunkSize, tokens.count)]), wanting: .none)
        }
        return tokens.count
    }
}
