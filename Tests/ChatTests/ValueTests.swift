import Chat
import Testing

@Suite struct ValueTests {
    @Test func failureHasThreeLines() {
        let failure = ChatFailure(what: "cannot open x", why: "it is a folder", advice: "hiss -m FILE")
        #expect(failure.description == "cannot open x\n  it is a folder\n  try: hiss -m FILE")
        #expect(ChatFailure(what: "cannot").description == "cannot")
    }

    @Test func ratesAreZeroBeforeAnythingIsMeasured() {
        var metrics = Metrics()
        #expect(metrics.tokensPerSecond == 0)
        #expect(metrics.promptTokensPerSecond == 0)
        metrics.promptTokens = 30
        metrics.prefillSeconds = 0.1
        metrics.completionTokens = 20
        metrics.decodeSeconds = 0.5
        #expect(metrics.promptTokensPerSecond.rounded() == 300)
        #expect(metrics.tokensPerSecond == 40)
    }

    @Test func greedyMeansNoRandomnessAndNoPenalty() {
        #expect(SamplingOptions.greedy.temperature == 0)
        #expect(SamplingOptions.greedy.repeatPenalty == 1)
    }
}
