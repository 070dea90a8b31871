import Launch
import Screen

/// A line on the terminal that says how far something is; nothing where there is no terminal.
struct ProgressLine {
    private let isShown: Bool

    init(isShown: Bool) {
        self.isShown = isShown && Output.standardError.isTerminal
    }

    /// Replaces the line.
    func show(_ text: String) {
        if isShown { try? Output.standardError.write("\r\u{1B}[K" + InertText.plain(text)) }
    }

    /// Removes the line.
    func finish() {
        if isShown { try? Output.standardError.write("\r\u{1B}[K") }
    }
}
