internal import CNCurses
internal import Foundation

/// The terminal's clipboard, which OSC 52 reaches through SSH as well.
package nonisolated enum TerminalClipboard {
    /// The most bytes that are handed to the terminal: some take no more.
    package static let maximumBytes = 100 * 1024

    /// What has the terminal take a text; nil for a text too long, or a console that has no clipboard.
    package static func sequence(_ text: String) -> String? {
        let terminal = ProcessInfo.processInfo.environment["TERM"] ?? ""
        guard text.utf8.count <= maximumBytes, !["linux", "dumb", "vt100"].contains(terminal) else { return nil }
        return "\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}"
    }
}

extension TerminalSession {
    /// Hands text to the terminal for its clipboard.
    ///
    /// The terminal doesn't say whether it took it. Returns false where nothing was sent.
    package func sendToClipboard(_ text: String) -> Bool {
        guard let sequence = TerminalClipboard.sequence(text) else { return false }
        send(sequence)
        return true
    }

    /// Rings the terminal's bell.
    package func ring() {
        send("\u{7}")
    }

    /// Has the terminal show a notification of its own, with OSC 9.
    ///
    /// - Parameter text: what to say, without anything that the terminal could take for a command
    package func notify(_ text: String) {
        send("\u{1B}]9;\(text)\u{7}")
    }

    private func send(_ text: String) {
        let bytes = Array(text.utf8)
        cn_send(bytes, bytes.count)
    }
}
