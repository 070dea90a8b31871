import Chat
import Screen
import TestSupport
import Testing

@testable import UI

/// What the view shows is what reports say: it comes from the same sums.
@Suite struct PairFigureTests {
    @Test func figuresAreThoseOfTheTally() throws {
        var stage = try Stage(comparing: .lockstep, columns: 200, rows: 60)
        stage.compare("Q", PairScript.lockStep())
        let pair = try #require(stage.model.pair)
        let prompt = try #require(pair.last)
        #expect(prompt.tally.agreement == 0.625)
        let figures = PairFigures(pair, prompts: [prompt])
        func value(_ title: String, _ side: ChatPair.Side) -> String? {
            figures.columns.first { $0.title == title }?.values[side]
        }
        #expect(value("top-1 agree", .b) == "0.625" && value("top-1 agree", .a) == "--")
        let divergence = try #require(prompt.tally.meanDivergence)
        #expect(value("KL(A||B) nats", .b) == DecimalText.fixed(divergence, places: 3))
        #expect(value("tok/s", .a) == "40.0" && value("tok/s", .b) == "20.0")
        #expect(value("memory", .a) == "4.81M" && value("memory", .b) == ByteText.short(28 * 46_080))
        let perplexity = try #require(prompt.tally.followerPerplexity)
        #expect(value("ppl of A's", .b) == DecimalText.fixed(perplexity, places: 3))
        #expect(figures.difference?.text == "first difference: token 3, \" 412\" for \" room\"")
    }

    @Test func theTextSaysWhatThePlotsShow() throws {
        var stage = try Stage(comparing: .free, columns: 200, rows: 60)
        stage.compareFreely()
        stage.type("/stats")
        stage.press(.enter)
        let said = stage.model.transcript.entries.last?.text ?? ""
        #expect(said.contains("memory A  4.81M at 69 tokens now; 4.81M at 64, 4.81M at 1K, 4.81M at 16K, 4.81M at 64K"))
        #expect(said.contains("2.81M at 64, 45.0M at 1K"))
        #expect(said.contains("memory of B is the larger one from 110 tokens on"))
        #expect(said.contains("tok/s A") && said.contains("40.0 at"))
        #expect(!said.contains("token by token"))
    }

    @Test func theTextSaysWhatDiffersTokenByToken() throws {
        var stage = try Stage(comparing: .lockstep, columns: 80, rows: 24)
        stage.compare("Which room did I say?", PairScript.lockStep())
        stage.type("/stats")
        stage.press(.enter)
        let said = stage.model.transcript.entries.last?.text ?? ""
        #expect(
            said.contains("token by token  You  said  room│412  412  ,│.  and  Thursday│Friday  ."), "\(said)")
    }

    @Test func ratesGoByDepth() {
        var readings = DepthReadings()
        var metrics = Metrics()
        for (answer, rate) in [(0, 50.0), (1000, 10.0)] {
            metrics.completionTokens = 0
            metrics.decodeSeconds = 0
            for token in 1...4 {
                metrics.completionTokens = token
                metrics.decodeSeconds = Double(token) / rate
                metrics.tokensSeen = answer + 16 + token
                metrics.stateBytes = metrics.tokensSeen * 100
                readings.record(metrics)
            }
        }
        #expect(readings.all.map(\.tokensSeen) == [19, 20, 1020])
        #expect(readings.all.map { ($0.tokensPerSecond ?? 0).rounded() } == [50, 50, 10])
        #expect(readings.all.map(\.stateBytes) == [1900, 2000, 102_000])
    }
}

@Suite struct CharacterPlotTests {
    private func plot(_ points: [(x: Double, y: Double)], _ scale: CharacterPlot.Scale) -> CharacterPlot {
        let most = points.map(\.y).max() ?? 1
        return CharacterPlot(
            x: CharacterPlot.Axis(
                scale: scale, range: (points.first?.x ?? 0)...(points.last?.x ?? 1), ticks: [], text: { "\(Int($0))" }),
            y: CharacterPlot.Axis(
                scale: scale, range: (points.map(\.y).min() ?? 0)...most, ticks: [], text: { _ in "" }),
            unit: "", series: [CharacterPlot.Series(letter: "A", points: points)])
    }

    private func lines(_ plot: CharacterPlot, _ glyphs: Glyphs, columns: Int = 30, height: Int = 8) -> [String] {
        plot.rows(columns: columns, height: height, glyphs: glyphs).map { $0.map(\.text).joined() }
    }

    @Test func aStraightLineGoesFromCornerToCorner() {
        let rows = lines(plot([(0, 0), (10, 10)], .linear), .ascii)
        #expect(rows.count == 8)
        let marks = rows.prefix(6).map { $0.dropFirst(7) }
        #expect(marks[5].hasPrefix("a") && marks[0].contains("aA"))
        let columns = marks.reversed().compactMap { row in
            row.firstIndex(of: "a").map { row.distance(from: row.startIndex, to: $0) }
        }
        #expect(columns == columns.sorted() && columns.count == 6)
    }

    /// y = x² is straight where both axes are logarithmic.
    @Test func powersAreStraightLogLog() {
        let points = (0...10).map { (x: Double(1 << $0), y: Double(1 << (2 * $0))) }
        let straight = lines(plot(points, .logarithmic), .ascii)
        #expect(straight == lines(plot([points[0], points[10]], .logarithmic), .ascii))
    }

    @Test(arguments: [Glyphs.unicode, .block, .ascii])
    func everyRowHasItsWidth(_ glyphs: Glyphs) {
        for (columns, height) in [(18, 4), (40, 7), (99, 20)] {
            let rows = lines(plot([(1, 5), (4, 1), (9, 9)], .logarithmic), glyphs, columns: columns, height: height)
            #expect(rows.count == height)
            #expect(rows.allSatisfy { TextWidth.of($0) <= columns })
        }
        #expect(lines(plot([(1, 1)], .linear), glyphs, columns: 10, height: 8).isEmpty)
    }

    @Test func aSinglePointIsADot() {
        let rows = lines(plot([(3, 3)], .linear), .ascii)
        #expect(rows.joined().contains("aA"))
    }
}
