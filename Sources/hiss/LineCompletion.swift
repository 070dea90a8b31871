import Chat
import Foundation

/// What a line can become when Tab is pressed in line mode.
struct LineCompletion: Sendable {
    /// Names of sessions and of personas.
    var sessions: [String]
    var personas: [String]

    /// All lines that `before` can go on to; only commands are completed.
    func candidates(for before: String) -> [String] {
        guard before.hasPrefix("/"), !before.hasPrefix("//") else { return [] }
        let word = before.dropFirst().prefix { $0 != " " }
        guard word.count + 1 < before.count else {
            return Command.all.map { "/\($0.name.rawValue)" + ($0.argument == nil ? "" : " ") }
                .filter { $0.hasPrefix(before) }
        }
        guard let name = Command.Name(rawValue: String(word)) else { return [] }
        let begun = String(before.dropFirst(word.count + 2))
        return arguments(of: name, begun).map { "/\(word) \($0)" }.filter { $0.hasPrefix(before) && $0 != before }
    }

    private func arguments(of name: Command.Name, _ begun: String) -> [String] {
        switch name {
        case .help: Command.all.map(\.name.rawValue)
        case .load: sessions
        case .persona: ["save ", "load "] + personas.map { "load " + $0 }
        case .set: GenerationSetting.all.map { $0.name + " " } + ["trace on", "trace off", "seed new"]
        case .seed: [GenerationSetting.drawnSeed]
        case .export: ["hiss", "md", "json", "txt"]
        case .copy: ["all", "code "]
        case .file, .import: FilePaths.beginning(with: begun)
        default: []
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
