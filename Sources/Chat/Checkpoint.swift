/// A place in a conversation that its engine can go back to: a value, which only the engine understands.
///
/// Taking one copies nothing; what the engine changes afterwards is what it costs.
public struct Checkpoint: Sendable {
    /// Bytes that it takes once the conversation has gone on.
    public let byteCount: Int
    /// Tokens that had been read.
    public let tokensSeen: Int
    /// What the engine needs to go back.
    package let content: any Sendable

    package init(byteCount: Int, tokensSeen: Int, content: any Sendable) {
        self.byteCount = byteCount
        self.tokensSeen = tokensSeen
        self.content = content
    }
}
