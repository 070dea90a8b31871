import Chat
import Engine
import Foundation
import Inference
import TestSupport
import Testing

/// What an engine lets one see of its model.
@Suite struct InsightTests {
    private func engine(_ family: TinyGGUF.Family) throws -> LocalEngine {
        let directory = try TemporaryDirectory()
        let path = try directory.write(TinyGGUF.model(family).build(), "tiny.gguf")
        return try LocalEngine(LoadedModel(path: path, options: LoadOptions(precision: .exact, threads: 1)))
    }

    private func ask(_ engine: LocalEngine, traces: Bool, tokens: Int = 6) async -> [(SampledToken, Metrics)] {
        var options = GenerationOptions()
        options.sampling.seed = 1
        options.maxTokens = tokens
        options.traces = traces
        var seen: [(SampledToken, Metrics)] = []
        for await event in engine.reply(to: "abc", options: options) {
            if case .token(let token, let metrics) = event { seen.append((token, metrics)) }
        }
        return seen
    }

    @Test(arguments: TinyGGUF.Family.allCases)
    func tracesFillTheGaugesOnlyWhereTheyAreOn(_ family: TinyGGUF.Family) async throws {
        let plain = await ask(try engine(family), traces: false)
        let traced = await ask(try engine(family), traces: true)
        #expect(!plain.isEmpty)
        #expect(plain.map(\.0.id) == traced.map(\.0.id))
        for (token, metrics) in plain {
            #expect(token.alternatives.isEmpty && metrics.layers.isEmpty && metrics.tracedTokens == 0)
        }
        for (token, metrics) in traced {
            #expect(token.alternatives.count == 5)
            let probabilities = token.alternatives.map(\.probability)
            #expect(probabilities == probabilities.sorted(by: >))
            #expect(
                token.alternatives.first { $0.id == token.id }.map { abs($0.probability - token.probability) < 1e-6 }
                    ?? true)
            let scans = family == .llama ? 0 : family == .granitehybrid ? 1 : 2
            #expect(metrics.layers.count == scans)
            #expect(metrics.layers.allSatisfy { $0.meanStep > 0 && $0.halfLife > 0 })
            #expect(metrics.tracedTokens == metrics.tokensSeen && metrics.traceBytes > 0)
        }
    }

    @Test(arguments: TinyGGUF.Family.allCases)
    func rowsAreDistributionsOverTheTracedTokens(_ family: TinyGGUF.Family) async throws {
        let engine = try engine(family)
        await #expect(throws: ChatFailure.self) { try await engine.insight(InsightQuery()) }
        let answer = await ask(engine, traces: true)
        for layer in 0..<2 {
            let insight = try await engine.insight(InsightQuery(layer: layer))
            #expect(insight.start == 0 && insight.layer == layer && insight.layers.count == 2)
            #expect(insight.reader == insight.tokens.count - 1)
            #expect(insight.tokens.suffix(answer.count).map(\.id) == answer.map(\.0.id))
            #expect(insight.layers.allSatisfy { $0.lens != nil })
            #expect((insight.scan == nil) != (insight.attention == nil))
            if let scan = insight.scan {
                #expect(abs(scan.influence.reduce(0, +) - 1) < 1e-6)
                #expect(scan.influence.count == insight.reader + 1 && scan.retained.last == 1)
            }
            if let attention = insight.attention {
                #expect(abs(attention.weights.reduce(attention.earlier, +) - 1) < 1e-5)
                let one = try await engine.insight(InsightQuery(layer: layer, head: 0)).attention
                #expect(one.map { abs($0.weights.reduce(0, +) - 1) < 1e-5 } == true)
            }
        }
        let earlier = try await engine.insight(InsightQuery(position: 1))
        #expect(earlier.reader == 1)
        for query in [InsightQuery(position: 999), InsightQuery(layer: 2), InsightQuery(layer: -1)] {
            await #expect(throws: ChatFailure.self) { try await engine.insight(query) }
        }
    }

    /// What comes next is told by the lens as it is by the answer.
    @Test func theLensSaysWhatWasChosenFrom() async throws {
        let engine = try engine(.mamba2)
        let answer = await ask(engine, traces: true)
        let insight = try await engine.insight(InsightQuery())
        let before = try await engine.insight(InsightQuery(position: insight.reader - 1))
        #expect(before.next.map(\.id) == answer.last?.0.alternatives.map(\.id))
        #expect(before.layers.last?.lens == before.next.first)
    }

    @Test func goingElsewhereForgetsTheTrace() async throws {
        let engine = try engine(.mamba)
        let beginning = await engine.checkpoint()
        _ = await ask(engine, traces: true)
        try await engine.go(to: beginning)
        await #expect(throws: ChatFailure.self) { try await engine.insight(InsightQuery()) }
    }

    @Test func reachCountsTheNearestTokens() {
        #expect(Insight.reach(of: [0.04, 0.05, 0.21, 0.7]) == 2)
        #expect(Insight.reach(of: [1, 0, 0]) == 3)
        #expect(Insight.reach(of: [0, 0, 1]) == 1)
        #expect(Insight.reach(of: []) == nil)
    }
}
