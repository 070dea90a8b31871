import Engine
import Foundation
import Testing

@Suite struct SamplerTests {
    /// A distribution whose probabilities at temperature 1 are 0.5, 0.25, 0.15, 0.08, 0.02, in an odd order.
    private let logits: [Float] = [0.08, 0.5, 0.02, 0.25, 0.15].map { Float(log($0)) }

    private func counts(_ settings: SamplerSettings, draws: Int = 20_000, seed: UInt64 = 1) -> [Int32: Double] {
        var sampler = Sampler(settings, seed: seed)
        var counts: [Int32: Double] = [:]
        for _ in 0..<draws { counts[sampler.choose(from: logits), default: 0] += 1 }
        return counts.mapValues { $0 / Double(draws) }
    }

    @Test func temperatureZeroTakesTheLargest() {
        #expect(counts(SamplerSettings(temperature: 0), draws: 10) == [1: 1])
    }

    @Test func drawsFollowTheProbabilities() {
        let found = counts(SamplerSettings(temperature: 1))
        for (token, probability) in [(Int32(1), 0.5), (3, 0.25), (4, 0.15), (0, 0.08), (2, 0.02)] {
            // Four standard deviations of 20,000 draws.
            let tolerance = 4 * (probability * (1 - probability) / 20_000).squareRoot()
            #expect(abs((found[token] ?? 0) - probability) < tolerance)
        }
    }

    @Test func lowTemperatureSharpens() {
        let found = counts(SamplerSettings(temperature: 0.5))
        let expected = 0.25 / (0.25 + 0.0625 + 0.0225 + 0.0064 + 0.0004)
        #expect(abs((found[1] ?? 0) - expected) < 0.015)
    }

    @Test func topKKeepsTheKLargest() {
        #expect(Set(counts(SamplerSettings(temperature: 1, topK: 2)).keys) == [1, 3])
    }

    @Test func topPKeepsTheSmallestSetThatHoldsTheMass() {
        #expect(Set(counts(SamplerSettings(temperature: 1, topP: 0.5)).keys) == [1])
        #expect(Set(counts(SamplerSettings(temperature: 1, topP: 0.76)).keys) == [1, 3, 4])
    }

    @Test func minPKeepsTokensNearTheMostLikely() {
        #expect(Set(counts(SamplerSettings(temperature: 1, minP: 0.29)).keys) == [1, 3, 4])
        #expect(Set(counts(SamplerSettings(temperature: 1, minP: 0.4)).keys) == [1, 3])
    }

    @Test func typicalKeepsTokensNearTheEntropy() {
        // The entropy is 1.26 nats; the token of probability 0.25 (1.39) is nearest, then 0.5 (0.69) … 0.15 (1.90).
        #expect(Set(counts(SamplerSettings(temperature: 1, typicalP: 0.2)).keys) == [3])
    }

    @Test func theSameSeedGivesTheSameTokens() {
        var a = Sampler(SamplerSettings(temperature: 1), seed: 42)
        var b = Sampler(SamplerSettings(temperature: 1), seed: 42)
        var c = Sampler(SamplerSettings(temperature: 1), seed: 43)
        let first = (0..<64).map { _ in a.choose(from: logits) }
        #expect(first == (0..<64).map { _ in b.choose(from: logits) })
        #expect(first != (0..<64).map { _ in c.choose(from: logits) })
    }

    @Test func aCopyGoesOnIdentically() {
        var sampler = Sampler(SamplerSettings(temperature: 1, repeatPenalty: 1.3), seed: 9)
        for token: Int32 in [1, 3] { sampler.observe(token) }
        _ = sampler.choose(from: logits)
        var copy = sampler
        #expect((0..<32).map { _ in sampler.choose(from: logits) } == (0..<32).map { _ in copy.choose(from: logits) })
        #expect(sampler == copy)
    }

    @Test func penaltiesMakeRecentTokensLessLikely() {
        let settings = SamplerSettings(temperature: 0, repeatPenalty: 3, penaltyWindow: 2)
        var sampler = Sampler(settings, seed: 0)
        sampler.observe(1)
        #expect(sampler.choose(from: logits) == 3)
        // Only the last two tokens count.
        sampler.observe(0)
        sampler.observe(2)
        #expect(sampler.choose(from: logits) == 1)
    }

    @Test func penalisedTokensMakeRoomForTheNextBest() {
        // Equal logits come in pairs; those of the window are put behind all others.
        let many = (0..<1000).map { Float(($0 * 37) % 500) / 50 }
        let ranked = many.indices.sorted { (many[$0], $1) > (many[$1], $0) }
        for window in [1, 2, 5, 40] {
            var sampler = Sampler(SamplerSettings(temperature: 0, presencePenalty: 100), seed: 0)
            for token in ranked.prefix(window) { sampler.observe(Int32(token)) }
            #expect(sampler.choose(from: many) == Int32(ranked[window]))
            sampler.settings = SamplerSettings(temperature: 1, topK: 3, presencePenalty: 100)
            let drawn = Set((0..<200).map { _ in sampler.choose(from: many) })
            #expect(drawn == Set(ranked[window..<window + 3].map(Int32.init)))
        }
    }

    @Test func aNewAnswerIsNotPenalisedForTheLast() {
        var sampler = Sampler(SamplerSettings(temperature: 0, repeatPenalty: 3), seed: 0)
        sampler.observe(1)
        sampler.beginAnswer()
        #expect(sampler.choose(from: logits) == 1)
    }

    @Test func frequencyPenaltyCountsOccurrences() {
        var sampler = Sampler(SamplerSettings(temperature: 0, frequencyPenalty: 0.4), seed: 0)
        sampler.observe(1)
        #expect(sampler.choose(from: logits) == 1)
        sampler.observe(1)
        #expect(sampler.choose(from: logits) == 3)
    }

    @Test func logitBiasCanForceAndForbid() {
        let forced = SamplerSettings(temperature: 0, logitBias: [2: 10])
        #expect(counts(forced, draws: 1) == [2: 1])
        let forbidden = SamplerSettings(temperature: 1, logitBias: [1: -.infinity])
        #expect(counts(forbidden)[1] == nil)
    }

    @Test func notANumberIsNeverChosen() {
        var sampler = Sampler(SamplerSettings(temperature: 1), seed: 3)
        var greedy = Sampler(SamplerSettings(temperature: 0), seed: 3)
        let damaged: [Float] = [.nan, 1, .nan, 2]
        for _ in 0..<100 { #expect([1, 3].contains(sampler.choose(from: damaged))) }
        #expect(greedy.choose(from: damaged) == 3)
    }
}
