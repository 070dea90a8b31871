import Engine
import Foundation
import Testing

/// What traces say, against what the models computed.
@Suite struct TraceTests {
    private static let all = TraceRequest(capacity: 512, keepsValues: true)
    /// Of the largest value of what is compared.
    private static let tolerance: Float = 1e-4

    private func ids(_ golden: GoldenCase) -> [Int32] {
        golden.golden.prompts.max { $0.ids.count < $1.ids.count }?.ids ?? []
    }

    /// A runner that has read 100 tokens without a trace and 60 with one, and the state between them.
    private func traced(_ golden: GoldenCase, _ request: TraceRequest = all) throws -> (ModelRunner, SequenceState) {
        let tokens = ids(golden)
        var runner = ModelRunner(try golden.load())
        try runner.feed(Array(tokens[..<100]))
        let before = runner.state
        runner.trace(request)
        for piece in [tokens[100..<137], tokens[137..<138], tokens[138..<160]] { try runner.feed(Array(piece)) }
        return (runner, before)
    }

    @Test(arguments: GoldenCase.all)
    func aTraceChangesNoBit(golden: GoldenCase) throws {
        let (runner, before) = try traced(golden)
        var plain = ModelRunner(runner.model)
        plain.state = before
        let tokens = ids(golden)
        for piece in [tokens[100..<137], tokens[137..<138], tokens[138..<160]] { try plain.feed(Array(piece)) }
        #expect(plain.logits == runner.logits)
        #expect(plain.state == runner.state)
        #expect(plain.trace.map { $0.positions } == nil)
        #expect(runner.trace?.positions == 100..<160)
        #expect(runner.trace?.tokens == Array(tokens[100..<160]))
    }

    /// Σ_s α[t, s] x_s, with the incoming state's term and D·x, is what the kernels made.
    @Test(arguments: GoldenCase.all)
    func hiddenAttentionMakesTheScansOutput(golden: GoldenCase) throws {
        let (runner, before) = try traced(golden)
        let trace = try #require(runner.trace)
        for (index, layer) in trace.layers.enumerated() {
            guard let scan = layer.scan else { continue }
            let h = try #require(before.layers[index].buffers.first { $0.name == .ssmState }).values
            for t in [100, 120, 159] {
                let made = try expectedOutput(of: scan, layer: index, token: t, from: h, in: trace)
                let actual = trace.row(try #require(scan.outputs), of: t)
                let largest = actual.map { abs($0) }.max() ?? 0
                let worst = zip(made, actual).map { abs($0 - $1) }.max() ?? .infinity
                #expect(
                    worst <= Self.tolerance * max(largest, 1e-3), "layer \(index), token \(t): \(worst) of \(largest)")
            }
        }
    }

    /// The output of a layer's scan by the definition of α.
    private func expectedOutput(
        of scan: ScanTrace, layer: Int, token: Int, from h: [Float], in trace: Trace
    ) throws -> [Float] {
        let influence = try #require(trace.influence(layer: layer, position: token))
        let inputs = try #require(scan.inputs)
        let x = trace.row(inputs, of: token)
        let width = x.count / scan.channels  // 1, or the values of a head
        let isMamba2 = scan.A.count == scan.channels && width > 1
        var sums = [Float](repeating: 0, count: scan.channels)
        var y = x.indices.map { scan.D[$0 / width] * x[$0] }
        for (source, weights) in zip(influence.positions, influence.weights) {
            let x = trace.row(inputs, of: source)
            for place in y.indices { y[place] += weights[place / width] * x[place] }
            let steps = trace.row(scan.steps, of: source)
            for channel in sums.indices { sums[channel] += steps[channel] }
        }
        let C = trace.row(scan.C, of: token)
        let perGroup = scan.channels / scan.nGroups
        for place in y.indices {
            let channel = place / width
            for n in 0..<scan.dState {
                let rate = isMamba2 ? scan.A[channel] : scan.A[n * scan.channels + channel]
                let held =
                    isMamba2
                    ? h[(channel * scan.dState + n) * width + place % width] : h[n * scan.channels + channel]
                y[place] += C[channel / perGroup * scan.dState + n] * exp(rate * sums[channel]) * held
            }
        }
        guard let gates = scan.gates else { return y }
        let z = trace.row(gates, of: token)
        return zip(y, z).map { $0 * $1 / (1 + exp(-$1)) }
    }

    /// Rows of attention add up to 1, and weigh the cache's values to what the heads put out.
    @Test(arguments: GoldenCase.all)
    func attentionRowsMakeTheHeadsOutput(golden: GoldenCase) throws {
        let (runner, _) = try traced(golden)
        let trace = try #require(runner.trace)
        for (index, layer) in trace.layers.enumerated() {
            guard let attention = layer.attention, let cache = runner.state.layers[index].cache else { continue }
            let t = 159
            let rows = try #require(trace.attention(layer: index, position: t, state: runner.state))
            #expect(rows.positions == (cache.window == 0 ? 0 : max(0, t + 1 - cache.window))..<160)
            let outputs = trace.row(try #require(attention.outputs), of: t)
            let values = rows.positions.map { cache.storedValues(of: $0) }
            let perKey = rows.heads.count / cache.nKVHeads
            for (head, row) in rows.heads.enumerated() {
                #expect(abs(row.reduce(0, +) - 1) < 1e-5)
                for d in 0..<cache.headDim {
                    let place = head / perKey * cache.headDim + d
                    let made = zip(row, values).reduce(Float(0)) { $0 + $1.0 * $1.1[place] }
                    let actual = outputs[head * cache.headDim + d]
                    #expect(abs(made - actual) <= Self.tolerance * max(abs(actual), 0.1), "layer \(index)")
                }
            }
        }
    }

    /// After the last layer the lens is the model.
    @Test(arguments: GoldenCase.all)
    func theLastLayersLensIsThePrediction(golden: GoldenCase) throws {
        let (runner, _) = try traced(golden)
        let logits = runner.logits
        let lens = try #require(runner.layerLogits(at: 159))
        #expect(lens.count == runner.state.layers.count * runner.vocabSize)
        #expect(Array(lens.suffix(runner.vocabSize)) == logits)
        #expect(runner.logits == logits)
        #expect(runner.layerLogits(at: 99) == nil)
        #expect(runner.layerLogits(at: 160) == nil)
    }

    @Test(arguments: GoldenCase.all)
    func aSmallTraceHoldsTheLastTokens(golden: GoldenCase) throws {
        let (whole, _) = try traced(golden)
        let (small, _) = try traced(golden, TraceRequest(capacity: 16))
        let (all, last) = (try #require(whole.trace), try #require(small.trace))
        #expect(last.positions == 144..<160)
        #expect(last.tokens == Array(all.tokens.suffix(16)))
        for index in last.layers.indices {
            guard let scan = last.layers[index].scan else { continue }
            let ours = try #require(last.influence(layer: index, position: 159))
            let theirs = try #require(all.influence(layer: index, position: 159))
            #expect(ours.weights == Array(theirs.weights.suffix(16)))
            #expect(ours.retained == Array(theirs.retained.suffix(16)))
            #expect(scan.inputs == nil)
            #expect(ours.retained.last == 1)
            #expect(ours.retained == ours.retained.sorted())
        }
        #expect(last.byteCount < all.byteCount)
    }

    /// The half-life is that of the tokens that are held, whatever came and went before.
    @Test(arguments: GoldenCase.all)
    func halfLivesAreOfTheTokensHeld(golden: GoldenCase) throws {
        let (small, _) = try traced(golden, TraceRequest(capacity: 16))
        let (whole, _) = try traced(golden)
        let (last, cut) = (try #require(small.trace), try #require(whole.trace))
        cut.cut(to: 130)
        #expect(cut.positions == 100..<130)
        for trace in [last, cut] {
            for index in trace.layers.indices {
                guard let scan = trace.layers[index].scan else { continue }
                let lives = (0..<scan.channels).map { channel in
                    let mean = trace.positions.reduce(Float(0)) { $0 + trace.row(scan.steps, of: $1)[channel] }
                    return log(2) / (scan.rates[channel] * mean / Float(trace.positions.count))
                }.sorted()
                let half = try #require(trace.halfLife(layer: index))
                let middle = [lives[(lives.count - 1) / 2], lives[lives.count / 2]]
                #expect(middle.contains { abs($0 - half) <= 1e-3 * half }, "\(half), not \(middle)")
            }
        }
    }

    @Test func goingBackCutsTheTrace() throws {
        var runner = ModelRunner(try TinyModel().load())
        runner.trace(TraceRequest())
        try runner.feed([1, 2, 3])
        let place = runner.state
        try runner.feed([4, 5])
        runner.state = place
        try runner.feed([6])
        #expect(runner.trace?.tokens == [1, 2, 3, 6])
        #expect(runner.trace?.positions == 0..<4)
        runner.state = runner.model.architecture.makeState()
        try runner.feed([7])
        #expect(runner.trace?.tokens == [7])
        runner.trace(nil)
        #expect(runner.trace.map { $0.positions } == nil)
    }
}
