/// The line of backticks or tildes that opens a block of code (CommonMark 0.31 §4.5).
struct CodeFence: Sendable, Equatable {
    private var mark: Character
    private var length: Int
    /// Blanks before the fence, which the lines of its block have too.
    private var indent: Int

    /// The fence that `line` is; nil if it is none.
    init?(_ line: Substring) {
        let body = line.drop { $0 == " " }
        guard let mark = body.first, mark == "`" || mark == "~" else { return nil }
        let run = body.prefix { $0 == mark }
        guard run.count >= 3, mark == "~" || !body.dropFirst(run.count).contains("`") else { return nil }
        self.mark = mark
        length = run.count
        indent = line.count - body.count
    }

    /// Whether `line` ends the block.
    func isClosed(by line: Substring) -> Bool {
        let body = line.drop { $0 == " " }
        let run = body.prefix { $0 == mark }
        return run.count >= length && body.dropFirst(run.count).allSatisfy { $0 == " " }
    }

    /// A line of the block, without the fence's own indentation.
    func code(of line: Substring) -> Substring {
        line.dropFirst(line.prefix(indent).prefix { $0 == " " }.count)
    }
}

/// The blocks of code in an answer.
enum CodeBlocks {
    /// Their texts in order; an answer may end within the last one, but not at its beginning.
    static func all(in text: Substring) -> [String] {
        // Most answers have none, and thousands of them may be shown at once.
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "~") }) else { return [] }
        var blocks: [String] = []
        var open: (fence: CodeFence, lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard let (fence, lines) = open else {
                open = CodeFence(line).map { ($0, []) }
                continue
            }
            if fence.isClosed(by: line) {
                blocks.append(lines.joined(separator: "\n"))
                open = nil
            } else {
                open?.lines.append(fence.code(of: line))
            }
        }
        if let open, open.lines.contains(where: { $0.contains { $0 != " " } }) {
            blocks.append(open.lines.joined(separator: "\n"))
        }
        return blocks
    }
}
