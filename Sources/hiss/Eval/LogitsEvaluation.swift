import Engine
import JSON
import Launch

/// Feeds token ids and writes what the model makes of them.
struct LogitsEvaluation {
    private var runner: ModelRunner
    private let positions: Set<Int>
    private var argmaxes: [Int32] = []
    private var likelihoods: [Float] = []

    /// - Parameters:
    ///   - runner: has read nothing yet
    ///   - positions: whose logits to write
    init(_ runner: ModelRunner, positions: Set<Int>) {
        self.runner = runner
        self.positions = positions
    }

    /// Writes one object; logits go out as they are computed, so that they need no memory.
    mutating func writeJSON(_ tokens: [Int32], greedy: Int, states: Bool, to output: Output) throws {
        var json = JSONWriter()
        json.beginObject()
        json.field("vocab_size", runner.vocabSize)
        json.key("logits")
        json.beginObject()
        try feed(tokens) { position, row in
            json.field(String(position), row)
            try output.write(json.drain())
        }
        json.endObject()
        json.field("argmax_all", argmaxes)
        json.field("nll", likelihoods)
        let layers = states ? runner.state.layers : nil
        let continuation = try continueGreedily(greedy)
        json.field("greedy", continuation.map(\.token))
        json.field("greedy_margins", continuation.map(\.margin))
        if let layers {
            json.key("states")
            json.beginArray()
            for (index, layer) in layers.enumerated() { Self.write(layer, index, to: &json) }
            json.endArray()
        }
        json.endObject()
        json.newline()
        try output.write(json.drain())
    }

    /// Writes lines for readers: the five likeliest tokens of each position, and the sums.
    mutating func writeText(_ tokens: [Int32], greedy: Int, states: Bool, to output: Output) throws {
        try feed(tokens) { position, row in
            let best = row.indices.sorted { row[$0] > row[$1] }.prefix(5)
            let entries = best.map { "\($0 - row.startIndex) (\(row[$0]))" }.joined(separator: ", ")
            try output.write("position \(position): \(entries)\n")
        }
        if !likelihoods.isEmpty {
            let sum = likelihoods.reduce(0) { $0 + Double($1) }
            try output.write("negative log-likelihood: \(sum), \(sum / Double(likelihoods.count)) a token\n")
        }
        let layers = states ? runner.state.layers : []
        let continuation = try continueGreedily(greedy)
        if !continuation.isEmpty {
            try output.write("greedy: \(continuation.map { String($0.token) }.joined(separator: " "))\n")
        }
        for (index, layer) in layers.enumerated() {
            for part in layer.summaries() {
                try output.write("layer \(index) \(part.name) \(part.shape): l2 \(part.l2), max \(part.maxAbs)\n")
            }
        }
    }

    /// Feeds `tokens` piece by piece, and calls `body` with the logits of each wanted position.
    private mutating func feed(_ tokens: [Int32], body: (Int, ArraySlice<Float>) throws -> Void) throws {
        let vocabSize = runner.vocabSize
        for start in stride(from: 0, to: tokens.count, by: runner.chunkSize) {
            let piece = Array(tokens[start..<min(start + runner.chunkSize, tokens.count)])
            try runner.feed(piece, wanting: .all)
            for row in piece.indices {
                let position = start + row
                argmaxes.append(runner.best(row: row).token)
                if position + 1 < tokens.count {
                    likelihoods.append(runner.negativeLogLikelihood(of: tokens[position + 1], row: row))
                }
                if positions.contains(position) {
                    try body(position, runner.logits[(row * vocabSize)..<((row + 1) * vocabSize)])
                }
            }
        }
        // From here on the logits are those of the last token alone.
        lastRow = (tokens.count - 1) % runner.chunkSize
    }

    /// The row of the runner's logits that belongs to the token fed last.
    private var lastRow = 0

    private mutating func continueGreedily(_ count: Int) throws -> [(token: Int32, margin: Float)] {
        try (0..<count).map { _ in
            let best = runner.best(row: lastRow)
            try runner.feed([best.token], wanting: .last)
            lastRow = 0
            return best
        }
    }

    private static func write(_ layer: LayerState, _ index: Int, to json: inout JSONWriter) {
        json.beginObject()
        json.field("layer", index)
        for part in layer.summaries() {
            json.key(part.name)
            json.beginObject()
            json.field("shape", part.shape)
            json.field("l2", part.l2)
            json.field("mean", part.mean)
            json.field("abs_mean", part.absMean)
            json.field("max_abs", part.maxAbs)
            json.field("first8", part.first8)
            json.field("last8", part.last8)
            json.endObject()
        }
        json.endObject()
    }
}
