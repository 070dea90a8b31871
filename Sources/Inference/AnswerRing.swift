import Engine

/// The last places inside an answer, so that a few tokens can be taken back with nothing read again.
///
/// A state is as large as all that one token's pass reads of it, and copying it for every token costs a tenth of the
/// speed. So the ring copies every 16th, and keeps of the tokens between them what they did to it (`StateStep`, a
/// thirtieth of a state): a place is the copy before it and the steps since, which take no weights.
struct AnswerRing: Sendable {
    /// The place before a token was chosen.
    struct Place: Sendable {
        var state: SequenceState
        /// `[vocabSize]`.
        var logits: [Float]
        var sampler: Sampler
        /// Tokens of the answer that the state has read.
        var index: Int
    }

    /// Steps that can be taken back.
    static let steps = 16
    /// Tokens between two copies of the state.
    static let spacing = 16

    /// What is kept of a place beside the state.
    private struct Entry {
        var logits: [Float]
        var sampler: Sampler
        var index: Int
    }

    private struct Copy {
        var state: SequenceState
        var index: Int
    }

    private var entries: [Entry] = []
    /// Copies of the state: the last one at or before the first entry, and all after it.
    private var copies: [Copy] = []
    /// What led from the first copy on: the first step to the place after it, and so on.
    private var taken: [StateStep] = []

    /// Forgets all places.
    mutating func clear() {
        entries = []
        copies = []
        taken = []
    }

    /// Adds the place at which a sequence stands, and forgets those that are too far back, or on another way there.
    mutating func add(_ runner: ModelRunner, sampler: Sampler, index: Int) {
        forget(from: index)
        if let first = copies.first, let step = runner.lastStep, first.index + taken.count + 1 == index {
            taken.append(step)
        } else {
            clear()
        }
        if copies.last.map({ index - $0.index >= Self.spacing }) ?? true {
            copies.append(Copy(state: runner.state, index: index))
        }
        entries.append(Entry(logits: runner.logits, sampler: sampler, index: index))
        if entries.count > Self.steps + 1 { entries.removeFirst() }
        while copies.count > 1, let oldest = entries.first?.index, copies[1].index <= oldest {
            taken.removeFirst(copies[1].index - copies[0].index)
            copies.removeFirst()
        }
    }

    /// Forgets the places at which the answer had `index` tokens or more.
    private mutating func forget(from index: Int) {
        entries.removeAll { $0.index >= index }
        copies.removeAll { $0.index >= index }
        if let first = copies.first { taken.removeLast(max(0, first.index + taken.count + 1 - index)) }
    }

    /// The place at which the answer had `index` tokens, if it is one of the last; `model` is the one that made it.
    func place(at index: Int, model: Model) -> Place? {
        guard let entry = entries.first(where: { $0.index == index }), let first = copies.first,
            let copy = copies.last(where: { $0.index <= index })
        else { return nil }
        var runner = ModelRunner(model, chunkSize: 1)
        runner.state = copy.state
        for step in taken[(copy.index - first.index)..<(index - first.index)] { runner.take(step) }
        return Place(state: runner.state, logits: entry.logits, sampler: entry.sampler, index: index)
    }
}
