package import Chat
import Engine
import Tokenization

extension LocalEngine {
    /// How many tokens that could have come are told.
    static let choiceCount = 5

    /// Keeps traces, or none, from the next token on.
    func setTraces(_ isOn: Bool) {
        runner.trace(isOn ? TraceRequest() : nil)
    }

    /// The likeliest tokens at a row of logits, before any filter.
    func choices(_ count: Int, logits: [Float], row: Int = 0) -> [TokenChoice] {
        let start = row * runner.vocabSize
        return NextToken(Array(logits[start..<(start + runner.vocabSize)])).top(count).map { token, probability in
            TokenChoice(id: token, text: loaded.tokenizer.text(of: token), probability: Float(probability))
        }
    }

    /// What each layer's state-space model does with a traced token.
    func readings(of trace: Trace, position: Int) -> [LayerReading] {
        trace.layers.indices.compactMap { layer in
            guard let step = trace.meanStep(layer: layer, position: position),
                let halfLife = trace.halfLife(layer: layer)
            else { return nil }
            return LayerReading(layer: layer, meanStep: Double(step), halfLife: Double(halfLife))
        }
    }

    package func insight(_ query: InsightQuery) async throws -> Insight {
        guard let trace = runner.trace, !trace.positions.isEmpty else {
            throw ChatFailure(
                what: "there is nothing to look at yet",
                why: runner.trace == nil
                    ? "traces are off, or nothing was read since they are on" : "nothing was read since then",
                advice: "/set trace on, then go on talking")
        }
        let positions = trace.positions
        let position = query.position ?? positions.upperBound - 1
        guard positions.contains(position) else {
            throw ChatFailure(
                what: "can't look at token \(position)",
                why: "the tokens \(positions.lowerBound) to \(positions.upperBound - 1) are traced")
        }
        let layer = query.layer ?? trace.layers.count / 2
        guard trace.layers.indices.contains(layer) else {
            throw ChatFailure(
                what: "there is no layer \(layer)", why: "the layers are 0 to \(trace.layers.count - 1)")
        }
        let lens = runner.layerLogits(at: position) ?? []
        let readings = readings(of: trace, position: position)
        let layers = trace.layers.enumerated().map { index, layer in
            Insight.Layer(
                reading: readings.first { $0.layer == index }, hasAttention: layer.attention != nil,
                lens: lens.isEmpty ? nil : choices(1, logits: lens, row: index).first)
        }
        return Insight(
            query: query, start: positions.lowerBound,
            tokens: trace.tokens.map { Insight.Token(id: $0, text: loaded.tokenizer.text(of: $0)) },
            reader: position - positions.lowerBound, layer: layer, layers: layers,
            scan: trace.influence(layer: layer, position: position).map { Insight.Scan($0) },
            attention: try attention(of: trace, layer: layer, position: position, head: query.head),
            next: lens.isEmpty ? [] : choices(Self.choiceCount, logits: lens, row: layers.count - 1),
            traceBytes: trace.byteCount)
    }

    private func attention(
        of trace: Trace, layer: Int, position: Int, head: Int?
    ) throws -> Insight.Attention? {
        guard let rows = trace.attention(layer: layer, position: position, state: runner.state) else { return nil }
        if let head, !rows.heads.indices.contains(head) {
            throw ChatFailure(what: "there is no head \(head)", why: "the heads are 0 to \(rows.heads.count - 1)")
        }
        let chosen = head.map { [rows.heads[$0]] } ?? rows.heads
        var row = [Double](repeating: 0, count: position + 1 - trace.positions.lowerBound)
        var earlier = 0.0
        for (index, source) in rows.positions.enumerated() {
            let weight = chosen.reduce(0) { $0 + Double($1[index]) } / Double(chosen.count)
            if source < trace.positions.lowerBound {
                earlier += weight
            } else {
                row[source - trace.positions.lowerBound] = weight
            }
        }
        return Insight.Attention(weights: row, earlier: earlier, heads: rows.heads.count)
    }
}

extension Insight.Scan {
    /// The row with sum 1.
    fileprivate init(_ influence: ScanInfluence) {
        let row = influence.weights.map { channels in
            channels.reduce(0) { $0 + Double(abs($1)) } / Double(channels.count)
        }
        let sum = row.reduce(0, +)
        self.init(
            influence: sum > 0 ? row.map { $0 / sum } : row, retained: influence.retained.map { Double($0) },
            written: influence.written.map { Double($0) })
    }
}
