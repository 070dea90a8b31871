public import Chat

/// All that the screen may ask of the program.
public enum Effect: Sendable, Equatable {
    /// Send this text to the model.
    case ask(String)
    /// Make another answer than one to a new question.
    case answer(AnswerRequest)
    /// Stop the answer.
    case stop
    /// Start over, with this system prompt or the model's own.
    case reset(systemPrompt: String?)
    /// Ask something of the session; what is asked first is done first.
    case session(SessionRequest)
    /// Remember this line in the history file.
    case remember(String)
    /// Put this text where other programs can paste it.
    case copy(String)
    /// Read the themes there are.
    case listThemes
    /// Read the theme of this name or in this file.
    case loadTheme(String)
    /// Write a setting into the configuration file.
    case save(setting: String, value: String)
    /// Write the screen as it is to a file.
    case dumpFrame
    /// Give the terminal back to the shell until `fg`.
    case suspend
    /// Draw everything anew.
    case redraw
    case quit
}
