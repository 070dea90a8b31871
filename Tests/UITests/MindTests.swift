import Chat
import Foundation
import Screen
import TestSupport
import Testing

@testable import UI

/// The view of what a token reads from.
@Suite struct MindTests {
    enum Situation: String, CaseIterable, Sendable {
        case mind, mindHybrid, mindAttention, mindChoosing, mindLimits
    }

    private static let words = [
        "<|im_start|>", "user", "\n", "Remember", ":", " my", " hotel", " is", " the", " Sak", "ura", ",", " room",
        " 412",
        ",", " and", " I", " leave", " on", " Thursday", ".", "<|im_end|>", "\n", "<|im_start|>", "assistant", "\n",
        "Noted", ".", " You", " are", " in", " room", " 412", ".", "<|im_end|>", "\n", "<|im_start|>", "user", "\n",
        "Which", " room", " did", " I", " say", "?", "<|im_end|>", "\n", "<|im_start|>", "assistant", "\n", "You",
        " said",
        " room", " 412", ".",
    ]

    /// What a model of 30 layers would let see; half of them attend in a hybrid.
    static func insight(
        _ mixer: (Int) -> Insight.Mixer = { _ in .mamba2 }, reader: Int = 52, layer: Int = 14, head: Int? = nil
    ) -> Insight {
        let count = reader + 1
        func share(_ index: Int) -> Double { 1 / Double(reader - index + 1) + (words[index] == " 412" ? 0.6 : 0) }
        let sum = (0..<count).reduce(0) { $0 + share($1) }
        let shares = (0..<count).map { share($0) / sum }
        let chosen = mixer(layer)
        let hasScan = chosen == .mamba2 || chosen == .mamba2AndAttention
        let scan = Insight.Scan(
            influence: shares, retained: (0..<count).map { exp2(-Double(reader - $0) / 12) },
            written: (0..<count).map { 0.01 + Double($0 % 7) / 50 }, heads: 9, head: head)
        let attention = Insight.Attention(weights: shares.reversed(), earlier: 0, heads: 9, head: head)
        let layers = (0..<30).map { index in
            Insight.Layer(
                mixer: mixer(index), reading: mixer(index) == .attention ? nil : Script.layers[index],
                reach: mixer(index) == .none ? nil : 1 + index * 7 % count,
                lens: TokenChoice(id: Int32(index), text: words[20 + index], probability: Float(index + 1) / 32))
        }
        return Insight(
            query: InsightQuery(position: reader, layer: layer, head: head), start: 0,
            tokens: words.enumerated().map { Insight.Token(id: Int32(100 + $0), text: $1) }, reader: reader,
            layer: layer,
            layers: layers, scan: hasScan ? scan : nil,
            attention: chosen == .mamba2 || chosen == .none ? nil : attention,
            next: [
                TokenChoice(id: 153, text: " 412", probability: 0.62),
                TokenChoice(id: 8, text: " number", probability: 0.2),
                TokenChoice(id: 9, text: "\n", probability: 0.05), TokenChoice(id: 10, text: " on", probability: 0.01),
                TokenChoice(id: 11, text: " ", probability: 0.004),
            ], traceBytes: 55 * 70_000, answerStart: 50, rereadTokens: 55)
    }

    /// The mind view of a conversation, with what it asked for.
    private static func stage(
        _ situation: Situation = .mind, columns: Int = 80, rows: Int = 24, glyphs: Glyphs = .unicode
    ) throws -> Stage {
        var stage = try Stage(columns: columns, rows: rows, glyphs: glyphs)
        stage.talk("Which room did I say?", Script.answer("You said room 412."))
        #expect(stage.press(.function(8)) == [.session(.mind(.look(InsightQuery())))])
        var insight =
            switch situation {
            case .mindHybrid: Self.insight { $0 % 2 == 0 ? .mamba2AndAttention : $0 % 3 == 0 ? .none : .mamba2 }
            case .mindAttention: Self.insight { _ in .attention }
            default: Self.insight()
            }
        insight.query = InsightQuery()
        stage.send(.session(.success(.insight(insight))))
        switch situation {
        case .mindChoosing: stage.press(.enter); stage.press(.down)
        case .mindLimits: stage.press(.character("?"))
        default: break
        }
        return stage
    }

    @Test(arguments: Situation.allCases, GoldenFrameTests.sizes)
    func viewLooksAsRecorded(_ situation: Situation, _ size: (columns: Int, rows: Int)) throws {
        // What differs little from the others is looked at in the sizes where it does.
        guard situation == .mind || size.columns == 80 || (size.columns == 200 && situation == .mindHybrid) else {
            return
        }
        var stage = try Self.stage(situation, columns: size.columns, rows: size.rows)
        let file = Stage.golden.appending(path: "\(situation.rawValue)-\(size.columns)x\(size.rows).txt")
        let difference = try GoldenFrame.difference(stage.frame(), file: file)
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test func asciiAndReportLookAsRecorded() throws {
        var stage = try Self.stage(.mind, glyphs: .ascii)
        let frame = stage.frame()
        #expect(frame.lines.joined().unicodeScalars.allSatisfy { $0.isASCII })
        let file = Stage.golden.appending(path: "mindAscii-80x24.txt")
        let difference = try GoldenFrame.difference(frame, file: file)
        #expect(difference == nil, "\(difference ?? "")")
        let report = Stage.golden.appending(path: "mindReport.txt")
        let other = try GoldenFrame.difference(Self.insight().report + "\n", file: report)
        #expect(other == nil, "\(other ?? "")")
    }

    @Test(arguments: Situation.allCases)
    func noRowIsWiderThanTheScreenAtAnySize(_ situation: Situation) throws {
        var stage = try Self.stage(situation)
        for columns in 20...200 {
            stage.resize(columns, 24)
            try SweepTests.expectFull(stage.frame(), columns: columns)
        }
        for rows in 15...60 {
            stage.resize(150, rows)
            try SweepTests.expectFull(stage.frame(), columns: 150)
        }
    }

    /// What is looked at is in sight at every size that the screen has.
    @Test(arguments: GoldenFrameTests.sizes)
    func theTokenItsBarAndItsLayerAreInSight(_ size: (columns: Int, rows: Int)) throws {
        var stage = try Self.stage(columns: size.columns, rows: size.rows)
        let frame = stage.frame()
        let selected = stage.model.theme[.select]
        let cells = (0..<size.rows).map { row in
            (0..<size.columns).map { frame[$0, row].style == selected ? frame[$0, row].text : "" }.joined()
        }
        #expect(cells.contains(" room"))
        #expect(cells.contains { $0.hasPrefix(">L14") })
        #expect(frame.lines.contains { $0.contains("█") })
        #expect(frame.lines.contains { $0.contains("no cause") })
    }

    @Test func keysGoToTokensLayersAndHeadsAndAskOneThingAtATime() throws {
        var stage = try Self.stage()
        func look(_ position: Int, _ layer: Int, _ head: Int? = nil) -> [Effect] {
            [.session(.mind(.look(InsightQuery(position: position, layer: layer, head: head))))]
        }
        #expect(stage.press(.left) == look(51, 14))
        // Keys that come meanwhile wait for what is under way.
        #expect(stage.press(.left) == [] && stage.press(.up) == [])
        #expect(stage.send(.session(.success(.insight(Self.insight(reader: 51))))) == look(50, 13))
        #expect(stage.send(.session(.success(.insight(Self.insight(reader: 50, layer: 13))))) == [])
        #expect(stage.press(.end) == look(54, 13))
        stage.send(.session(.success(.insight(Self.insight(reader: 54, layer: 13)))))
        #expect(stage.press(.right) == [])
        #expect(stage.press(.character("]")) == look(54, 13, 0))
        stage.send(.session(.success(.insight(Self.insight(reader: 54, layer: 13, head: 0)))))
        #expect(stage.lines().contains { $0.contains("head 0 of 0-8") })
        #expect(stage.press(.character("[")) == look(54, 13))
        stage.send(.session(.success(.insight(Self.insight(reader: 54, layer: 13)))))
        // The token that most is read from, besides itself.
        let insight = Self.insight(reader: 54, layer: 13)
        let source = try #require(insight.sources(2).first { $0.token != 54 })
        #expect(stage.press(.character("g")) == look(source.token, 13))
        #expect(stage.press(.escape) == [.session(.mind(.close))])
        #expect(stage.model.overlay == nil && stage.model.mind == nil)
    }

    @Test func anotherTokenIsTakenAndTheViewCloses() throws {
        var stage = try Self.stage(.mindChoosing)
        #expect(stage.lines().contains { $0.contains("go on from") })
        #expect(stage.press(.enter) == [.answer(.take(8, back: 2))])
        #expect(stage.model.overlay == nil)
        // Outside of the answer there is none to take.
        var before = try Self.stage()
        before.press(.home)
        before.send(.session(.success(.insight(Self.insight(reader: 0)))))
        #expect(before.press(.enter) == [])
        #expect(before.lines().contains { $0.contains("in the last answer, from token 49 on") })
    }

    @Test func aFileIsAskedForAndWritten() throws {
        var stage = try Self.stage()
        stage.press(.character("e"))
        #expect(stage.lines().contains { $0.contains("file to write (.json or .svg): mind.json") })
        stage.control("u")
        stage.type("a.svg")
        let query = InsightQuery(position: 52, layer: 14)
        #expect(stage.press(.enter) == [.session(.mind(.export(query, file: "a.svg")))])
        stage.send(.session(.success(.done("Written: a.svg."))))
        #expect(stage.lines().contains { $0.contains("Written: a.svg.") })
    }

    @Test func theCommandReadsTokenLayerHeadAndFile() throws {
        func request(_ argument: String) throws -> SessionRequest? { try SessionRequest(.mind, argument: argument) }
        #expect(try request("") == .mind(.look(InsightQuery())))
        #expect(try request("12 3 4") == .mind(.look(InsightQuery(position: 12, layer: 3, head: 4))))
        #expect(try request("export a b.json") == .mind(.export(InsightQuery(), file: "a b.json")))
        #expect(try request("12 export a.svg") == .mind(.export(InsightQuery(position: 12), file: "a.svg")))
        for wrong in ["-1", "x", "1 2 3 4", "export", "1.5"] {
            let failure = #expect(throws: ChatFailure.self) { try request(wrong) }
            #expect(failure?.what.contains("/mind takes [TOKEN [LAYER [HEAD]]] [export FILE]") == true)
        }
    }

    @Test func whatCantBeSeenIsExplainedOverTheChat() throws {
        var stage = try Stage()
        stage.talk("Which room?", Script.answer("412."))
        stage.type("/mind 9999")
        #expect(stage.press(.enter).last == .session(.mind(.look(InsightQuery(position: 9999)))))
        let failure = ChatFailure(what: "there is no token 9999 to look at", why: "the tokens 0 to 41 are traced")
        stage.send(.session(.failure(failure)))
        #expect(stage.model.overlay == nil)
        #expect(stage.lines().contains { $0.contains("there is no token 9999 to look at: the tokens 0 to 41") })
        // Where something is seen, it stays.
        var seen = try Self.stage()
        seen.press(.left)
        seen.send(.session(.failure(failure)))
        #expect(seen.model.overlay?.name == .mind)
        #expect(seen.lines().contains { $0.contains("there is no token 9999") })
        #expect(seen.press(.left) == [.session(.mind(.look(InsightQuery(position: 51, layer: 14))))])
        // While an answer is made nobody can look.
        var busy = try Stage()
        busy.talk("Which room?", Script.answer("412.", finish: nil))
        #expect(busy.press(.function(8)) == [])
        #expect(busy.lines().contains { $0.contains("/mind has to wait for the answer's end") })
    }

    @Test func closingWhileTokensAreReadAgainStopsThat() throws {
        var stage = try Stage()
        stage.talk("Which room?", Script.answer("412."))
        stage.control("x")
        stage.press(.character("s"))
        #expect(stage.lines().contains { $0.contains("the tokens are read again, on a copy") })
        #expect(stage.press(.escape) == [.stop, .session(.mind(.close))])
        // What comes too late opens nothing.
        #expect(stage.send(.session(.success(.insight(Self.insight())))) == [])
        #expect(stage.model.overlay == nil)
    }

    @Test func aBarsStepIsTwiceAsMuchAsTheOneBelow() {
        let values = [1, 0.5, 0.26, 0.125, 1.0 / 300, 0]
        let row = MindRow(measure: .reads, values: values, most: 1, gradient: .rate)
        #expect(values.indices.map { row.level($0) } == [8, 7, 7, 5, 0, 0])
        #expect(row.level(99) == 0)
    }
}
