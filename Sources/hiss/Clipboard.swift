import Dispatch
import Foundation
import Launch
import Terminal
import UI

/// Puts text where other programs can paste it, in the first way that works.
struct Clipboard: Sendable {
    /// Where a text is written that nothing else takes.
    let file: String
    /// Seconds that another program may take.
    private static let patience = 3.0

    /// Copies `text` and says where it went; nothing waits for other programs meanwhile.
    ///
    /// - Parameter send: hands a text to the terminal; false where it has no clipboard
    @MainActor
    func copy(_ text: String, send: @MainActor (String) -> Bool) async -> String {
        let environment = ProcessInfo.processInfo.environment
        let count = text.count == 1 ? "1 character" : "\(text.count) characters"
        let fits = text.utf8.count <= TerminalClipboard.maximumBytes
        // tmux passes the sequence on only where it is told to, but takes a buffer in any case.
        if environment["TMUX"] != nil, await pipe(text, to: ["tmux", "load-buffer"] + (fits ? ["-w", "-"] : ["-"])) {
            return fits
                ? "\(count) are in tmux's buffer, and sent to the terminal's clipboard."
                : "\(count) are in tmux's buffer; \(Self.excess(text))."
        }
        if send(text) { return "\(count) sent to the terminal's clipboard." }
        for (variable, command) in [
            ("WAYLAND_DISPLAY", ["wl-copy"]), ("DISPLAY", ["xclip", "-selection", "clipboard"]),
        ] where environment[variable] != nil {
            if await pipe(text, to: command) { return "\(count) copied with \(command[0])." }
        }
        if let problem = Directories.makeFolder(of: file) { return problem }
        do {
            try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
            let why = fits ? "This terminal has no clipboard" : Self.excess(text)
            return "\(why): written to \(file)."
        } catch {
            return "The text can't be copied: \(error.localizedDescription)"
        }
    }

    private static func excess(_ text: String) -> String {
        "\(ByteText.long(text.utf8.count)) are more than the \(ByteText.long(TerminalClipboard.maximumBytes)) "
            + "that a terminal's clipboard takes"
    }

    /// Gives text to a program's standard input; false when it isn't there, fails, or doesn't end.
    private func pipe(_ text: String, to command: [String]) async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "hiss.clipboard").async { continuation.resume(returning: run(text, command)) }
        }
    }

    private func run(_ text: String, _ command: [String]) -> Bool {
        // From a file: a program that doesn't read would leave us with a broken pipe.
        let name = FileManager.default.temporaryDirectory.appending(path: "hiss-clip-\(UUID().uuidString)")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            defer { try? FileManager.default.removeItem(at: name) }
            guard
                FileManager.default.createFile(
                    atPath: name.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            else { return false }
            process.standardInput = try FileHandle(forReadingFrom: name)
            try process.run()
        } catch {
            return false
        }
        let limit = DispatchWorkItem { process.terminate() }
        DispatchQueue(label: "hiss.clipboard.limit").asyncAfter(deadline: .now() + Self.patience, execute: limit)
        process.waitUntilExit()
        limit.cancel()
        return process.terminationStatus == 0
    }
}
