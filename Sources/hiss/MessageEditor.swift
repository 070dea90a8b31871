import Chat
import Foundation
import Launch
import Terminal

/// Edits a message in the user's own editor; the terminal has to be free for it.
struct MessageEditor: Sendable {
    /// As the shell takes it: `vim`, `code --wait`.
    let command: String

    init(environment: [String: String]) {
        let wishes = [environment["VISUAL"], environment["EDITOR"]]
        command = wishes.compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
    }

    /// Lets the user change `text`, and returns it as it was saved; blocks its thread meanwhile.
    ///
    /// - Throws: `ChatFailure` where the editor fails or what it wrote is no text; `text` is as it was then.
    func edit(_ text: String) throws -> String {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "hiss-\(UUID().uuidString)")
        do {
            try files.createDirectory(
                at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ChatFailure(
                what: "the message can't be given to an editor", why: error.localizedDescription,
                advice: "a folder in TMPDIR that can be written")
        }
        defer { try? files.removeItem(at: folder) }
        let file = folder.appending(path: "message.md")
        do {
            try Data((text.isEmpty ? "" : text + "\n").utf8).write(to: file)
        } catch {
            throw ChatFailure(what: "the message can't be written to \(file.path)", why: error.localizedDescription)
        }
        let status: Int32
        do {
            status = try ForegroundProgram.run(command, file.path)
        } catch {
            throw ChatFailure(what: "\(error)")
        }
        guard status == 0 else {
            throw ChatFailure(
                what: status == 127 ? "there is no editor '\(command)'" : "'\(command)' ended with status \(status)",
                why: "the message stays as it was", advice: "EDITOR=nano hiss, or another editor in VISUAL or EDITOR")
        }
        do {
            let saved = try TextInput.text(TextInput.file(file.path), from: "what '\(command)' has saved")
            // Editors end the last line, which the message doesn't.
            return saved.hasSuffix("\n") ? String(saved.dropLast()) : saved
        } catch let error as LaunchError {
            throw error.failure
        }
    }
}
