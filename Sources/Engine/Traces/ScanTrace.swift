/// What a layer's state-space model selected for the traced tokens.
///
/// A channel here is what has a step size of its own: a channel of Mamba-1, a head of Mamba-2.
package struct ScanTrace: Sendable {
    package let channels, dState, nGroups: Int
    /// The state's rates of decay, all negative: `[dState, channels]` in Mamba-1, `[channels]` in Mamba-2.
    package let A: [Float]
    /// What of the input goes past the state, `[channels]`.
    package let D: [Float]
    /// Step sizes Δ after softplus and clamping, `[channels]` a token.
    package private(set) var steps: TraceRows
    /// `[nGroups, dState]` a token.
    package private(set) var B, C: TraceRows
    /// The scan's input `[dInner]`; its output, in Mamba-1 after the gate; and Mamba-1's gate z.
    ///
    /// Only where values are kept.
    package private(set) var inputs, outputs, gates: TraceRows?
    /// The median over the states of −A, `[channels]`.
    package let rates: [Float]
    /// Σ Δ over the traced tokens, `[channels]`.
    private var stepSums: [Double]

    init(channels: Int, dState: Int, nGroups: Int, A: [Float], D: [Float], dInner: Int, isGated: Bool, in trace: Trace)
    {
        self.channels = channels
        self.dState = dState
        self.nGroups = nGroups
        self.A = A
        self.D = D
        let states = A.count / channels
        rates = (0..<channels).map { channel in
            median((0..<states).map { -A[$0 * channels + channel] }) ?? 0
        }
        stepSums = Array(repeating: 0, count: channels)
        func rows(_ width: Int) -> TraceRows { TraceRows(width: width, half: trace.half) }
        steps = rows(channels)
        B = rows(nGroups * dState)
        C = rows(nGroups * dState)
        guard trace.request.keepsValues else { return }
        inputs = rows(dInner)
        outputs = rows(dInner)
        if isGated { gates = rows(dInner) }
    }

    /// Whether a channel is a head of Mamba-2, whose A is one number, and no channel of Mamba-1.
    package var hasHeads: Bool { A.count == channels }

    var allRows: [TraceRows] { [steps, B, C] + [inputs, outputs, gates].compactMap { $0 } }

    /// Where one token's values stand in the workspace's buffers.
    struct Source {
        var steps, B, C: (values: [Float], offset: Int)
        var input, output: (values: [Float], offset: Int)
        var gate: (values: [Float], offset: Int)?
    }

    /// Takes one token.
    ///
    /// - Parameter displaces: whether the slot's row still counts
    mutating func record(_ source: Source, slot: Int, displaces: Bool) {
        if displaces { leave(slot: slot) }
        steps.write(source.steps.values, from: source.steps.offset, slot: slot)
        B.write(source.B.values, from: source.B.offset, slot: slot)
        C.write(source.C.values, from: source.C.offset, slot: slot)
        inputs?.write(source.input.values, from: source.input.offset, slot: slot)
        outputs?.write(source.output.values, from: source.output.offset, slot: slot)
        if let gate = source.gate { gates?.write(gate.values, from: gate.offset, slot: slot) }
        addSteps(slot: slot, sign: 1)
    }

    /// Counts a token out whose row goes.
    mutating func leave(slot: Int) {
        addSteps(slot: slot, sign: -1)
    }

    private mutating func addSteps(slot: Int, sign: Double) {
        let row = steps.row(slot)
        for channel in 0..<channels { stepSums[channel] += sign * Double(row[channel]) }
    }

    /// The mean of Δ over the traced tokens, `[channels]`.
    ///
    /// - Parameter count: how many tokens are traced
    func meanSteps(count: Int) -> [Float] {
        stepSums.map { Float(max(0, $0) / Double(max(count, 1))) }
    }
}

/// The middle one of some values; of an even number of them the larger of the middle two.
///
/// Nil where there is none.
func median(_ values: [Float]) -> Float? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
}
