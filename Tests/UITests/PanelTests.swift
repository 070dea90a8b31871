import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct PanelTests {
    @Test func panelStandsFrom110ColumnsOn() throws {
        var stage = try Stage(columns: 109)
        #expect(stage.lines().contains { $0.hasPrefix(" tok/s") })
        stage.resize(110, 24)
        #expect(!stage.lines().contains { $0.hasPrefix(" tok/s") })
        #expect(stage.lines()[1].hasPrefix("── chat ───"))
        #expect(stage.lines()[1].contains("┬── rate (60 s) ───"))
        #expect(stage.model.transcript.width == 110 - 41 - 3)
    }

    @Test func panelSaysWhatTheGaugesSay() throws {
        var stage = try Stage(columns: 120, rows: 40)
        stage.talk("One?", Script.answer("First words of it", seenBefore: 300))
        stage.send(.usage(ProcessUsage(residentBytes: 150 << 20, processorShare: 1.98)))
        let text = stage.lines().joined(separator: "\n")
        for part in [
            "tok/s 40.0", "first token 50 ms   prompt 400 tok/s", "state 4.81M fixed",
            "smolmamba2   [||",
            "SmolLM2-135M [||", "same tokens, KV f16, +22.5K/tok", "seen 324   recomp 0", "\"it\"", "p 0.50",
            "temp 0.2  top_p 0.95  top_k 40", "rss 150M   cpu 198%",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func metersTakeTheFormsThatAreAskedFor() throws {
        var stage = try Stage(columns: 120, rows: 40)
        stage.talk("One?", Script.answer("First words of it", seenBefore: 300))
        stage.type("/set meters state:text,token")
        stage.press(.enter)
        let text = stage.lines().joined(separator: "\n")
        #expect(text.contains("KV-equiv") && text.contains("last token"))
        #expect(!text.contains("rate (60 s)") && !text.contains("sampling (/set)"))
        stage.type("/set meters off")
        stage.press(.enter)
        #expect(stage.lines().contains { $0.hasPrefix(" tok/s") })
        #expect(stage.model.transcript.width == 117)
        stage.control("x")
        stage.press(.character("g"))
        #expect(stage.lines().contains { $0.contains("rate (60 s)") })
    }

    @Test func tracedLayersHaveStripsAndText() throws {
        var stage = try Stage(columns: 120, rows: 40)
        #expect(!stage.lines().joined().contains("layers: step size"))
        stage.talk("One?", Script.traced("on"))
        let text = stage.lines().joined(separator: "\n")
        for part in [
            "├── layers: step size, half-life ──", "delta  L00 0.020 .. L15 0.78",
            "half-life  L00 0.50 .. L27 1500 tok",
            "L00 ▁▂▂▃", " L29", "\"on\"            p 0.71  H 1.2 bit", "  \"on\"         0.71 [||||",
            "  \" Thu\"       0.12 [",
        ] {
            #expect(text.contains(part), "\(part) in\n\(text)")
        }
        stage.type("/set meters layers:text")
        stage.press(.enter)
        #expect(!stage.lines().joined().contains("▁▂▂▃") && stage.lines().joined().contains("delta  L00"))
    }

    /// More layers than columns share cells.
    @Test func manyLayersFitTheStrip() {
        var readings = GaugeReadings(summary: .sample)
        readings.metrics.layers = (0..<64).map { LayerReading(layer: $0, meanStep: Double($0), halfLife: 1) }
        let rows = LayerMeterRows().rows(readings, form: .graph, columns: 37, glyphs: .ascii)
        #expect(rows.map { $0.text.count }.allSatisfy { $0 <= 37 })
        #expect(rows[1].text == "L00 ...::::---====++++****%%%%#### L63" || rows[1].text.hasPrefix("L00 ."))
        #expect(rows[0].text == "delta  L00 0.000 .. L63 63.00")
    }

    @Test(arguments: [
        ("speed", "there is no meter 'speed'; there are rate, state, layers, token, timeline, sampling, disk, process"),
        ("rate:bar", "rate can be graph, text, off, not 'bar'"),
    ])
    func wrongMetersAreExplained(_ text: String, _ message: String) {
        #expect { try Meters.forms(from: text) } throws: { ($0 as? MeterProblem)?.message == message }
    }

    @Test func formsAreWrittenAsTheyAreRead() throws {
        for text in [
            "rate:graph,state:bar,layers:graph,token:bar,timeline:text,sampling:text,disk:text,process:text",
            "rate:off,state:text,layers:off,token:off,timeline:off,sampling:off,disk:off,process:off",
        ] {
            #expect(Meters.text(of: try Meters.forms(from: text)) == text)
        }
        #expect(try Meters.forms(from: "on") == [:])
    }

    @Test func graphsHaveThreeAlphabets() {
        let values = [0, 0.25, 0.5, 0.75, 1, 1]
        func graph(_ style: Glyphs.Graph) -> [String] {
            MeterGraphs.rows(values, columns: 4, height: 2, style: style, glyphs: .unicode)
        }
        #expect(graph(.braille) == ["  ⢠⣿", " ⣠⣿⣿"])
        #expect(graph(.block) == [" ▄██", "████"])
        #expect(graph(.ascii) == [" :||", "||||"])
    }

    @Test(arguments: 110...200)
    func panelNeverLeavesItsColumns(_ columns: Int) throws {
        var stage = try Stage(columns: columns, rows: 40)
        stage.talk("One?", Script.answer(daytrip, seenBefore: 3000))
        let frame = stage.frame()
        for row in 1..<37 {
            #expect(["│", "├", "┬"].contains(frame[columns - 41, row].text), "row \(row)")
        }
    }

    @Test func scrollNoteStandsInTheHeading() throws {
        var stage = try Stage(columns: 120, rows: 24)
        stage.talk(turns: 20)
        stage.press(.pageUp)
        #expect(stage.lines()[1].contains("lines, End follows ──┬"))
    }
}
