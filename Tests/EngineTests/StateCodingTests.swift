import Engine
import Testing
import Weights

/// A state that was taken apart and put together again is the same to the bit.
@Suite struct StateCodingTests {
    private static let precisions: [Precision] = [.exact, .fast]

    private func tokens(_ golden: GoldenCase) -> [Int32] {
        golden.golden.prompts.max { $0.ids.count < $1.ids.count }?.ids ?? []
    }

    @Test(arguments: GoldenCase.all, precisions)
    func aStoredStateGoesOnIdentically(golden: GoldenCase, precision: Precision) throws {
        let model = try golden.load(precision)
        var runner = ModelRunner(model)
        try runner.feed(tokens(golden), wanting: .none)
        let stored = runner.state.stored
        var restored = model.architecture.makeState()
        try restored.restore(
            position: stored.position, blocks: stored.blocks, pages: stored.pages.map(\.blocks))
        #expect(restored == runner.state)

        var other = ModelRunner(model)
        other.state = restored
        try runner.feed([5, 6, 7])
        try other.feed([5, 6, 7])
        #expect(other.logits == runner.logits)
        #expect(other.state == runner.state)
    }

    @Test(arguments: GoldenCase.all)
    func pagesThatAreFullAreNotCopied(golden: GoldenCase) throws {
        var runner = ModelRunner(try golden.load(.fast))
        try runner.feed(tokens(golden), wanting: .none)
        let before = runner.state.stored.pages
        let kept = runner.state
        try runner.feed([5])
        let after = runner.state.stored.pages
        #expect(after.count == before.count && kept.position == 300)
        for (index, page) in before.enumerated() {
            #expect(page.isSame(as: after[index]) == (index < before.count - 1))
        }
    }

    @Test(arguments: GoldenCase.all)
    func wrongPartsAreRefusedByName(golden: GoldenCase) throws {
        let model = try golden.load(.fast)
        var runner = ModelRunner(model)
        try runner.feed(tokens(golden), wanting: .none)
        let stored = runner.state.stored
        let empty = model.architecture.makeState()
        var state = empty
        let pages = stored.pages.map(\.blocks)

        if let first = stored.blocks.first {
            let missing = #expect(throws: EngineError.self) {
                try state.restore(position: 300, blocks: Array(stored.blocks.dropFirst()), pages: pages)
            }
            if first.name.contains("pages") == false { #expect(missing?.message.contains(first.name) == true) }
            let other = StateBlock(name: first.name, type: .f32, shape: [1], bytes: [0, 0, 0, 0])
            #expect(throws: EngineError.self) {
                try state.restore(position: 300, blocks: [other] + stored.blocks.dropFirst(), pages: pages)
            }
        }
        let surplus = StateBlock(name: "layers.99.ssm_state", type: .f32, shape: [1], bytes: [0, 0, 0, 0])
        #expect(throws: EngineError.self) {
            try state.restore(position: 300, blocks: stored.blocks + [surplus], pages: pages)
        }
        if !pages.isEmpty {
            #expect(throws: EngineError.self) {
                try state.restore(position: 300, blocks: stored.blocks, pages: Array(pages.dropLast()))
            }
            #expect(throws: EngineError.self) {
                try state.restore(position: 3000, blocks: stored.blocks, pages: pages)
            }
        }
        #expect(throws: EngineError.self) { try state.restore(position: -1, blocks: stored.blocks, pages: pages) }
        #expect(state == empty)
    }
}
