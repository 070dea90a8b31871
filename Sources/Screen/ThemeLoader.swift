import TOML
import TOMLKit

/// Reads theme files (`Themes/*.toml`).
///
/// Only known keys are accepted; every error names file, line and key.
public struct ThemeLoader {
    /// A theme file's text and the name that errors call it.
    public struct Source: Sendable {
        public var text: String
        public var file: String

        public init(text: String, file: String) {
            self.text = text
            self.file = file
        }
    }

    private let find: (String) throws -> Source?

    /// - Parameter find: Finds the theme that another one names in `inherits`.
    public init(find: @escaping (String) throws -> Source? = { _ in nil }) {
        self.find = find
    }

    /// The theme in `source`, with all that it inherits.
    public func load(_ source: Source) throws -> Theme {
        try load(source, inheritors: []).theme
    }

    private func load(_ source: Source, inheritors: [String]) throws -> (theme: Theme, palette: [String: Color]) {
        let file = ThemeFile(source: source, root: try parse(source))
        try file.allow(["name", "inherits", "background", "palette", "styles", "gauges"], in: nil)

        for table in ["palette", "styles", "gauges"] where file.root[table] != nil && file.root[table]?.table == nil {
            throw file.error("\(table) has to be a table: [\(table)]", key: table)
        }

        var theme = Theme(name: source.file, background: .any, styles: [:], gradients: [:])
        var palette: [String: Color] = [:]
        if let base = try file.string("inherits") {
            guard !inheritors.contains(base) else {
                throw file.error(
                    "inherits \"\(base)\", which inherits this theme: \((inheritors + [base]).joined(separator: " → "))",
                    key: "inherits")
            }
            guard let found = try find(base) else {
                throw file.error("inherits \"\(base)\", and there is no such theme", key: "inherits")
            }
            (theme, palette) = try load(found, inheritors: inheritors + [base])
        }
        theme.name = try file.string("name") ?? source.file
        if let text = try file.string("background") {
            guard let background = Theme.Background(rawValue: text) else {
                throw file.error("background is \"\(text)\"; it can be dark, light or any", key: "background")
            }
            theme.background = background
        }
        try file.read(into: &theme, palette: &palette)
        return (theme, palette)
    }

    private func parse(_ source: Source) throws -> TOMLTable {
        do {
            return try TOMLText.table(of: source.text)
        } catch let error as TOMLProblem {
            throw ThemeError(file: source.file, line: error.line, message: error.message)
        }
    }
}

/// One theme file while it is read.
private struct ThemeFile {
    let source: ThemeLoader.Source
    let root: TOMLTable

    /// Refuses keys of a table that are not in `known`.
    func allow(_ known: [String], in table: String?) throws {
        for key in keys(of: table) where !known.contains(key) {
            let place = table.map { " in [\($0)]" } ?? ""
            throw error("unknown key \(key)\(place); known are \(known.joined(separator: ", "))", key: key, in: table)
        }
    }

    func read(into theme: inout Theme, palette: inout [String: Color]) throws {
        for key in keys(of: "palette") {
            palette[key] = try explaining(key, in: "palette") { try StyleText().color(string(key, in: "palette")) }
        }
        let reader = StyleText(palette: palette)
        try allow(StyleName.allCases.map(\.rawValue), in: "styles")
        for name in StyleName.allCases where keys(of: "styles").contains(name.rawValue) {
            theme.styles[name] = try explaining(name.rawValue, in: "styles") {
                try reader.style(string(name.rawValue, in: "styles"))
            }
        }
        try allow(GradientName.allCases.map(\.rawValue), in: "gauges")
        for name in GradientName.allCases where keys(of: "gauges").contains(name.rawValue) {
            theme.gradients[name] = try explaining(name.rawValue, in: "gauges") {
                try colors(name.rawValue).map { try reader.color($0) }
            }
        }
    }

    func string(_ key: String) throws -> String? {
        guard let value = root[key] else { return nil }
        guard let text = value.string else { throw error("\(key) has to be text in quotes", key: key) }
        return text
    }

    /// The keys of a table, with nested ones joined by dots: `you.label`.
    private func keys(of table: String?) -> [String] {
        guard let table else { return root.keys.sorted() }
        guard let value = root[table]?.table else { return [] }
        return value.keys.sorted().flatMap { key in
            value[key]?.table.map { inner in inner.keys.sorted().map { "\(key).\($0)" } } ?? [key]
        }
    }

    private func value(_ key: String, in table: String) -> (any TOMLValueConvertible)? {
        let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
        let values = root[table]?.table
        guard parts.count == 2, let inner = values?[parts[0]]?.table else { return values?[key] }
        return inner[parts[1]]
    }

    private func string(_ key: String, in table: String) throws(StyleText.Problem) -> String {
        guard let text = value(key, in: table)?.string else {
            throw StyleText.Problem(message: "has to be text in quotes")
        }
        return text
    }

    private func colors(_ key: String) throws(StyleText.Problem) -> [String] {
        let list = value(key, in: "gauges")?.array.map { $0.map(\.string) } ?? []
        let names = list.compactMap { $0 }
        guard (1...3).contains(names.count), names.count == list.count else {
            throw StyleText.Problem(message: "has to be a list of one to three colours in quotes")
        }
        return names
    }

    private func explaining<Value>(_ key: String, in table: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let problem as StyleText.Problem {
            throw error("\(key) in [\(table)] \(problem.message)", key: key, in: table)
        }
    }

    func error(_ message: String, key: String, in table: String? = nil) -> ThemeError {
        ThemeError(file: source.file, line: line(of: key, in: table), message: message)
    }

    /// The line of a key: the parser doesn't keep it.
    private func line(of key: String, in table: String?) -> Int? {
        var section: String?
        for (index, line) in source.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let text = line.drop { $0 == " " || $0 == "\t" }
            if text.hasPrefix("[") {
                section = text.dropFirst().split(separator: "]").first.map(String.init)
                if table == nil && section == key { return index + 1 }
                continue
            }
            let name = text.prefix { $0 != "=" }.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
            guard text.contains("=") else { continue }
            let full = [section, name].compactMap { $0 }.joined(separator: ".")
            if full == [table, key].compactMap({ $0 }).joined(separator: ".") { return index + 1 }
        }
        return nil
    }
}
