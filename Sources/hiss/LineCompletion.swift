import Chat
import Foundation
import Launch
import UI

/// What a line can become when Tab is pressed in line mode.
///
/// All of it has to be known then: whoever is asked can't wait.
final class LineCompletion {
    var sessions: [SessionInfo] = []
    var turns: [TimelineRow] = []

    /// All lines that `before` can go on to; only commands are completed.
    func candidates(for before: String) -> [String] {
        CommandCompletion.candidates(for: before, words: words(at:)).map(\.line)
    }

    private func words(at place: CommandCompletion.Place) -> [CommandCompletion.Word] {
        switch place.words {
        case .settings: GenerationSetting.all.map { CommandCompletion.Word($0.name) }
        case .settingValues: Self.values(of: place.before.first ?? "").map { CommandCompletion.Word($0) }
        case .sessions: sessions.filter { !$0.isPersona }.map { CommandCompletion.Word($0.name) }
        case .personas: sessions.filter(\.isPersona).map { CommandCompletion.Word($0.name) }
        case .turns: CommandCompletion.words(of: turns)
        case .models, .files: WordSearch(place).map { WordFinder.words($0) } ?? []
        // Lines have no themes.
        case .themes, .listed, .commands: []
        }
    }

    private static func values(of setting: String) -> [String] {
        GenerationSetting.all.first { $0.name == setting }?.words ?? []
    }
}

/// Finds the words that no table has.
enum WordFinder {
    static func words(_ search: WordSearch) -> [CommandCompletion.Word] {
        switch search {
        case .models:
            ModelLocator(.current).models().map { CommandCompletion.Word($0.name, ByteText.long($0.byteCount)) }
        case .files(let folder, let hidden):
            FilePaths.beginning(with: folder + (hidden ? "." : "")).map { CommandCompletion.Word($0) }
        }
    }
}

/// Paths of files, as they are completed.
enum FilePaths {
    /// The paths that begin so, as they were begun; folders end with a slash, and hidden files have to be asked for.
    static func beginning(with begun: String) -> [String] {
        let slash = begun.lastIndex(of: "/")
        let folder = slash.map { String(begun[...$0]) } ?? ""
        let start = begun.dropFirst(folder.count)
        let place = folder.isEmpty ? "." : (folder as NSString).expandingTildeInPath
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.filter { $0.hasPrefix(start) && (!$0.hasPrefix(".") || start.hasPrefix(".")) }.sorted().map {
            name in
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isFolder)
            return folder + name + (isThere && isFolder.boolValue ? "/" : "")
        }
    }
}
