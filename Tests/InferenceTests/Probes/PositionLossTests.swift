import Engine
import Testing
import Tokenization

@testable import Inference

@Suite struct PositionLossTests {
    @Test func rangesEndWithTheEdges() {
        #expect(PositionLosses.ranges([64, 16, 16, 0]) == [0..<16, 16..<64])
        #expect(PositionLosses.ranges([]).isEmpty)
    }

    @Test func startsAreSpreadOverTheText() {
        #expect(PositionLosses.starts(3, length: 10, textCount: 31) == [0, 10, 20])
        #expect(PositionLosses.starts(1, length: 10, textCount: 31) == [0])
        #expect(PositionLosses.starts(9, length: 10, textCount: 12) == [0, 1])
        #expect(PositionLosses.starts(3, length: 10, textCount: 10).isEmpty)
    }

    /// Fed one by one, each token has the loss that the ranges add up.
    @Test(arguments: RecallProbeTests.models)
    func lossesAreThoseOfARunner(model: String) throws {
        let loaded = try TinyModels.load(model)
        let material = ProbeMaterial(loaded.tokenizer)
        let ranges = [0..<5, 5..<40, 40..<150]
        let means = try PositionLosses.means(loaded.model, material: material, start: 7, ranges: ranges)
        var runner = ModelRunner(loaded.model)
        var losses: [Double] = []
        let prefix = loaded.tokenizer.vocabulary.prefix
        for token in prefix + material.text[7...].prefix(151) {
            if !runner.logits.isEmpty, runner.state.position >= max(1, prefix.count) {
                losses.append(Double(runner.negativeLogLikelihood(of: token)))
            }
            try runner.feed([token])
        }
        for (range, mean) in zip(ranges, means) {
            let expected = losses[range].reduce(0, +) / Double(range.count)
            #expect(abs(mean - expected) < 1e-4 * expected, "\(range)")
        }
    }
}
