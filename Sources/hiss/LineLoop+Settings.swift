import Chat
import Foundation
import Inference
import Launch

extension LineLoop {
    /// `/set`: says what shapes an answer, or changes one of those settings for this run.
    func set(_ argument: String) {
        let words = argument.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "=" }).map(String.init)
        guard let name = words.first?.replacing("-", with: "_") else {
            for setting in GenerationSetting.all {
                let first = setting.text(firstGeneration)
                let change = setting.text(generation) == first ? "" : " (it was \(first))"
                note("\(setting.name) = \(setting.text(generation))\(change): \(setting.summary)")
            }
            return
        }
        guard let setting = GenerationSetting.all.first(where: { $0.name == name }) else {
            let names = GenerationSetting.all.map(\.name).joined(separator: ", ")
            return note("there is no setting \(name); there are \(names)")
        }
        if words.count == 2 {
            let value = words[1].trimmingCharacters(in: .whitespaces)
            guard value.isEmpty || setting.set(value, &generation) else {
                return note("\(name) can't be '\(value)': it has to be \(setting.expected)")
            }
        }
        note("\(name) = \(setting.text(generation))")
    }

    /// `/reset-set`: what shapes an answer is as it was when the run began.
    func resetSettings() {
        let changed = GenerationSetting.all.filter { $0.text(generation) != $0.text(firstGeneration) }
        generation = firstGeneration
        let texts = changed.map { "\($0.name) = \($0.text(generation))" }
        note(texts.isEmpty ? "no setting was changed in this run" : "back to " + texts.joined(separator: ", "))
    }

    /// `/file`: a file's text comes before the next message.
    func attach(_ path: String) {
        let path = path.trimmingCharacters(in: .whitespaces)
        guard !path.isEmpty else { return note("/file needs the file's path") }
        do {
            let text = try MessageFile.text(at: path)
            attached.append(text)
            note("\(path), \(text.utf8.count) bytes, comes before your next message")
        } catch {
            note(ChatFailure(error).description)
        }
    }

    /// `/edit-file`: a message is written in the user's own editor, and sent.
    func edit(_ text: String) async throws {
        let editor = MessageEditor(environment: ProcessInfo.processInfo.environment)
        do {
            let edited = try await Task.detached { try editor.edit(text) }.value
            guard edited.contains(where: { !$0.isWhitespace }) else { return note("nothing was written") }
            try await send(edited)
        } catch let failure as ChatFailure {
            note(failure.description)
        }
    }
}
