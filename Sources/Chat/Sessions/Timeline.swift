/// The turns of a conversation, and where in them it stands.
///
/// They are a tree: who goes back and says something else begins a branch, and the other one stays.
public struct Timeline: Sendable {
    /// A question with its answer, after another turn; the first is the beginning, where nothing has been said.
    public struct Turn: Sendable {
        /// The turn before; nil for the beginning.
        public let parent: Int?
        /// How many questions lead here.
        public let depth: Int
        /// Its number, with a letter where another turn has the same: `2`, `2b`.
        public let label: String
        public let content: TurnContent
        /// The name of the branch that begins here.
        public internal(set) var branch: String?
        public internal(set) var bookmark: String?
        /// The place after the answer; nil while only the disk has it.
        public internal(set) var checkpoint: Checkpoint?
        /// What the store calls it; nil until it is kept.
        public internal(set) var id: TurnID?
        /// The place as the store has it.
        public internal(set) var snapshot: SnapshotID?
        public internal(set) var promptSnapshot: SnapshotID?
        /// What is wrong with it as the store has it: then its tokens can't be fed again.
        public internal(set) var damage: String?
        /// When its place was last gone to, as a number that grows.
        fileprivate var used = 0
        /// Where redo goes: the turn that came after this one last.
        fileprivate(set) var next: Int?
        /// Whether it was removed: it keeps its index, and nothing leads to it.
        fileprivate(set) var isRemoved = false
    }

    public private(set) var turns: [Turn] = []
    /// Where the conversation stands.
    public private(set) var current = 0
    /// Bytes that checkpoints in memory may take together.
    private let byteLimit: Int
    /// How many turns have each number.
    private var countOfDepth: [Int: Int] = [:]
    private var clock = 0

    /// A conversation that stands at its beginning.
    public init(
        beginning: TurnContent, checkpoint: Checkpoint?, id: TurnID? = nil, snapshot: SnapshotID? = nil,
        byteLimit: Int = 256 << 20
    ) {
        self.byteLimit = byteLimit
        add(beginning, after: nil)
        turns[0].checkpoint = checkpoint
        turns[0].id = id
        turns[0].snapshot = snapshot
    }

    /// The turns that a store keeps, each after its parent; nil where there are none.
    public init?(_ records: [TurnRecord], current: TurnID?, byteLimit: Int = 256 << 20) {
        self.byteLimit = byteLimit
        var indices: [TurnID: Int] = [:]
        for record in records {
            let parent = record.parent.flatMap { indices[$0] }
            guard parent != nil || turns.isEmpty else { continue }
            indices[record.id] = turns.count
            add(record.content, after: parent)
            let index = turns.count - 1
            turns[index].branch = record.branch
            turns[index].bookmark = record.bookmark
            turns[index].id = record.id
            turns[index].damage = record.damage
            guard record.damage == nil else { continue }
            turns[index].snapshot = record.snapshot
            turns[index].promptSnapshot = record.promptSnapshot
        }
        guard !turns.isEmpty else { return nil }
        move(to: current.flatMap { indices[$0] } ?? turns.count - 1)
    }

    private mutating func add(_ content: TurnContent, after parent: Int?) {
        let depth = parent.map { turns[$0].depth + (content.kind == .reply ? 1 : 0) } ?? 0
        let count = countOfDepth[depth, default: 0]
        countOfDepth[depth] = count + 1
        if let parent { turns[parent].next = turns.count }
        turns.append(
            Turn(parent: parent, depth: depth, label: "\(depth)" + Self.letters(count), content: content))
    }

    // MARK: - Going

    /// Adds a turn after `parent`, and stands there.
    mutating func append(_ content: TurnContent, after parent: Int, checkpoint: Checkpoint?, branch: String? = nil) {
        add(content, after: parent)
        turns[turns.count - 1].branch = branch
        move(to: turns.count - 1)
        hold(checkpoint, at: current)
    }

    /// Stands at another turn; `redo` leads back along the way to it.
    mutating func move(to turn: Int) {
        current = turn
        var child = turn
        while let parent = turns[child].parent {
            turns[parent].next = child
            child = parent
        }
    }

    /// The turn that is `count` turns before the current one, or the beginning; nil when it stands there.
    public func before(_ count: Int) -> Int? { walk(count) { $0.parent } }

    /// The turn that is `count` turns after the current one on the way that was taken last; nil at its end.
    public func after(_ count: Int) -> Int? { walk(count) { $0.next } }

    /// The turn that is `count` steps from the current one, or as many as there are; nil if there are none.
    private func walk(_ count: Int, step: (Turn) -> Int?) -> Int? {
        var turn = current
        for _ in 0..<count {
            guard let neighbour = step(turns[turn]) else { break }
            turn = neighbour
        }
        return turn == current ? nil : turn
    }

    /// The turn with a label or bookmark, or the one where a branch of this name was left.
    public func turn(named name: String) -> Int? {
        let there = turns.indices.filter { !turns[$0].isRemoved }
        if let turn = there.first(where: { turns[$0].label == name }) { return turn }
        if let turn = there.first(where: { turns[$0].bookmark == name }) { return turn }
        guard var turn = there.first(where: { turns[$0].branch == name }) else { return nil }
        while let next = turns[turn].next { turn = next }
        return turn
    }

    /// The indices of the turns from the beginning to a turn.
    public func path(to turn: Int) -> [Int] {
        var path = [turn]
        while let parent = turns[path[path.count - 1]].parent { path.append(parent) }
        return path.reversed()
    }

    /// The indices of the turns from the beginning to the current one.
    public var path: [Int] { path(to: current) }

    /// The reply that `turn` is or goes on with, and the continuations between them: the turns of one answer.
    func answer(at turn: Int) -> [Int] {
        var answer = [turn]
        while turns[answer[0]].content.kind == .continuation, let parent = turns[answer[0]].parent {
            answer.insert(parent, at: 0)
        }
        return turns[answer[0]].content.kind == .reply ? answer : []
    }

    /// A message with when it was said and, of an answer, what it took.
    struct Said {
        var message: ChatMessage
        var created: Double
        var metrics: Metrics?

        init(_ message: ChatMessage, _ created: Double, _ metrics: Metrics? = nil) {
            (self.message, self.created, self.metrics) = (message, created, metrics)
        }

        fileprivate mutating func goOn(with content: TurnContent) {
            message.text += content.answer
            metrics?.completionTokens += content.metrics.completionTokens
            metrics?.decodeSeconds += content.metrics.decodeSeconds
        }
    }

    /// What was said in turns that follow each other, and when; continuations are joined with what they go on with.
    func said(on path: [Int]) -> [Said] {
        var said: [Said] = []
        for index in path {
            let content = turns[index].content
            switch content.kind {
            case .reply:
                said.append(Said(ChatMessage(role: .user, text: content.question), content.created))
                said.append(
                    Said(ChatMessage(role: .assistant, text: content.answer), content.created, content.metrics))
            case .continuation where !said.isEmpty: said[said.count - 1].goOn(with: content)
            case .beginning, .continuation, .merge: break
            }
        }
        return said
    }

    // MARK: - Changing

    mutating func change(_ turn: Int, _ body: (inout Turn) -> Void) {
        body(&turns[turn])
    }

    /// Removes a turn and all after it.
    mutating func remove(_ turn: Int) {
        var gone = Set([turn])
        for index in turns.indices where turns[index].parent.map(gone.contains) == true { gone.insert(index) }
        for index in gone {
            turns[index].isRemoved = true
            turns[index].checkpoint = nil
        }
        for index in turns.indices where turns[index].next.map(gone.contains) == true {
            turns[index].next = turns.indices.last { turns[$0].parent == index && !turns[$0].isRemoved }
        }
    }

    /// Whether a turn is on the way to the current one.
    func isOnPath(_ turn: Int) -> Bool { path.contains(turn) }

    /// The turns that nothing was removed of after `turn`.
    func children(of turn: Int) -> [Int] {
        turns.indices.filter { turns[$0].parent == turn && !turns[$0].isRemoved }
    }

    /// Keeps a turn's place in memory, and gives up others, least recently used first, while all take too much: never
    /// the beginning's or the current one's, and only what the disk has or what can be read again.
    mutating func hold(_ checkpoint: Checkpoint?, at turn: Int) {
        clock += 1
        turns[turn].checkpoint = checkpoint
        turns[turn].used = clock
        var bytes = turns.reduce(0) { $0 + ($1.checkpoint?.byteCount ?? 0) }
        guard bytes > byteLimit else { return }
        let others = turns.indices.dropFirst().filter {
            $0 != current && (turns[$0].content.kind != .merge || turns[$0].snapshot != nil)
        }
        for index in others.sorted(by: { turns[$0].used < turns[$1].used }) where bytes > byteLimit {
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
