import Chat
import Foundation
import Screen
import TestSupport
import Testing

@testable import UI

/// The view of what a token reads from, in two models that are compared.
@Suite struct PairMindTests {
    private static func stage(columns: Int = 140, rows: Int = 40, isBlind: Bool = false) throws -> Stage {
        var stage = try Stage(comparing: .lockstep, columns: columns, rows: rows, isBlind: isBlind)
        stage.compare("Which room did I say?", PairScript.lockStep())
        return stage
    }

    /// The view with both models' reading of one token.
    static func looking(columns: Int = 140, rows: Int = 40) throws -> Stage {
        var stage = try stage(columns: columns, rows: rows)
        #expect(stage.press(.function(8)) == [.pair(.mind(.a, .look(InsightQuery())))])
        stage.send(reading(.a, InsightQuery()))
        return stage
    }

    private static func attention(layer: Int = 14) -> Insight {
        var insight = MindTests.insight({ _ in .attention }, layer: layer)
        let count = insight.reader + 1
        // What falls off fast, so that little of it is far away.
        let weights = (0..<count).map { exp2(Double($0 - count)) }
        insight.attention = Insight.Attention(
            weights: weights.map { $0 / weights.reduce(0, +) }, earlier: 0, heads: 9)
        return insight
    }

    private static func reading(_ side: ChatPair.Side, _ query: InsightQuery) -> Message {
        var (own, other) = (MindTests.insight(), attention())
        if side == .b { (own, other) = (other, own) }
        own.query = query
        return .pair(.mind(side, .success(.insight(own)), beside: other))
    }

    @Test(arguments: [(80, 24), (200, 60)])
    func viewLooksAsRecorded(_ columns: Int, _ rows: Int) throws {
        var stage = try Self.looking(columns: columns, rows: rows)
        let file = Stage.golden.appending(path: "mindPair-\(columns)x\(rows).txt")
        let difference = try GoldenFrame.difference(stage.frame(), file: file)
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test func bothAreOnOneScaleWithHowFarTheyReach() throws {
        var stage = try Self.looking(columns: 200, rows: 60)
        let text = stage.lines().joined(separator: "\n")
        #expect(text.contains("hiss mind: A smolmamba2"))
        for label in ["A reads", "A retained", "A written", "B attention"] { #expect(text.contains(label)) }
        #expect(text.contains("B, layer 14: 90 % from the last 4 tokens"))
        let rows = stage.model.mindRows
        #expect(rows.filter(\.isShare).map(\.side) == [.a, .b])
        #expect(rows.filter(\.isShare).allSatisfy { abs($0.most - 0.5) < 1e-9 })
        #expect(!text.contains("retained, B") && !rows.contains { $0.side == .b && !$0.isShare })
    }

    @Test func oLooksAtTheSameTokenInTheOtherModel() throws {
        var stage = try Self.looking()
        let query = InsightQuery(position: 52, layer: 14)
        #expect(stage.press(.character("o")) == [.pair(.mind(.b, .look(query)))])
        stage.send(Self.reading(.b, query))
        let text = stage.lines().joined(separator: "\n")
        #expect(text.contains("hiss mind: B smollm2") && text.contains("B attention") && text.contains("A reads"))
        #expect(stage.press(.left) == [.pair(.mind(.b, .look(InsightQuery(position: 51, layer: 14))))])
        // No token is taken where two go on from one text.
        stage.send(Self.reading(.b, InsightQuery(position: 51, layer: 14)))
        #expect(stage.press(.enter).isEmpty && stage.model.mind != nil)
        #expect(stage.press(.escape) == [.pair(.mind(.b, .close))])
        #expect(stage.model.mindBeside == nil)
    }

    @Test func otherTokensShowNothingOfTheOtherModel() throws {
        var stage = try Self.stage(columns: 200, rows: 60)
        stage.press(.function(8))
        var insight = MindTests.insight()
        insight.query = InsightQuery()
        stage.send(.pair(.mind(.a, .success(.insight(insight)), beside: nil)))
        let text = stage.lines().joined(separator: "\n")
        #expect(text.contains("A reads") && !text.contains("B attention"))
        #expect(text.contains("reads 90 % from the last 40 tokens; B has read other tokens"))
    }

    @Test func whatWouldTellIsHiddenUntilTheVote() throws {
        var stage = try Self.stage(isBlind: true)
        #expect(stage.press(.function(8)).isEmpty && stage.model.overlay == nil)
        #expect(stage.lines().contains { $0.contains("hidden until the vote") })
    }

    @Test func closingWhileTokensAreReadAgainStopsThat() throws {
        var stage = try Self.stage()
        stage.press(.function(8))
        #expect(stage.press(.escape) == [.pair(.stop), .pair(.mind(.a, .close))])
    }

    @Test func tokensAndDepthsAreMatched() {
        let insight = MindTests.insight()
        #expect(insight.readsSameTokens(as: Self.attention()))
        var other = Self.attention()
        other.tokens[3].id += 1
        #expect(!insight.readsSameTokens(as: other))
        other = Self.attention()
        // What is traced from later on is compared as far as it goes.
        other.tokens.removeFirst(5)
        (other.start, other.reader) = (5, other.reader - 5)
        #expect(insight.readsSameTokens(as: other) && other.readsSameTokens(as: insight))
        #expect(insight.layer(ofDepthIn: 30) == 14 && insight.layer(ofDepthIn: 2) == 0)
        #expect(insight.layer(ofDepthIn: 12) == 5 && insight.layer(ofDepthIn: 1) == 0)
    }
}
