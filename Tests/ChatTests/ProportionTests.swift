import Chat
import Testing

@Suite struct ProportionTests {
    @Test func nothingIsKnownOfNothing() {
        #expect(Proportion([]) == nil)
        #expect(MeanEstimate([]) == nil)
    }

    /// The bounds are the roots of (p − q)² = z² q (1 − q) / n, which is what Wilson's interval is.
    @Test(arguments: [(8, 10), (0, 10), (10, 10), (1, 1), (50, 200)])
    func boundsAreWhereTheScoreTestTurns(right: Int, of count: Int) throws {
        let scores = (0..<count).map { $0 < right ? 1.0 : 0 }
        let found = try #require(Proportion(scores))
        let p = Double(right) / Double(count)
        #expect(found.value == p && found.trials == count)
        #expect(0 <= found.low && found.low <= p && p <= found.high && found.high <= 1)
        for bound in [found.low, found.high] where bound > 1e-9 && bound < 1 - 1e-9 {
            let distance = (p - bound) * (p - bound)
            let allowed = 1.959963984540054 * 1.959963984540054 * bound * (1 - bound) / Double(count)
            #expect(abs(distance - allowed) < 1e-12)
        }
    }

    @Test func eightOfTenIsAtLeastNearlyHalf() throws {
        let found = try #require(Proportion([1, 1, 1, 1, 0, 1, 1, 0, 1, 1]))
        #expect(abs(found.low - 0.4902) < 5e-5 && abs(found.high - 0.9433) < 5e-5)
    }

    @Test func aMeanHasTheNormalInterval() throws {
        let found = try #require(MeanEstimate([1, 2, 3, 6]))
        #expect(found.value == 3)
        // s² = 14 / 3
        let half = 1.959963984540054 * (14.0 / 3 / 4).squareRoot()
        #expect(abs(found.high - 3 - half) < 1e-12 && abs(3 - half - found.low) < 1e-12)
        let alone = try #require(MeanEstimate([7]))
        #expect(alone.low == 7 && alone.high == 7)
    }
}
