/// The turns of a conversation, and where in them it stands.
///
/// They are a tree: who goes back and says something else begins a branch, and the other one stays.
public struct Timeline: Sendable {
    /// A question with its answer, after another turn; the first is the beginning, where nothing has been said.
    public struct Turn: Sendable {
        /// The turn before; nil for the beginning.
        public let parent: Int?
        /// How many turns lead here.
        public let depth: Int
        /// Its number, with a letter where another turn has the same: `2`, `2b`.
        public let label: String
        public let question: String
        public let answer: String
        /// The place after the answer; nil once it was given up for memory.
        public fileprivate(set) var checkpoint: Checkpoint?
        /// Where redo goes: the turn that came after this one last.
        fileprivate var next: Int?
    }

    public private(set) var turns: [Turn]
    /// Where the conversation stands.
    public private(set) var current = 0
    /// Bytes that checkpoints may take together.
    private let byteLimit: Int

    /// A conversation in which nothing has been said.
    public init(beginning: Checkpoint, byteLimit: Int = 1 << 30) {
        turns = [Turn(parent: nil, depth: 0, label: "0", question: "", answer: "", checkpoint: beginning)]
        self.byteLimit = byteLimit
    }

    /// Adds a turn after the current one, or `beside` it with the same question answered again, and stands there.
    public mutating func append(question: String, answer: String, checkpoint: Checkpoint, beside: Bool = false) {
        let parent = beside ? turns[current].parent ?? current : current
        let depth = turns[parent].depth + 1
        let label = "\(depth)" + Self.letters(turns.count { $0.depth == depth })
        turns[parent].next = turns.count
        turns.append(
            Turn(
                parent: parent, depth: depth, label: label, question: question, answer: answer, checkpoint: checkpoint)
        )
        current = turns.count - 1
        giveUpOldest()
    }

    /// Stands at another turn; `redo` leads back along the way to it.
    public mutating func move(to turn: Int) {
        current = turn
        var child = turn
        while let parent = turns[child].parent {
            turns[parent].next = child
            child = parent
        }
    }

    /// The turn that is `count` turns before the current one, or the beginning; nil when it stands there.
    public func before(_ count: Int) -> Int? {
        var turn = current
        for _ in 0..<count { turn = turns[turn].parent ?? turn }
        return turn == current ? nil : turn
    }

    /// The turn that is `count` turns after the current one on the way that was taken last; nil at its end.
    public func after(_ count: Int) -> Int? {
        var turn = current
        for _ in 0..<count { turn = turns[turn].next ?? turn }
        return turn == current ? nil : turn
    }

    /// The turn with a label.
    public func turn(labelled label: String) -> Int? {
        turns.firstIndex { $0.label == label }
    }

    /// The turns from the first to the current one.
    public var path: [Turn] {
        var path: [Turn] = []
        var turn = current
        while let parent = turns[turn].parent {
            path.append(turns[turn])
            turn = parent
        }
        return path.reversed()
    }

    /// The turns as a list, a line each: `@` where the conversation stands, `o` on the way to it, `|` on other branches.
    public var listing: String {
        let onPath = Set(path.map(\.label) + ["0"])
        return turns.enumerated().map { index, turn in
            let mark = index == current ? "@" : onPath.contains(turn.label) ? "o" : "|"
            let words =
                index == 0
                ? "(the beginning)"
                : turn.question.split(whereSeparator: \.isWhitespace)
                    .joined(separator: " ")
            let seen = turn.checkpoint.map { "\($0.tokensSeen) tok" } ?? "given up"
            return "\(mark) \(turn.label)  \(seen)  \(words.prefix(60))"
        }.joined(separator: "\n")
    }

    /// Gives up the oldest places, but never the beginning or the current one, while all take more than the limit.
    private mutating func giveUpOldest() {
        var bytes = turns.reduce(0) { $0 + ($1.checkpoint?.byteCount ?? 0) }
        for index in turns.indices.dropFirst() where bytes > byteLimit && index != current {
            bytes -= turns[index].checkpoint?.byteCount ?? 0
            turns[index].checkpoint = nil
        }
    }

    /// Nothing, `b`, `c` … for the first, second and third turn with a number; numbers after `z`.
    private static func letters(_ count: Int) -> String {
        guard count > 0 else { return "" }
        guard count < 26, let letter = Unicode.Scalar(UInt32(97 + count)) else { return "-\(count + 1)" }
        return String(Character(letter))
    }
}
