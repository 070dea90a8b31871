package import Chat
package import Engine

/// What a state says without reading anything: what would come next, and how large its layers' memories are.
package struct StateProbe: Sendable {
    package let tokensSeen: Int
    /// By layer, then by part: window, state, keys, values.
    package let layers: [[StateSummary]]
    /// Empty before anything was read.
    package let next: StateDifference.Prediction
}

extension LocalEngine {
    /// Looks at a place; the conversation stays where it is.
    ///
    /// - Parameter top: how many tokens are named that could come next
    /// - Throws: `ChatFailure` for another engine's checkpoint
    package func probe(_ checkpoint: Checkpoint, top: Int) throws -> StateProbe {
        let snapshot = try content(of: checkpoint).snapshot
        return StateProbe(
            tokensSeen: snapshot.state.position, layers: snapshot.state.layers.map { $0.summaries() },
            next: StateDifference.Prediction(NextToken(snapshot.logits), top: top) { loaded.tokenizer.text(of: $0) })
    }
}
