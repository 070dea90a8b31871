import Foundation
import Launch
import Terminal

/// Puts text where other programs can paste it, in the first way that works.
@MainActor
struct Clipboard {
    let session: TerminalSession
    /// Where a text is written that nothing else takes.
    let file: String

    /// Copies `text` and says where it went.
    func copy(_ text: String) -> String {
        let size = "\(text.count) characters"
        if session.sendToClipboard(text) {
            let tmux =
                ProcessInfo.processInfo.environment["TMUX"] == nil ? "" : " (tmux needs: set -s set-clipboard on)"
            return "\(size) sent to the terminal's clipboard\(tmux)."
        }
        for (variable, command) in [
            ("WAYLAND_DISPLAY", ["wl-copy"]), ("DISPLAY", ["xclip", "-selection", "clipboard"]),
        ]
        where ProcessInfo.processInfo.environment[variable] != nil && pipe(text, to: command) {
            return "\(size) copied with \(command[0])."
        }
        if let problem = Directories.makeFolder(of: file) { return problem }
        do {
            try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
            return "\(size) written to \(file)."
        } catch {
            return "The text can't be copied: \(error.localizedDescription)"
        }
    }

    /// Gives text to a program's standard input; false when it isn't there or fails.
    private func pipe(_ text: String, to command: [String]) -> Bool {
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
            try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
            try input.fileHandleForWriting.close()
        } catch {
            return false
        }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
