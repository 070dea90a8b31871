/// What was said beside the chat, oldest first: notices, notes and failures.
public struct MessageLog: Sendable {
    /// The most lines that are kept.
    private static let maximum = 500

    /// A line, and the wall clock when it was said.
    public struct Line: Sendable, Equatable {
        public var clock: String
        public var text: String
    }

    public private(set) var lines: [Line] = []
    private var newLines: [Line] = []

    mutating func add(_ text: String, clock: String) {
        let line = Line(clock: clock, text: text)
        lines.append(line)
        newLines.append(line)
        if lines.count > Self.maximum { lines.removeFirst(lines.count - Self.maximum) }
        if newLines.count > Self.maximum { newLines.removeFirst(newLines.count - Self.maximum) }
    }

    /// Takes out the lines that were added since the last time.
    public mutating func takeNew() -> [Line] {
        defer { newLines = [] }
        return newLines
    }

    /// All lines, each with its time.
    var text: String {
        lines.isEmpty
            ? "Nothing has been said beside the chat."
            : lines.map { $0.clock.isEmpty ? $0.text : "\($0.clock)  \($0.text)" }.joined(separator: "\n")
    }
}
