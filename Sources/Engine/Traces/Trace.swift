/// What a trace of forward passes keeps.
package struct TraceRequest: Sendable, Equatable {
    /// Tokens that are kept: the last ones.
    package var capacity: Int
    /// Whether what goes through a mixer is kept too, so that what a trace says can be checked against it.
    package var keepsValues: Bool

    package init(capacity: Int = 512, keepsValues: Bool = false) {
        precondition(capacity > 0, "a trace holds at least one token")
        self.capacity = capacity
        self.keepsValues = keepsValues
    }
}

/// What the layers did with the last tokens of a sequence, for looking inside.
///
/// Filled by `ModelRunner.feed` where it was asked for; without a trace a layer asks once a pass whether there is one.
/// A reference, as its rows must not be copied with the runner that writes them.
package final class Trace {
    package let request: TraceRequest
    let half: Bool
    /// The tokens whose rows are held, by their place in the sequence.
    package private(set) var positions = 0..<0
    /// The ids of these tokens.
    package private(set) var tokens: [Int32] = []
    /// One entry a layer, in order.
    package internal(set) var layers: [LayerTrace]
    /// The position in slot 0.
    private var origin = 0
    /// The positions of the pass under way.
    private(set) var pass = 0..<0

    init(_ request: TraceRequest, layers: Int, half: Bool) {
        self.request = request
        self.half = half
        self.layers = Array(repeating: LayerTrace(), count: layers)
    }

    /// Bytes that the trace takes.
    package var byteCount: Int {
        layers.reduce(0) { $0 + $1.allRows.reduce(0) { $0 + $1.byteCount } }
    }

    /// The slot of a position.
    func slot(_ position: Int) -> Int { (position - origin) % request.capacity }

    /// The row of a traced token.
    package func row(_ rows: TraceRows, of position: Int) -> [Float] {
        precondition(positions.contains(position), "the token is not traced")
        return rows.row(slot(position))
    }

    /// Whether writing a position overwrites a row that counts.
    func displaces(_ position: Int) -> Bool { position - request.capacity >= positions.lowerBound }

    /// Takes a pass over tokens from `position` on as under way; what was traced of a sequence that went another way goes.
    func begin(_ piece: ArraySlice<Int32>, at position: Int) {
        if position <= positions.lowerBound || position > positions.upperBound {
            clear()
            origin = position
            positions = position..<position
        }
        cut(to: position)
        pass = position..<(position + piece.count)
        tokens += piece
    }

    /// Takes the pass as done.
    func end() {
        positions = max(positions.lowerBound, pass.upperBound - request.capacity)..<pass.upperBound
        tokens.removeFirst(tokens.count - positions.count)
    }

    /// Forgets the tokens from `position` on.
    package func cut(to position: Int) {
        guard positions.contains(position) else { return }
        for dropped in position..<positions.upperBound {
            let slot = slot(dropped)
            for index in layers.indices { layers[index].scan?.leave(slot: slot) }
        }
        tokens.removeLast(positions.upperBound - position)
        positions = positions.lowerBound..<position
    }

    /// Forgets all tokens.
    package func clear() {
        layers = Array(repeating: LayerTrace(), count: layers.count)
        positions = 0..<0
        tokens = []
    }
}

/// What one layer did with the traced tokens.
package struct LayerTrace: Sendable {
    /// The layer's state-space model, where it has one.
    package internal(set) var scan: ScanTrace?
    /// The layer's attention, where it has some.
    package internal(set) var attention: AttentionTrace?
    /// The residual stream after the layer, `[dModel]` a token.
    package internal(set) var stream: TraceRows?

    fileprivate var allRows: [TraceRows] {
        [stream, attention?.queries, attention?.outputs].compactMap { $0 } + (scan?.allRows ?? [])
    }
}
