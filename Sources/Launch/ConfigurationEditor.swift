import Foundation

/// Changes single values of the configuration file in place; comments and all else stay.
package enum ConfigurationEditor {
    /// Writes a setting into the file at `path`, making it if need be.
    ///
    /// The new file takes the old one's place whole.
    ///
    /// - Throws: `LaunchError`: a name or value that isn't allowed, a file that is wrong already or can't be written.
    package static func set(_ name: String, to value: String, inFileAt path: String) throws {
        let exists = FileManager.default.fileExists(atPath: path)
        let text = exists ? try TextInput.text(TextInput.file(path), from: "'\(path)'") : ""
        // A file that is wrong is the user's to put right.
        _ = try Configuration(path: path, text: text)
        let changed = try setting(name, to: value, in: text)
        if let problem = Directories.makeFolder(of: path) { throw LaunchError(.output, problem) }
        do {
            try Data(changed.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw LaunchError(
                .output, "cannot write '\(path)'", why: error.localizedDescription, advice: "check the folder's rights")
        }
    }

    /// `text` with one value changed or added.
    package static func setting(_ name: String, to value: String, in text: String) throws -> String {
        guard let key = SettingKeys.inConfiguration[name] else {
            throw LaunchError(
                .usage, "there is no setting called '\(name)'",
                why: "there are " + SettingKeys.inConfiguration.keys.sorted().joined(separator: ", "))
        }
        guard key.accepts(value) else {
            throw LaunchError(.usage, "\(name) cannot be '\(value)'", why: "it has to be \(key.expected)")
        }
        let literal = key.type == .text ? quoted(value) : value
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let parts = name.split(separator: ".").map(String.init)
        let table = parts.count > 1 ? parts[0] : nil
        let leaf = parts.last ?? name
        if let index = Configuration.lines(of: text)[name].map({ $0 - 1 }),
            let equals = lines[index].firstIndex(of: "=")
        {
            let head = lines[index][...equals]
            lines[index] = head + " " + literal + comment(after: lines[index][lines[index].index(after: equals)...])
        } else {
            insert("\(leaf) = \(literal)", into: table, of: &lines)
        }
        let changed = lines.joined(separator: "\n")
        _ = try Configuration(path: "the new file", text: changed)
        return changed.hasSuffix("\n") ? changed : changed + "\n"
    }

    /// Puts a line at the end of a table, or before the first table.
    private static func insert(_ line: String, into table: String?, of lines: inout [String]) {
        let headers = lines.indices.filter { lines[$0].drop { $0.isWhitespace }.hasPrefix("[") }
        var end: Int
        if let table {
            guard let header = headers.first(where: { name(of: lines[$0]) == table }) else {
                while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
                lines += (lines.isEmpty ? [] : [""]) + ["[\(table)]", line, ""]
                return
            }
            end = headers.first { $0 > header } ?? lines.count
        } else {
            end = headers.first ?? lines.count
        }
        while end > 0, lines[end - 1].allSatisfy(\.isWhitespace) { end -= 1 }
        let isBeforeTable = end < lines.count && headers.contains(end)
        lines.insert(contentsOf: isBeforeTable ? [line, ""] : [line], at: end)
    }

    private static func name(of header: String) -> String {
        header.filter { !$0.isWhitespace }.dropFirst().prefix { $0 != "]" }.filter { $0 != "\"" }
    }

    /// The comment behind a value, with the blanks before it.
    private static func comment(after value: Substring) -> String {
        var quote: Character?
        var isEscaped = false
        for index in value.indices {
            let character = value[index]
            if let open = quote {
                if character == open && !isEscaped { quote = nil }
                isEscaped = open == "\"" && character == "\\" && !isEscaped
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "#" {
                let blanks = value[..<index].reversed().prefix { $0.isWhitespace }
                return String(blanks.reversed()) + value[index...]
            }
        }
        return ""
    }

    /// A basic string of TOML.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\0"..<" ", "\u{7F}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
