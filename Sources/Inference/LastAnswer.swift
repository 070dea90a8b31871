import Chat

/// The last question's answer and how it came about.
struct LastAnswer: Sendable {
    /// The place where the question had been read; nil where it is kept nowhere.
    var prompt: ConversationSnapshot?
    /// What was fed to read the question.
    var promptTokens: [Int32]
    /// Whether that was the whole conversation, from its beginning.
    var startsOver: Bool
    /// The answer's tokens so far, in continuations, too.
    var tokens: [Int32] = []
    /// How the numbers were drawn that chose them.
    var draws = DrawLog()
}
