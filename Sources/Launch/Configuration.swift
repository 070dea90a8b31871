import FoundationEssentials
import TOML
import TOMLKit

/// What the configuration file says.
package struct Configuration: Sendable, Equatable {
    /// A value as text, and the line it stands in where that is known.
    struct Entry: Sendable, Equatable {
        var text: String
        var line: Int?
    }

    /// The file's path.
    package let path: String
    let entries: [String: Entry]

    /// Reads the configuration file.
    ///
    /// - Parameters:
    ///   - path: the file that was asked for; nil takes `config.toml` of `directories`, which need not exist
    /// - Throws: `LaunchError` with status `.usage` that names file, line and key.
    package init(path: String?, directories: Directories) throws {
        let file = path ?? directories.configurationFile
        guard path != nil || FileManager.default.fileExists(atPath: file) else {
            self.init(path: file, entries: [:])
            return
        }
        do {
            try self.init(path: file, text: TextInput.text(TextInput.file(file), from: "'\(file)'"))
        } catch let error as LaunchError where error.status == .input {
            throw LaunchError(.usage, error.failure)
        }
    }

    /// Reads `text`, which messages place in the file at `path`.
    package init(path: String, text: String) throws {
        let table: TOMLTable
        do {
            table = try TOMLText.table(of: text)
        } catch let error as TOMLProblem {
            throw LaunchError(.usage, "\(path):\(error.line) is not TOML", why: error.message)
        }
        // Its values point into the table.
        let entries = try withExtendedLifetime(table) { try Self.entries(of: table, path: path, text: text) }
        self.init(path: path, entries: entries)
    }

    private init(path: String, entries: [String: Entry]) {
        self.path = path
        self.entries = entries
    }

    private static func entries(of table: TOMLTable, path: String, text: String) throws -> [String: Entry] {
        let lines = lines(of: text)
        var entries: [String: Entry] = [:]
        for (name, value) in leaves(of: table, prefix: "") {
            let place = lines[name].map { "\(path):\($0)" } ?? path
            guard let key = SettingKeys.inConfiguration[name] else {
                throw LaunchError(
                    .usage, "\(place): there is no setting called '\(name)'",
                    why: "there are " + SettingKeys.inConfiguration.keys.sorted().joined(separator: ", "))
            }
            guard let text = Self.text(of: value, as: key.type), key.accepts(text) else {
                throw LaunchError(
                    .usage, "\(place): \(name) cannot be \(value.debugDescription) (\(value.type.description))",
                    why: "it has to be \(key.expected)")
            }
            entries[name] = Entry(text: text, line: lines[name])
        }
        return entries
    }

    /// Every value that is not a table, with its full name.
    private static func leaves(of table: TOMLTable, prefix: String) -> [(String, any TOMLValueConvertible)] {
        table.keys.flatMap { key -> [(String, any TOMLValueConvertible)] in
            guard let value = table[key] else { return [] }
            if let inner = value.table { return leaves(of: inner, prefix: prefix + key + ".") }
            return [(prefix + key, value)]
        }
    }

    /// The value as text, nil if it has another type; an integer is a number too.
    private static func text(of value: any TOMLValueConvertible, as type: SettingType) -> String? {
        switch (type, value.type) {
        case (.text, .string): value.string
        case (.integer, .int), (.number, .int): value.int.map { String($0) }
        case (.number, .double): value.double.map { String($0) }
        case (.boolean, .bool): value.bool.map { String($0) }
        default: nil
        }
    }

    /// Where keys stand, as far as they are written plainly, one a line under their table's header.
    static func lines(of text: String) -> [String: Int] {
        var found: [String: Int] = [:]
        var table = ""
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.drop { $0.isWhitespace }
            if content.hasPrefix("["), let end = content.firstIndex(of: "]") {
                table = content[content.index(after: content.startIndex)..<end].filter { !$0.isWhitespace } + "."
            } else if let equals = content.firstIndex(of: "=") {
                let name = table + content[..<equals].filter { !$0.isWhitespace && $0 != "\"" }
                found[name] = found[name] ?? index + 1
            }
        }
        return found
    }
}
