import Engine
import Testing

/// What holds for every family, whatever its layers: run over the table of tiny models.
@Suite struct ArchitectureLawTests {
    static let precisions: [Precision] = [.exact, .fast]

    private func ids(_ golden: GoldenCase) -> [Int32] {
        golden.golden.prompts.max { $0.ids.count < $1.ids.count }?.ids ?? []
    }

    @Test(arguments: GoldenCase.all, precisions)
    func threadCountChangesNoBit(golden: GoldenCase, precision: Precision) throws {
        var results: [[Float]] = []
        var states: [SequenceState] = []
        for threads in [1, 2, 3] {
            var runner = ModelRunner(try golden.load(precision, threads: threads))
            try runner.feed(ids(golden))
            try runner.feed([5])
            results.append(runner.logits)
            states.append(runner.state)
        }
        #expect(results[0] == results[1] && results[0] == results[2])
        #expect(states[0] == states[1] && states[0] == states[2])
    }

    @Test(arguments: GoldenCase.all)
    func sequencesSideBySideOnOnePoolDoNotChangeEachOther(golden: GoldenCase) async throws {
        let model = try golden.load(.fast, threads: 2)
        let prompt = Array(ids(golden).prefix(150))
        @Sendable func decode(_ first: Int32) throws -> [Float] {
            var runner = ModelRunner(model, chunkSize: 64)
            try runner.feed(prompt + [first])
            for token: Int32 in 1...8 { try runner.feed([token]) }
            return runner.logits
        }
        let alone = try (0..<3).map { try decode($0) }
        let together = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
            for index in alone.indices { group.addTask { (index, try decode(Int32(index))) } }
            return try await group.reduce(into: alone.map { _ in [] }) { $0[$1.0] = $1.1 }
        }
        #expect(together == alone)
    }

    @Test(arguments: GoldenCase.all)
    func piecesChangeLogitsByLessThanTheTolerance(golden: GoldenCase) throws {
        let model = try golden.load()
        let tokens = ids(golden)
        var whole = ModelRunner(model, chunkSize: tokens.count)
        try whole.feed(tokens)
        for pieces in [[1], [3, 64], [100]] {
            var runner = ModelRunner(model, chunkSize: tokens.count)
            var fed = 0
            var turn = 0
            while fed < tokens.count {
                let count = min(pieces[turn % pieces.count], tokens.count - fed)
                try runner.feed(Array(tokens[fed..<(fed + count)]))
                fed += count
                turn += 1
            }
            let worst = zip(runner.logits, whole.logits).map { abs($0 - $1) }.max() ?? .infinity
            #expect(worst <= 1e-4 * golden.golden.logit_std, "pieces of \(pieces)")
        }
    }

    @Test(arguments: GoldenCase.all, precisions)
    func aCopiedStateGoesOnIdentically(golden: GoldenCase, precision: Precision) throws {
        let model = try golden.load(precision)
        let tokens = ids(golden)
        var runner = ModelRunner(model)
        try runner.feed(Array(tokens.prefix(200)))
        let checkpoint = runner.state
        try runner.feed(Array(tokens.suffix(100)))
        let (logits, state) = (runner.logits, runner.state)

        #expect(checkpoint.position == 200)
        var other = ModelRunner(model)
        try other.feed([1, 2, 3])
        other.state = checkpoint
        try other.feed(Array(tokens.suffix(100)))
        #expect(other.logits == logits)
        #expect(other.state == state)
        #expect(other.state != checkpoint)
    }

    @Test(arguments: GoldenCase.all, precisions)
    func aStepTakenAgainLeadsToTheSameState(golden: GoldenCase, precision: Precision) throws {
        let model = try golden.load(precision)
        var runner = ModelRunner(model)
        runner.notesSteps = true
        // A page of keys and values ends among the steps.
        try runner.feed(Array(ids(golden).prefix(250)))
        var step = StateStep()
        let hasStep = runner.takeLastStep(into: &step)
        #expect(!hasStep)
        var again = ModelRunner(model)
        again.state = runner.state
        for token: Int32 in 1...12 {
            try runner.feed([token])
            let hasStep = runner.takeLastStep(into: &step)
            try #require(hasStep)
            again.take(step)
            #expect(again.state == runner.state)
        }
        #expect(again.logits.isEmpty)
        // What leads to a state that was put there is not known.
        try runner.feed([1])
        runner.state = again.state
        let isKnown = runner.takeLastStep(into: &step)
        #expect(!isKnown)
    }

    @Test(arguments: GoldenCase.all, precisions)
    func byteCountIsTheFormula(golden: GoldenCase, precision: Precision) throws {
        var runner = ModelRunner(try golden.load(precision))
        let fixed = runner.state.byteCount
        let perToken = runner.state.bytesPerToken
        let buffers = runner.state.layers.flatMap(\.buffers)
        #expect(fixed == buffers.reduce(0) { $0 + $1.shape.reduce(4, *) })
        try runner.feed(ids(golden), wanting: .none)
        let caches = runner.state.layers.compactMap(\.cache)
        func bytes(tokens: (KeyValueCache) -> Int) -> Int {
            caches.reduce(0) { $0 + 2 * $1.nKVHeads * $1.headDim * (precision == .fast ? 2 : 4) * tokens($1) }
        }
        #expect(runner.state.byteCount == fixed + bytes { $0.window == 0 ? 300 : min(300, $0.window - 1) })
        #expect(perToken == bytes { _ in 1 })
        #expect(runner.state.bytesPerToken == bytes { $0.window == 0 || $0.window > 300 ? 1 : 0 })
    }

    @Test(arguments: GoldenCase.all, precisions)
    func whatTokensWillAddIsKnownBeforehand(golden: GoldenCase, precision: Precision) throws {
        var runner = ModelRunner(try golden.load(precision))
        let tokens = ids(golden)
        var fed = 0
        for count in [1, 16, 40, 200] {
            let before = runner.state.byteCount
            let growth = runner.state.growth(by: count)
            let room = runner.state.growingBytes + growth
            #expect(runner.state.hasRoom(for: count, within: room))
            #expect(growth == 0 || !runner.state.hasRoom(for: count, within: room - 1))
            try runner.feed(Array(tokens[fed..<(fed + count)]), wanting: .none)
            fed += count
            #expect(runner.state.byteCount == before + growth)
        }
        #expect(runner.state.bytesPerToken == 0 || runner.state.growth(by: .max) == .max)
    }

    @Test(arguments: GoldenCase.all)
    func aNewStateForgetsEverything(golden: GoldenCase) throws {
        let model = try golden.load(.fast)
        var cold = ModelRunner(model)
        try cold.feed([7, 8, 9])
        var used = ModelRunner(model)
        try used.feed(ids(golden))
        used.state = model.architecture.makeState()
        try used.feed([7, 8, 9])
        #expect(used.logits == cold.logits)
        #expect(used.state == cold.state)
    }

    @Test(arguments: GoldenCase.all)
    func tokensOutsideTheVocabularyAreRefused(golden: GoldenCase) throws {
        var runner = ModelRunner(try golden.load(.fast))
        let before = runner.state
        for bad: Int32 in [-1, Int32(runner.vocabSize), .max] {
            #expect(throws: EngineError.self) { try runner.feed([1, bad]) }
        }
        #expect(runner.state == before)
    }
}
