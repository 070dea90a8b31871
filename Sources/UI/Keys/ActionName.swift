import Chat

extension Action {
    /// The actions that aren't commands, by the names that `keys.conf` has for them.
    static let named: [(name: String, action: Action)] =
        [
            ("send", .send),
            ("newline", .newline),
            ("stop", .stop),
            ("interrupt", .interrupt),
            ("delete-or-quit", .deleteOrQuit),
            ("complete", .complete),
            ("complete-back", .completeBack),
            ("scroll-page-up", .pageUp),
            ("scroll-page-down", .pageDown),
            ("scroll-up", .wheelUp),
            ("scroll-down", .wheelDown),
            ("home", .home),
            ("end", .end),
            ("previous-message", .previousMessage),
            ("next-message", .nextMessage),
            ("left", .left),
            ("right", .right),
            ("up", .up),
            ("down", .down),
            ("word-left", .wordLeft),
            ("word-right", .wordRight),
            ("line-start", .lineStart),
            ("line-end", .lineEnd),
            ("delete-left", .backspace),
            ("delete-right", .delete),
            ("cut-to-end", .killToEnd),
            ("cut-to-start", .killToStart),
            ("cut-word-before", .killWordBack),
            ("cut-word-after", .killWordForward),
            ("paste-cut", .yank),
            ("swap-characters", .transpose),
            ("undo-typing", .undo),
            ("redo-typing", .redo),
            ("history-prefix-back", .historyBack),
            ("history-prefix-forward", .historyForward),
            ("code-left", .codeLeft),
            ("code-right", .codeRight),
            ("suspend", .suspend),
            ("redraw", .redraw),
            ("prefix", .prefix),
            ("expand-paste", .expandPaste),
            ("quit", .quit),
            ("copy-answer", .copyAnswer),
            ("save-screen", .dumpFrame),
            ("toggle-gauges", .toggleGauges),
            ("toggle-mouse", .toggleMouse),
            ("toggle-wrap", .toggleWrap),
            ("edit-in-editor", .editText),
            ("other-pane", .otherPane),
            ("zoom", .zoom),
            ("scroll-together", .scrollTogether),
        ]
        + OverlayName.allCases.filter { ![.tokens, .mind].contains($0) }.map { ("open-\($0.rawValue)", .overlay($0)) }

    /// Its name in `keys.conf`: `cut-to-end`, or a command such as `/undo`.
    public var name: String {
        if case .command(let command, let argument) = self {
            return "/" + command.rawValue + (argument.isEmpty ? "" : " " + argument)
        }
        return Self.named.first { $0.action == self }?.name ?? ""
    }

    /// The action of a name, or nil.
    public init?(name: String) {
        if let found = Self.named.first(where: { $0.name == name }) {
            self = found.action
        } else if case .command(let command, let argument) = SubmittedLine(name) {
            self = .command(command, argument: argument)
        } else {
            return nil
        }
    }
}
