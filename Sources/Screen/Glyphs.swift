/// The characters that draw lines, graphs and marks.
///
/// Their width is not the same in every font and locale, so all drawing takes them from here.
public struct Glyphs: Sendable, Equatable {
    /// What larger graphs are drawn with.
    public enum Graph: Sendable, Equatable {
        case braille, block, ascii
    }

    /// What settings call the set.
    public var name: String
    public var graph: Graph
    /// Steps of a graph, lowest first.
    public var levels: [String]
    /// Between the parts of a header or a hint.
    public var separator: String
    public var horizontalLine: String
    public var verticalLine: String
    /// Where a line goes down from a horizontal one, and where one goes right from a vertical one.
    public var teeDown: String
    public var teeRight: String
    public var ellipsis: String
    /// Where the answer that is being made goes on.
    public var streamCursor: String
    /// Before the items of a list.
    public var bullet: String
    public var upArrow: String
    public var downArrow: String

    public static let unicode = Glyphs(
        name: "unicode", graph: .braille, levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], separator: "·",
        horizontalLine: "─", verticalLine: "│", teeDown: "┬", teeRight: "├", ellipsis: "…",
        streamCursor: "█", bullet: "•", upArrow: "↑", downArrow: "↓")

    /// For fonts without braille, such as the Linux console's.
    public static let block: Glyphs = {
        var glyphs = unicode
        glyphs.name = "block"
        glyphs.graph = .block
        return glyphs
    }()

    /// The set that settings call so.
    public static func named(_ name: String) -> Glyphs? {
        [unicode, block, ascii].first { $0.name == name }
    }

    /// For locales that aren't UTF-8, and for `--ascii`.
    public static let ascii = Glyphs(
        name: "ascii", graph: .ascii, levels: [".", ":", "-", "=", "+", "*", "%", "#"], separator: "-",
        horizontalLine: "-", verticalLine: "|", teeDown: "+", teeRight: "+", ellipsis: "...",
        streamCursor: "_", bullet: "*", upArrow: "Up", downArrow: "Down")

    /// The step of a graph for a value from 0 to 1.
    public func level(_ value: Double) -> String {
        levels[min(levels.count - 1, max(0, Int((value * Double(levels.count - 1)).rounded())))]
    }

    /// `text` cut to `columns` with an ellipsis where something is missing.
    public func truncated(_ text: String, to columns: Int) -> String {
        guard TextWidth.of(text) > columns else { return text }
        let room = columns - TextWidth.of(ellipsis)
        guard room > 0 else { return "" }
        var result = ""
        var used = 0
        for character in text {
            let width = TextWidth.of(String(character))
            guard used + width <= room else { break }
            result.append(character)
            used += width
        }
        return result + ellipsis
    }
}
