import Engine
import Foundation
import Testing

@Suite struct PredictionTests {
    @Test(arguments: GoldenCase.all)
    func entropyAndProbabilityAreThoseOfTheSoftmax(golden: GoldenCase) throws {
        var runner = ModelRunner(try golden.load())
        try runner.feed([1, 2, 3])
        let logits = runner.logits.map(Double.init)
        let most = logits.max() ?? 0
        let sum = logits.reduce(0) { $0 + exp($1 - most) }
        let probabilities = logits.map { exp($0 - most) / sum }
        let entropy = -probabilities.reduce(0) { $0 + ($1 > 0 ? $1 * log2($1) : 0) }
        for token in [Int32(0), 7, Int32(logits.count - 1)] {
            let prediction = runner.prediction(of: token)
            #expect(abs(Double(prediction.probability) - probabilities[Int(token)]) < 1e-5)
            #expect(abs(Double(prediction.entropy) - entropy) < 1e-3)
        }
    }
}
