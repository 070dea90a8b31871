import AllocationCounter
import Engine
import Testing

@testable import Inference

/// What decoding allocates: rows of logits, states and windows that come and go with every token cost time.
///
/// Without optimisation the compiler puts closures and iterators into memory of their own, a few words each; with it they
/// go, so only what is larger counts here.
@Suite(.enabled(if: allocations_are_counted())) struct AllocationTests {
    private static let models = [
        "mamba-tied-F16", "mamba2-g1-F32", "granite-dense-hybrid-nope-F32", "llama-gqa-F32", "lfm2-F32",
    ]

    private static let settings = [
        SamplerSettings(temperature: 0),
        SamplerSettings(temperature: 0.8, topK: 40, topP: 0.9, minP: 0.05, repeatPenalty: 1.1, penaltyWindow: 16),
        SamplerSettings(temperature: 1, topP: 0.9),
        SamplerSettings(temperature: 1, topK: 40, typicalP: 0.9),
    ]

    /// How many pieces of memory of 256 bytes and more `body` asks for, and how many bytes they have.
    private func allocations(during body: () throws -> Void) rethrows -> allocation_total {
        let before = allocations_of_thread()
        try body()
        let after = allocations_of_thread()
        return allocation_total(count: after.count - before.count, bytes: after.bytes - before.bytes)
    }

    @Test func theCounterCounts() {
        var arrays: [[Int]] = []
        arrays.reserveCapacity(10)
        let found = allocations {
            for number in 1...10 { arrays.append(Array(repeating: 0, count: number * 32)) }
        }
        #expect(found.count == 10 && found.bytes >= 55 * 32 * 8)
        #expect(arrays.count == 10)
    }

    @Test(arguments: models, settings)
    func aTokenOfAnAnswerAllocatesNothingThatGrows(model: String, settings: SamplerSettings) throws {
        var runner = ModelRunner(try TinyModels.load(model).model)
        runner.notesSteps = true
        var sampler = Sampler(settings, seed: 1)
        var ring = AnswerRing()
        var fed: [Int32] = [1]
        func answer(_ tokens: Range<Int>) throws {
            for index in tokens {
                ring.add(&runner, sampler: sampler, index: index)
                let token = runner.choose(by: &sampler)
                _ = runner.prediction(of: token)
                sampler.observe(token)
                fed[0] = token
                try runner.feed(fed)
            }
        }
        try runner.feed([1, 2, 3])
        // Until the ring, the penalties' window and the pages of keys and values are there.
        try answer(0..<160)
        let found = try allocations { try answer(160..<224) }
        #expect(found.count == 0, "\(found.count) allocations of \(found.bytes) bytes in 64 tokens")
    }
}
