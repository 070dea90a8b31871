import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct GaugeTests {
    private func readings(
        seen: Int = 318, recomputed: Int = 0, perToken: Int = 0, rate: Double? = 40.8, state: Int? = nil
    ) -> GaugeReadings {
        var summary = ModelSummary.sample
        summary.stateBytesPerToken = perToken
        var readings = GaugeReadings(summary: summary)
        readings.metrics.tokensSeen = seen
        readings.metrics.recomputedTokens = recomputed
        readings.metrics.stateBytes = state ?? summary.stateBytes
        guard let rate else { return readings }
        for token in 1...100 {
            readings.metrics.completionTokens = token
            readings.metrics.decodeSeconds = Double(token) / rate
            readings.rate.record(readings.metrics)
        }
        return readings
    }

    private func line(_ readings: GaugeReadings, columns: Int, note: String? = nil) throws -> String {
        var frame = CellBuffer(size: Size(columns: columns, rows: 1))
        GaugeLine(readings: readings, theme: try Stage.theme(), glyphs: .unicode, note: note)
            .draw(into: &frame, in: frame.bounds)
        return frame.lines[0]
    }

    @Test func textFormsSayValueAndUnit() {
        var readings = readings()
        readings.metrics.timeToFirstToken = 0.061
        readings.metrics.promptTokens = 64
        readings.metrics.prefillSeconds = 0.125
        readings.lastToken = Script.tracedToken
        readings.metrics.layers = Script.layers
        readings.process = ProcessUsage(residentBytes: 147 << 20, processorShare: 1.98)
        readings.snapshots = SnapshotUsage(count: 5, memoryBytes: 13 << 20, diskBytes: 20 << 20, diskLimit: 24 << 20)
        #expect(SnapshotGauge().warns(readings))
        #expect(
            Gauges.all.map { $0.text(readings) ?? "" }
                == [
                    "tok/s 40.8", "state 4.81M fixed", "KV-equiv 6.99M", "seen 318", "recomp 0", "first token 61 ms",
                    "prompt 512 tok/s", "p 0.71  H 1.2 bit", "top \"on\" 0.71, \" Thu\" 0.12, \"\\n\" 0.06",
                    "delta 0.40", "half-life 12.0 tok", "snaps 5 ram 13.0M disk 20.0M", "rss 147M", "cpu 198%",
                ])
    }

    @Test func growingStateSaysByHowMuch() {
        #expect(StateGauge().text(readings(perToken: 23_040, state: 7_372_800)) == "state 7.03M +22.5K/tok")
        #expect(!StateGauge().warns(readings(perToken: 23_040, state: 7_372_800)))
    }

    @Test func whatNeedsAttentionWarns() {
        #expect(StateGauge().warns(readings(state: 5_000_000)))
        #expect(!TokensSeenGauge().warns(readings(seen: 2048)))
        #expect(TokensSeenGauge().text(readings(seen: 2049)) == "seen 2049!")
        #expect(RecomputedGauge().warns(readings(recomputed: 12)))
        #expect(RecomputedGauge().longText(readings(recomputed: 12)) == "recomp 12: the state held them already")
        #expect(!RecomputedGauge().warns(readings()))
    }

    @Test func recomputedTokensAddUpOverTurns() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First", recomputed: 2))
        stage.talk("Two?", Script.answer("Second", recomputed: 3))
        #expect(stage.gaugeLine().contains("recomp 5"))
    }

    @Test func rateIsTheLastSecondsAverage() {
        var readings = readings(rate: 40)
        #expect(readings.rate.current.map { ($0 * 10).rounded() } == 400)
        for step in 1...30 {
            readings.metrics.completionTokens += 1
            readings.metrics.decodeSeconds += 0.1
            readings.rate.record(readings.metrics)
            if step == 2 { #expect(!RateGauge().warns(readings)) }
        }
        #expect(readings.rate.current.map { ($0 * 10).rounded() } == 100)
        #expect(RateGauge().warns(readings))
        #expect(readings.rate.samples.count > 8)
        #expect((readings.rate.minimum ?? 0) < 11 && (readings.rate.maximum ?? 0) > 39)
    }

    @Test func anotherAnswerStartsTheRateAnew() {
        var readings = readings(rate: 40)
        for token in 1...3 {
            readings.metrics.completionTokens = token
            readings.metrics.decodeSeconds = Double(token - 1) * 0.01
            readings.rate.record(readings.metrics)
        }
        #expect(readings.rate.current.map { $0.rounded() } == 100)
    }

    @Test func emptyReadingsHaveATextToo() throws {
        #expect(try line(GaugeReadings(), columns: 60) == " tok/s --  seen 0  recomp 0")
    }

    @Test func narrowLinesDropTheGraphThenTheOthersInOrder() throws {
        let readings = readings()
        #expect(
            try line(readings, columns: 78)
                == " tok/s 40.8 ████████  state 4.81M fixed  KV-equiv 6.99M  seen 318  recomp 0")
        #expect(try line(readings, columns: 70) == " tok/s 40.8  state 4.81M fixed  KV-equiv 6.99M  seen 318  recomp 0")
        #expect(try line(readings, columns: 60) == " tok/s 40.8  state 4.81M fixed  seen 318  recomp 0")
        #expect(try line(readings, columns: 45) == " tok/s 40.8  state 4.81M fixed  recomp 0")
        #expect(try line(readings, columns: 30) == " tok/s 40.8  recomp 0")
        #expect(try line(readings, columns: 20) == "tok/s 40.8  recomp 0")
    }

    @Test(arguments: 20...200)
    func rateAndRecomputedAlwaysStay(_ columns: Int) throws {
        for note in [nil, "+12 lines, End follows"] {
            let line = try line(readings(), columns: columns, note: note)
            #expect(line.hasPrefix(columns > 20 ? " tok/s 40.8" : "tok/s 40.8"))
            #expect(line.contains("recomp 0"))
            #expect(TextWidth.of(line) <= columns)
            if note != nil, columns >= 47 { #expect(line.hasSuffix("+12 lines, End follows")) }
        }
    }

    @Test(arguments: [
        (0, "0B", "0 B"), (999, "999B", "999 B"), (1000, "0.98K", "0.98 KiB"), (23_040, "22.5K", "22.5 KiB"),
        (5_045_760, "4.81M", "4.81 MiB"), (1_048_000, "1.00M", "1.00 MiB"), (11_744_051, "11.2M", "11.2 MiB"),
        (1_073_741_824, "1.00G", "1.00 GiB"), (104_752_742, "99.9M", "99.9 MiB"), (104_852_000, "100M", "100 MiB"),
    ])
    func sizesHaveThreeDigits(_ bytes: Int, _ short: String, _ long: String) {
        #expect(ByteText.short(bytes) == short)
        #expect(ByteText.long(bytes) == long)
    }

    @Test func numbersThatAreNoneAreDashes() {
        #expect(DecimalText.rate(.nan) == "--")
        #expect(DecimalText.rate(.infinity) == "--")
        #expect(DecimalText.rate(0.04) == "0.0")
        #expect(DecimalText.rate(99.96) == "100")
    }
}
