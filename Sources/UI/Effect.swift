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
    /// Do something about a comparison.
    case pair(PairEffect)
    /// Remember this line in the history file.
    case remember(String)
    /// Put this text where other programs can paste it.
    case copy(String)
    /// Read the themes there are.
    case listThemes
    /// Find words for a command that is being written.
    case findWords(WordSearch)
    /// Begin a new conversation with another model, by its name or path.
    case loadModel(String)
    /// Read the theme of this name or in this file.
    case loadTheme(String)
    /// Let the message be edited in the user's own editor, which gets the terminal.
    case editText(String)
    /// Read a file's text for the message.
    case readFile(String)
    /// Say what there is to say about the program itself.
    case report(Report)
    /// Write a setting into the configuration file.
    case save(setting: String, value: String)
    /// Tell a reader who looks elsewhere that a long answer has ended.
    case alert(Alert)
    /// Write the screen as it is to a file.
    case dumpFrame
    /// Give the terminal back to the shell until `fg`.
    case suspend
    /// Draw everything anew.
    case redraw
    case quit
}

/// What the program can say about itself.
public enum Report: Sendable, Equatable {
    /// The model, and every path in use.
    case info
    /// The model.
    case model
    /// The models that can be named.
    case models
    /// What keeps the program from working well.
    case doctor
}
