import Chat
import Engine

/// Two places side by side: what the model remembers there, and what it would say next.
struct StateComparison {
    private let first: ConversationSnapshot
    private let second: ConversationSnapshot
    /// How many tokens and heads each list has at most.
    private let top: Int

    init(_ first: ConversationSnapshot, _ second: ConversationSnapshot, top: Int) {
        self.first = first
        self.second = second
        self.top = top
    }

    /// The difference; labels are left empty.
    ///
    /// - Parameter text: a token's text
    func difference(_ text: (Int32) -> String) -> StateDifference {
        let layers = first.state.changes(to: second.state)
        let parts = layers.enumerated().flatMap { index, layer in
            layer.parts.map { StateDifference.Part(layer: index, name: $0.name, change: $0.change) }
        }.sorted { $0.change > $1.change }
        let (a, b) = (NextToken(first.logits), NextToken(second.logits))
        // Before anything is read there is no prediction to compare with.
        let isComparable = !first.logits.isEmpty && !second.logits.isEmpty
        return StateDifference(
            from: "", to: "",
            layers: layers.enumerated().map { StateDifference.Layer(index: $0, change: $1.change) },
            mostChanged: Array(parts.prefix(top)),
            before: StateDifference.Prediction(a, top: top, text), after: StateDifference.Prediction(b, top: top, text),
            divergence: isComparable ? a.divergence(from: b) : 0)
    }
}

extension StateDifference.Prediction {
    /// What logits say of the next token.
    ///
    /// - Parameter text: a token's text
    init(_ next: NextToken, top: Int, _ text: (Int32) -> String) {
        let top = next.top(top).map { token, probability in
            TokenChoice(id: token, text: text(token), probability: Float(probability))
        }
        self.init(top: top, entropy: next.entropy)
    }
}
