/// The characters that draw lines, graphs and marks.
///
/// Their width is not the same in every font and locale, so all drawing takes them from here.
public struct Glyphs: Sendable, Equatable {
    /// Steps of a graph, lowest first.
    public var levels: [String]
    /// Between the parts of a header or a hint.
    public var separator: String
    public var horizontalLine: String
    public var ellipsis: String
    /// Where the answer that is being made goes on.
    public var streamCursor: String
    /// Before the items of a list.
    public var bullet: String
    public var upArrow: String
    public var downArrow: String

    public static let unicode = Glyphs(
        levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], separator: "·", horizontalLine: "─", ellipsis: "…",
        streamCursor: "█", bullet: "•", upArrow: "↑", downArrow: "↓")

    /// For locales that aren't UTF-8, and for `--ascii`.
    public static let ascii = Glyphs(
        levels: [".", ":", "-", "=", "+", "*", "%", "#"], separator: "-", horizontalLine: "-", ellipsis: "...",
        streamCursor: "_", bullet: "*", upArrow: "Up", downArrow: "Down")

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
