package import Engine

/// The last places inside an answer, so that a few tokens can be taken back with nothing read again.
///
/// A state is as large as all that one token's pass reads of it, and copying it for every token costs a tenth of the
/// speed. So the ring copies every 32nd, and keeps of the tokens between them what they did to it (`StateStep`, a
/// thirtieth of a state): a place is the copy before it and the steps since, which take no weights.
package struct AnswerRing: Sendable {
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
    static let spacing = 32

    /// What is kept of a place beside the state.
    private struct Entry {
        var logits: [Float] = []
        var sampler = Sampler(SamplerSettings(temperature: 0), seed: 0)
        var index = 0
    }

    private struct Copy {
        var state = SequenceState(layers: [])
        var index = 0
    }

    private var entries: [Entry] = []
    /// Copies of the state: the last one at or before the first entry, and all after it.
    private var copies: [Copy] = []
    /// What led from the first copy on: the first step to the place after it, and so on.
    private var taken: [StateStep] = []
    /// Memory of what was forgotten, for what comes: a token allocates none.
    private var spare = (entries: [Entry](), copies: [Copy](), taken: [StateStep]())

    package init() {}

    /// Forgets all places.
    mutating func clear() {
        forgetEntries(0..<entries.count)
        forgetCopies(0..<copies.count)
        forgetSteps(0..<taken.count)
    }

    /// Adds the place at which a sequence stands, and forgets those that are too far back, or on another way there.
    package mutating func add(_ runner: inout ModelRunner, sampler: Sampler, index: Int) {
        forget(from: index)
        var step = spare.taken.popLast() ?? StateStep()
        let isNext = copies.first.map { $0.index + taken.count + 1 == index } ?? false
        if isNext, runner.takeLastStep(into: &step) {
            taken.append(step)
        } else {
            spare.taken.append(step)
            clear()
        }
        if copies.last.map({ index - $0.index >= Self.spacing }) ?? true {
            var copy = spare.copies.popLast() ?? Copy()
            copy.state.copyContents(of: runner.state)
            copy.index = index
            copies.append(copy)
        }
        var entry = spare.entries.popLast() ?? Entry()
        runner.copyLogits(into: &entry.logits)
        entry.sampler.copyContents(of: sampler)
        entry.index = index
        entries.append(entry)
        if entries.count > Self.steps + 1 { forgetEntries(0..<1) }
        while copies.count > 1, let oldest = entries.first?.index, copies[1].index <= oldest {
            forgetSteps(0..<(copies[1].index - copies[0].index))
            forgetCopies(0..<1)
        }
    }

    /// Forgets the places at which the answer had `index` tokens or more.
    private mutating func forget(from index: Int) {
        // Each list's indices only grow.
        forgetEntries((entries.firstIndex { $0.index >= index } ?? entries.count)..<entries.count)
        let end = copies.first.map { max(0, index - 1 - $0.index) } ?? 0
        forgetSteps(min(end, taken.count)..<taken.count)
        forgetCopies((copies.firstIndex { $0.index >= index } ?? copies.count)..<copies.count)
    }

    private mutating func forgetEntries(_ range: Range<Int>) {
        spare.entries += entries[range]
        entries.removeSubrange(range)
    }

    private mutating func forgetCopies(_ range: Range<Int>) {
        spare.copies += copies[range]
        copies.removeSubrange(range)
    }

    private mutating func forgetSteps(_ range: Range<Int>) {
        spare.taken += taken[range]
        taken.removeSubrange(range)
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
