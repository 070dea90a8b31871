import Engine
import Testing

/// `exact` precision against the reference, for every tiny model in `Golden`.
@Suite struct GoldenTests {
    @Test func everyModelHasReferenceNumbers() {
        #expect(GoldenCase.all.count >= 28 + 26 + 26)
        #expect(GoldenCase.withoutGolden == [])
    }

    @Test(arguments: GoldenCase.all, [1, 7, 64, 300])
    func logitsAgree(golden: GoldenCase, chunkSize: Int) throws {
        let model = try golden.load()
        let std = golden.golden.logit_std
        for prompt in golden.golden.prompts {
            var runner = ModelRunner(model, chunkSize: chunkSize)
            try runner.feed(prompt.ids, wanting: .all)
            let vocab = runner.vocabSize
            for (position, expected) in prompt.logits {
                let row = try #require(Int(position))
                let found = runner.logits[(row * vocab)..<((row + 1) * vocab)]
                let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
                #expect(worst <= 1e-3 * std, "position \(position) of \(prompt.ids.count)")
            }
            var nll = 0.0
            for (index, id) in prompt.ids.dropFirst().enumerated() {
                nll += Double(runner.negativeLogLikelihood(of: id, row: index))
            }
            #expect(abs(nll - prompt.nll_sum) <= 1e-4 * max(prompt.nll_sum, 1e-9))
            for (row, expected) in prompt.argmax_all.enumerated() {
                let best = runner.best(row: row)
                #expect(best.token == expected || best.margin <= 1e-3 * std)
            }
        }
    }

    @Test(arguments: GoldenCase.all)
    func greedyTokensAreTheReferences(golden: GoldenCase) throws {
        let model = try golden.load()
        for prompt in golden.golden.prompts {
            var runner = ModelRunner(model)
            try runner.feed(prompt.ids)
            var tokens: [Int32] = []
            for _ in prompt.greedy {
                let token = runner.best().token
                tokens.append(token)
                try runner.feed([token])
            }
            #expect(tokens == prompt.greedy)
        }
    }

    @Test(arguments: GoldenCase.all, [1, 64])
    func stateAfterThreeHundredTokensAgrees(golden: GoldenCase, chunkSize: Int) throws {
        let prompt = try #require(golden.golden.prompts.first { $0.ids.count == 300 })
        var runner = ModelRunner(try golden.load(), chunkSize: chunkSize)
        try runner.feed(prompt.ids, wanting: .none)
        #expect(runner.state.layers.count == golden.golden.states_after_300.count)
        for (layer, expected) in zip(runner.state.layers, golden.golden.states_after_300) {
            let summaries = layer.summaries()
            #expect(Set(summaries.map(\.name)) == Set(expected.parts.keys))
            for summary in summaries {
                let reference = try #require(expected.parts[summary.name])
                expectAgree(summary, reference)
            }
        }
    }

    /// The reference keeps dConv columns of the convolution's window, we keep the dConv − 1 that matter.
    private func expectAgree(_ found: StateSummary, _ expected: Golden.Summary) {
        let tolerance = Float(1e-3 * expected.max_abs)
        if found.name == "conv_state" {
            let columns = expected.shape[1]
            #expect(found.shape == [expected.shape[0], columns - 1])
            func newest(_ values: [Float], from start: Int) -> [Float] {
                values.enumerated().filter { (start + $0.offset) % columns != 0 }.map(\.element)
            }
            let first = newest(expected.first8, from: 0)
            let last = newest(expected.last8, from: expected.shape[0] * columns - 8)
            for (a, b) in zip(found.first8, first) { #expect(abs(a - b) <= tolerance) }
            for (a, b) in zip(found.last8.reversed(), last.reversed()) { #expect(abs(a - b) <= tolerance) }
            return
        }
        #expect(found.shape == expected.shape)
        #expect(abs(found.l2 - expected.l2) <= 1e-3 * expected.l2)
        #expect(abs(found.absMean - expected.abs_mean) <= 1e-3 * expected.abs_mean)
        #expect(abs(found.maxAbs - expected.max_abs) <= 1e-3 * expected.max_abs)
        for (a, b) in zip(found.first8 + found.last8, expected.first8 + expected.last8) {
            #expect(abs(a - b) <= tolerance)
        }
    }
}
