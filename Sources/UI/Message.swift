public import Chat
public import Screen

/// All that can happen to the screen.
///
/// Every message comes through one stream, so that nothing races.
public enum Message: Sendable {
    case input(InputEvent)
    /// The model is ready.
    case loaded(ModelSummary)
    /// The model can't be used.
    case loadFailed(ChatFailure)
    case generation(GenerationEvent)
    /// Something happened to a comparison.
    case pair(PairMessage)
    /// The conversation was started over.
    case resetDone(note: String)
    /// What came of something that was asked of the session.
    case session(Result<SessionReply, ChatFailure>)
    /// The session that is kept, once there is one, and what its snapshots take.
    case sessionState(SessionState?)
    /// A note for the reader, such as that an unknown `TERM` was replaced.
    case note(String)
    /// The themes there are.
    case themes([ThemeChoice])
    /// A theme that was asked for.
    case theme(Theme)
    /// Words that were asked for.
    case words([CommandCompletion.Word], of: WordSearch)
    /// A new conversation has begun with another model; the note says where the old one is.
    case switched(ModelSummary, note: String)
    /// What the program takes of the machine, now and then.
    case usage(ProcessUsage)
    /// What came of something that was asked for; it stands above the hints until the text changes.
    case notice(String)
    /// Text that was asked for, for the reader alone.
    case report(String)
    /// The message as it was saved in the editor.
    case edited(String)
    /// The text of a file for the message, and the file's name.
    case file(name: String, text: String)
    /// The wall clock, such as `2026-11-25 21:04`; sent when it changes, before the input that follows.
    case clock(String)
    /// A clock tick, at most 30 a second while something moves, with the monotonic time in seconds.
    case tick(Double)
}
