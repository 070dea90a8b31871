/// Whose keys edit the text.
public enum EditMode: String, Sendable, CaseIterable {
    case emacs, vi
}

/// What tells the end of a long answer to a reader who looks elsewhere.
public enum Alert: String, Sendable, CaseIterable {
    case bell
    /// The terminal's own notification, by OSC 9.
    case osc9
    case off
}

/// How the reader wants the screen to behave.
public struct ScreenOptions: Sendable, Equatable {
    public var editMode = EditMode.emacs
    /// Whether headers say when a message was sent.
    public var showsTimes = true
    /// Lines beyond which a paste is folded; 0 folds none.
    public var pasteLimit = 20
    public var alert = Alert.bell
    public var framesPerSecond = 30

    public init() {}
}
