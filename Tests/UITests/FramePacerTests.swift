import Testing

@testable import UI

@Suite struct FramePacerTests {
    /// Draws whenever it may, as changes come at each of `times` (seconds); returns when frames were drawn.
    private func frames(_ times: [Double], keys: Set<Double> = [], framesPerSecond: Int = 30) -> [Double] {
        var pacer = FramePacer()
        return times.filter { now in
            if keys.contains(now) { pacer.hurry() }
            guard pacer.wait(at: now, framesPerSecond: framesPerSecond) == 0 else { return false }
            pacer.drew(at: now)
            return true
        }
    }

    @Test func theFirstFrameIsDueAtOnce() {
        #expect(FramePacer().wait(at: 0, framesPerSecond: 30) == 0)
    }

    @Test(arguments: [1, 12, 30])
    func aStreamGetsNoMoreThanSoManyFrames(framesPerSecond: Int) {
        // A token each 1.7 ms, for 10 s.
        let drawn = frames((0..<5882).map { Double($0) * 0.0017 }, framesPerSecond: framesPerSecond)
        #expect(drawn.count <= 10 * framesPerSecond + 1)
        #expect(drawn.count >= 9 * framesPerSecond)
        for (earlier, later) in zip(drawn, drawn.dropFirst()) {
            #expect(later - earlier >= 1 / Double(framesPerSecond))
        }
    }

    @Test func aWaitThatWasKeptIsLongEnough() {
        var pacer = FramePacer()
        pacer.drew(at: 100)
        let wait = pacer.wait(at: 100.01, framesPerSecond: 30)
        #expect(abs(wait - (1.0 / 30 - 0.01)) < 1e-9)
        #expect(pacer.wait(at: 100.01 + wait + 1e-9, framesPerSecond: 30) == 0)
    }

    @Test func aKeyDoesNotWaitForTheNextFrame() {
        #expect(frames([0, 0.005, 0.010], keys: [0.005]) == [0, 0.005])
        // The next one without a key waits for its whole time again.
        #expect(frames([0, 0.005, 0.037, 0.039], keys: [0.005]) == [0, 0.005, 0.039])
    }

    @Test func keysInABurstAreShownTogether() {
        #expect(frames([0, 0.001, 0.002, 0.003, 0.0042], keys: [0.001, 0.002, 0.003]) == [0, 0.0042])
    }
}
