import Engine
import Foundation
import Testing
import Weights

/// Models whose Δ, B and C stay at their running mean, against the definition.
@Suite struct TimeInvarianceTests {
    private static let request = TraceRequest(capacity: 512, keepsValues: true)
    private static let length = 60

    /// Cases whose first layer scans: what goes into its scan is the same whatever is selected.
    private static let cases = GoldenCase.all.filter { golden in
        guard golden.configuration == nil, let outline = try? ModelOutline(WeightFile.open(golden.modelPath)) else {
            return false
        }
        return [.recurrent, .parallel].contains(outline.layers[0])
    }

    private func tokens(_ golden: GoldenCase) -> [Int32] {
        Array((golden.golden.prompts.max { $0.ids.count < $1.ids.count }?.ids ?? []).prefix(Self.length))
    }

    private func model(
        _ golden: GoldenCase, _ selection: Selection, precision: Precision = .exact
    ) throws -> Model {
        try Model(
            WeightFile.open(golden.modelPath), precision: precision, selection: selection, pool: WorkerPool(workers: 1))
    }

    private func traced(_ golden: GoldenCase, _ selection: Selection) throws -> (ModelRunner, Trace, ScanTrace) {
        var runner = ModelRunner(try model(golden, selection))
        runner.trace(Self.request)
        try runner.feed(tokens(golden))
        let trace = try #require(runner.trace)
        return (runner, trace, try #require(trace.layers[0].scan))
    }

    @Test func familiesOfBothKindsAreTested() {
        let names = Self.cases.map(\.name)
        #expect(names.contains { $0.hasPrefix("mamba-") } && names.contains { $0.hasPrefix("mamba2-") })
        #expect(names.contains { $0.hasPrefix("falcon-h1") } && names.contains { $0.hasPrefix("falcon-mamba") })
    }

    /// Two models of one file hold one copy of its matrices, and the second computes as one does that has its own.
    @Test(arguments: cases) func matricesArePackedOnce(golden: GoldenCase) throws {
        let first = try model(golden, .perToken)
        let shared = try Model(
            WeightFile.open(golden.modelPath), precision: .exact, selection: .runningMean,
            pool: WorkerPool(workers: 1), sharing: first)
        #expect(!shared.matrices.isEmpty && shared.matrices.count == first.matrices.count)
        #expect(zip(first.matrices, shared.matrices).allSatisfy { $0 === $1 })
        let own = try model(golden, .runningMean)
        #expect(shared.weightBytesPerToken == own.weightBytesPerToken && shared.headMatrix == own.headMatrix)
        var (one, other) = (ModelRunner(shared), ModelRunner(own))
        try one.feed(tokens(golden))
        try other.feed(tokens(golden))
        #expect(one.logits == other.logits)
    }

    /// What the scan puts out is Σ_s C̄_t·exp(A Σ Δ̄)·Δ̄_s B̄_s x_s + D x_t with the means of what the trained model selects.
    @Test(arguments: cases)
    func outputsAreThoseOfTheMeans(golden: GoldenCase) throws {
        let (_, free, selective) = try traced(golden, .perToken)
        let (_, held, frozen) = try traced(golden, .runningMean)
        func means(_ rows: TraceRows) -> [[Double]] {
            var sums = [Double](repeating: 0, count: free.row(rows, of: 0).count)
            return (0..<Self.length).map { t in
                for (index, value) in free.row(rows, of: t).enumerated() { sums[index] += Double(value) }
                return sums.map { $0 / Double(t + 1) }
            }
        }
        let (steps, B, C) = (means(selective.steps), means(selective.B), means(selective.C))
        let inputs = try #require(frozen.inputs)
        #expect(held.row(inputs, of: 7) == free.row(try #require(selective.inputs), of: 7))
        for t in [0, 1, 13, Self.length - 1] {
            let expected = Self.output(
                of: t, scan: frozen, steps: steps, B: B, C: C, x: { held.row(inputs, of: $0).map(Double.init) })
            var actual = held.row(try #require(frozen.outputs), of: t).map(Double.init)
            if let gates = frozen.gates {
                // Mamba-1's output has the gate in it.
                actual = zip(actual, held.row(gates, of: t)).map { $0 / (Double($1) / (1 + exp(-Double($1)))) }
            }
            let largest = expected.map { abs($0) }.max() ?? 0
            for (place, pair) in zip(expected, actual).enumerated() where pair.1.isFinite {
                #expect(abs(pair.0 - pair.1) <= 1e-4 * max(largest, 1e-3), "token \(t), place \(place)")
            }
        }
        // The first token is what it selects itself; later ones are not.
        #expect(zip(steps[0], held.row(frozen.steps, of: 0)).allSatisfy { abs($0 - Double($1)) <= 1e-5 * $0 + 1e-9 })
        #expect(held.row(frozen.steps, of: 13) != free.row(selective.steps, of: 13))
    }

    /// One token's output of a linear system whose parameters are given for each token.
    private static func output(
        of t: Int, scan: ScanTrace, steps: [[Double]], B: [[Double]], C: [[Double]], x: (Int) -> [Double]
    ) -> [Double] {
        let last = x(t)
        let width = last.count / scan.channels
        let isMamba2 = scan.A.count == scan.channels && width > 1
        var y = last.enumerated().map { Double(scan.D[$0 / width]) * $1 }
        for s in 0...t {
            let input = x(s)
            for channel in 0..<scan.channels {
                let group = channel / (scan.channels / scan.nGroups) * scan.dState
                let between = ((s + 1)..<(t + 1)).reduce(0.0) { $0 + steps[$1][channel] }
                let weight = (0..<scan.dState).reduce(0.0) { sum, n in
                    let A = Double(isMamba2 ? scan.A[channel] : scan.A[n * scan.channels + channel])
                    return sum + C[t][group + n] * exp(A * between) * steps[s][channel] * B[s][group + n]
                }
                for place in (channel * width)..<((channel + 1) * width) { y[place] += weight * input[place] }
            }
        }
        return y
    }

    @Test(arguments: cases)
    func piecesChangeNothing(golden: GoldenCase) throws {
        let model = try model(golden, .runningMean)
        let ids = tokens(golden)
        var whole = ModelRunner(model)
        try whole.feed(ids)
        var single = ModelRunner(model)
        single.notesSteps = true
        var replayed = ModelRunner(model)
        var step = StateStep()
        for id in ids {
            try single.feed([id])
            let hasStep = single.takeLastStep(into: &step)
            try #require(hasStep)
            replayed.take(step)
        }
        #expect(replayed.state == single.state)
        let spread = whole.logits.map { abs($0) }.max() ?? 0
        let worst = zip(whole.logits, single.logits).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst <= 1e-3 * spread)
        let buffers = single.state.layers[0].buffers
        #expect(buffers.map(\.name) == [.convState, .ssmState, .selectionMean])
        #expect(buffers[2].values.last == Float(ids.count))

        let stored = single.state.stored
        var restored = model.architecture.makeState()
        try restored.restore(position: stored.position, blocks: stored.blocks, pages: stored.pages.map(\.blocks))
        #expect(restored == single.state)
    }

    @Test(arguments: cases)
    func modelsAsTrainedHaveNoMeans(golden: GoldenCase) throws {
        let state = try model(golden, .perToken).architecture.makeState()
        #expect(state.layers.allSatisfy { !$0.buffers.contains { $0.name == .selectionMean } })
    }

    @Test func attentionAloneHasNothingToKeep() throws {
        let golden = try #require(GoldenCase.all.first { $0.name == "llama-gqa-F32" })
        let error = #expect(throws: EngineError.self) { try model(golden, .runningMean) }
        #expect(error?.message.contains("has no state-space layer") == true)
    }
}
