/// A place in a conversation that its engine can go back to: a value, which only the engine understands.
///
/// Taking one copies nothing; what the engine changes afterwards is what it costs.
public struct Checkpoint: Sendable {
    /// Bytes that it takes once the conversation has gone on.
    public let byteCount: Int
    /// Tokens that had been read.
    public let tokensSeen: Int
    /// What the last turn fed to the model.
    public let fed: FedTokens
    /// What the engine needs beside state and logits to go on, as `TurnContent.resumption` keeps it.
    public let resumption: String
    /// Whether the place where the last question had been read is known, too, to answer it again from.
    public let hasPrompt: Bool
    /// What the engine needs to go back.
    package let content: any Sendable

    package init(
        byteCount: Int, tokensSeen: Int, fed: FedTokens = FedTokens(chunkSize: 1), resumption: String = "{}",
        hasPrompt: Bool = true, content: any Sendable
    ) {
        self.byteCount = byteCount
        self.tokensSeen = tokensSeen
        self.fed = fed
        self.resumption = resumption
        self.hasPrompt = hasPrompt
        self.content = content
    }
}
