public import Chat

/// What a key does.
public enum Action: Sendable, Hashable {
    case send, newline, stop, interrupt, deleteOrQuit, complete, completeBack
    case pageUp, pageDown, wheelUp, wheelDown, home, end, previousMessage, nextMessage
    case left, right, up, down, wordLeft, wordRight, lineStart, lineEnd
    case backspace, delete, killToEnd, killToStart, killWordBack, killWordForward, yank, transpose, undo, redo
    case historyBack, historyForward, codeLeft, codeRight
    case suspend, redraw, prefix, expandPaste, quit, copyAnswer, dumpFrame, toggleGauges, toggleMouse, toggleWrap,
        editText
    case otherPane, zoom, scrollTogether
    /// Does a command, with what would stand behind it.
    case command(Command.Name, argument: String = "")
    /// Opens what lies over the chat.
    case overlay(OverlayName)
}
