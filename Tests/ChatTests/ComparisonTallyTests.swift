import Chat
import Testing

@Suite struct ComparisonTallyTests {
    private static func comparison(_ agrees: Bool, _ divergence: Double, _ p: Double, _ q: Double)
        -> PredictionComparison
    {
        PredictionComparison(
            choice: TokenChoice(id: 1, text: "x", probability: 0.5), agrees: agrees, divergence: divergence,
            leaderProbability: p, followerProbability: q)
    }

    @Test func nothingIsSaidOfNothing() {
        let tally = ComparisonTally()
        #expect(tally.agreement == nil && tally.meanDivergence == nil && tally.firstDifference == nil)
        #expect(tally.leaderPerplexity == nil && tally.followerPerplexity == nil)
    }

    @Test func comparisonsAddUp() throws {
        var tally = ComparisonTally()
        tally.add(Self.comparison(true, 0.5, 0.5, 0.25))
        tally.add(Self.comparison(false, 1.5, 0.5, 0.25))
        tally.add(Self.comparison(false, 1, 0.5, 0.25))
        tally.add(Self.comparison(true, 1, 0.5, 0.25))
        #expect(tally.count == 4)
        #expect(tally.agreement == 0.5)
        #expect(tally.meanDivergence == 1)
        #expect(tally.firstDifference == 1)
        #expect(abs(try #require(tally.leaderPerplexity) - 2) < 1e-12)
        #expect(abs(try #require(tally.followerPerplexity) - 4) < 1e-12)
    }

    @Test func whatAModelRulesOutIsFarButNotInfinite() throws {
        var tally = ComparisonTally()
        tally.add(Self.comparison(false, 3, 1, 0))
        #expect(try #require(tally.followerPerplexity).isFinite)
    }
}
