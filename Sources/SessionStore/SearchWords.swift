import Foundation

/// Words to look for, as FTS5 takes them; whatever the user types is no syntax.
struct SearchWords {
    private let words: [String]

    /// The words of a text, between spaces.
    init(_ text: String) {
        // SQLite ends a text at a zero byte, which would leave a quotation mark open.
        words = text.split { $0.isWhitespace || $0 == "\0" }.map { String($0).replacing("\0", with: "") }
    }

    /// Whether there is nothing to look for.
    var isEmpty: Bool { words.isEmpty }

    /// The expression for `MATCH`: all words, the last of which may be the beginning of one.
    var pattern: String {
        words.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: " ") + " *"
    }

    /// Whether a name has all words somewhere, whatever their case and accents.
    func match(_ name: String) -> Bool {
        words.allSatisfy { name.range(of: $0, options: [.caseInsensitive, .diacriticInsensitive]) != nil }
    }
}
