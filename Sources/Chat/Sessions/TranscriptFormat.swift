/// The form in which a session is exported.
public enum TranscriptFormat: String, Sendable, CaseIterable {
    /// One file that another machine goes on with.
    case hiss
    /// What was said, to be read.
    case md, txt
    /// What was said, for programs.
    case json
}
