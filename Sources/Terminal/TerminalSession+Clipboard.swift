internal import CNCurses
internal import Foundation

extension TerminalSession {
    /// The most bytes that are handed to the terminal: some take no more.
    package nonisolated static let maximumClipboardBytes = 100 * 1024

    /// Hands text to the terminal for its clipboard, with OSC 52, which works through SSH as well.
    ///
    /// The terminal doesn't say whether it took it. Returns false where nothing was sent: a text too long, or a console
    /// that has no clipboard.
    package func sendToClipboard(_ text: String) -> Bool {
        let terminal = ProcessInfo.processInfo.environment["TERM"] ?? ""
        guard text.utf8.count <= Self.maximumClipboardBytes, !["linux", "dumb", "vt100"].contains(terminal) else {
            return false
        }
        let bytes = Array("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}".utf8)
        cn_send(bytes, bytes.count)
        return true
    }
}
