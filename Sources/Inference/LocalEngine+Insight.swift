package import Chat
import Engine
import Tokenization

extension LocalEngine {
    /// How many tokens that could have come are told.
    static let choiceCount = 5

    /// Keeps traces, or none, from the next token on.
    func setTraces(_ isOn: Bool) {
        runner.trace(isOn ? TraceRequest(capacity: Insight.capacity) : nil)
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
        guard let trace = observed else {
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
                what: "there is no token \(position) to look at",
                why: "the tokens \(positions.lowerBound) to \(positions.upperBound - 1) are traced")
        }
        let layer = query.layer ?? trace.layers.count / 2
        guard trace.layers.indices.contains(layer) else {
            throw ChatFailure(
                what: "there is no layer \(layer)", why: "the layers are 0 to \(trace.layers.count - 1)")
        }
        let state = (observation.runner ?? runner).state
        let scan = trace.influence(layer: layer, position: position)
        let rows = trace.attention(layer: layer, position: position, state: state)
        let heads = max(scan?.weights.first?.count ?? 0, rows?.heads.count ?? 0)
        if let head = query.head, !(0..<heads).contains(head) {
            throw ChatFailure(
                what: "there is no head \(head) in layer \(layer)",
                why: heads == 0 ? "it has none that is traced" : "the heads are 0 to \(heads - 1)")
        }
        let seen = look(at: position, in: trace, state: state)
        let answerCount = observation.isOfConversation ? last?.tokens.count : nil
        return Insight(
            query: query, start: positions.lowerBound,
            tokens: trace.tokens.map { Insight.Token(id: $0, text: loaded.tokenizer.text(of: $0)) },
            reader: position - positions.lowerBound, layer: layer, layers: seen.layers,
            scan: scan.map { Insight.Scan($0, head: query.head) },
            attention: rows.map { Insight.Attention($0, start: positions.lowerBound, head: query.head) },
            next: seen.next, traceBytes: trace.byteCount,
            answerStart: answerCount.map { positions.upperBound - $0 }, rereadTokens: observation.rereadTokens)
    }

    /// What all layers make of a token, found out once for all that are looked at with it.
    private func look(at position: Int, in trace: Trace, state: SequenceState) -> SeenToken {
        if let seen = observation.seen, seen.position == position { return seen }
        let lens = (observation.runner ?? runner).layerLogits(at: position) ?? []
        let readings = readings(of: trace, position: position)
        let layers = trace.layers.indices.map { index in
            Insight.Layer(
                mixer: Insight.Mixer(trace.layers[index]), reading: readings.first { $0.layer == index },
                reach: reach(of: index, position: position, in: trace, state: state),
                lens: lens.isEmpty ? nil : choices(1, logits: lens, row: index).first)
        }
        let next = lens.isEmpty ? [] : choices(Self.choiceCount, logits: lens, row: layers.count - 1)
        let seen = SeenToken(position: position, layers: layers, next: next)
        observation.seen = seen
        return seen
    }

    /// How many of the nearest tokens hold 90 % of what a token reads in a layer.
    private func reach(of layer: Int, position: Int, in trace: Trace, state: SequenceState) -> Int? {
        if let scan = trace.influence(layer: layer, position: position) { return Insight.Scan(scan, head: nil).reach }
        return trace.attention(layer: layer, position: position, state: state)
            .flatMap { Insight.Attention($0, start: trace.positions.lowerBound, head: nil).reach }
    }
}

extension Insight.Mixer {
    fileprivate init(_ layer: LayerTrace) {
        switch (layer.scan, layer.attention != nil) {
        case (nil, false): self = .none
        case (nil, true): self = .attention
        case (let scan?, false): self = scan.hasHeads ? .mamba2 : .mamba
        case (let scan?, true): self = scan.hasHeads ? .mamba2AndAttention : .mambaAndAttention
        }
    }
}

extension Insight.Scan {
    /// The row with sum 1.
    fileprivate init(_ influence: ScanInfluence, head: Int?) {
        let heads = influence.weights.first?.count ?? 0
        let head = head.flatMap { $0 < heads ? $0 : nil }
        let row = influence.weights.map { channels in
            head.map { Double(abs(channels[$0])) }
                ?? channels.reduce(0) { $0 + Double(abs($1)) } / Double(channels.count)
        }
        let sum = row.reduce(0, +)
        self.init(
            influence: sum > 0 ? row.map { $0 / sum } : row,
            retained: head.map { head in influence.retainedByHead.map { Double($0[head]) } }
                ?? influence.retained.map { Double($0) },
            written: head.map { head in influence.steps.map { Double($0[head]) } }
                ?? influence.written.map { Double($0) },
            heads: heads, head: head)
    }
}

extension Insight.Attention {
    /// The row of a head, or the mean of all; what goes before `start` is added up.
    fileprivate init(_ rows: AttentionRows, start: Int, head: Int?) {
        let head = head.flatMap { rows.heads.indices.contains($0) ? $0 : nil }
        let chosen = head.map { [rows.heads[$0]] } ?? rows.heads
        var row = [Double](repeating: 0, count: rows.positions.upperBound - start)
        var earlier = 0.0
        for (index, source) in rows.positions.enumerated() {
            let weight = chosen.reduce(0) { $0 + Double($1[index]) } / Double(chosen.count)
            if source < start { earlier += weight } else { row[source - start] = weight }
        }
        self.init(weights: row, earlier: earlier, heads: rows.heads.count, head: head)
    }
}
