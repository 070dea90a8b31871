import Chat
import Foundation
import Screen
import TestSupport
import Testing

@testable import UI

/// Whole screens of a comparison; `RECORD=1` writes them anew.
@Suite struct PairFrameTests {
    enum Situation: String, CaseIterable, Sendable {
        case pairLoading, pairFree, pairLockStep, pairStreaming, pairBlind, pairFigures, pairVote, pairZoomed, pairASCII
        case pairBlock
    }

    static let frames: [(Situation, Int, Int)] =
        [(60, 15), (80, 24), (120, 40), (140, 40), (200, 60)].flatMap { size in
            [(Situation.pairFree, size.0, size.1), (.pairLockStep, size.0, size.1)]
        } + [
            (.pairLoading, 80, 24), (.pairStreaming, 80, 24), (.pairBlind, 80, 24), (.pairBlind, 140, 40),
            (.pairFigures, 60, 15), (.pairFigures, 80, 24), (.pairFigures, 140, 40), (.pairVote, 80, 24),
            (.pairZoomed, 140, 40), (.pairASCII, 140, 40), (.pairBlock, 140, 40),
        ]

    @Test(arguments: frames)
    func screenLooksAsRecorded(_ situation: Situation, _ columns: Int, _ rows: Int) throws {
        var stage = try Self.stage(situation, columns: columns, rows: rows)
        let file = Stage.golden.appending(path: "\(situation.rawValue)-\(columns)x\(rows).txt")
        let difference = try GoldenFrame.difference(stage.frame(), file: file)
        #expect(difference == nil, "\(difference ?? "")")
    }

    static func stage(_ situation: Situation, columns: Int, rows: Int) throws -> Stage {
        switch situation {
        case .pairLoading:
            var stage = try Stage(columns: columns, rows: rows)
            stage.press(.function(7))
            stage.type("Which room")
            return stage
        case .pairFree, .pairVote, .pairZoomed:
            var stage = try Stage(comparing: .free, columns: columns, rows: rows)
            stage.compareFreely()
            if situation == .pairVote { stage.control("x"); stage.press(.character("v")) }
            if situation == .pairZoomed { stage.control("x"); stage.press(.character("z")) }
            return stage
        case .pairBlind:
            var stage = try Stage(comparing: .free, columns: columns, rows: rows, isBlind: true)
            stage.compareFreely()
            return stage
        case .pairStreaming:
            var stage = try Stage(comparing: .free, columns: columns, rows: rows)
            stage.compareFreely(finish: nil)
            return stage
        case .pairLockStep, .pairFigures, .pairASCII, .pairBlock:
            let glyphs: Glyphs = situation == .pairASCII ? .ascii : situation == .pairBlock ? .block : .unicode
            var stage = try Stage(comparing: .lockstep, columns: columns, rows: rows, glyphs: glyphs)
            stage.compare("Remember: room 412, until Thursday.", PairScript.lockStep())
            stage.compare("Which room did I say?", PairScript.lockStep(seenBefore: 28))
            if situation == .pairFigures { stage.control("x"); stage.press(.character("n")) }
            return stage
        }
    }

    @Test func noFrameIsWiderOrTallerThanItsScreen() throws {
        for situation in Situation.allCases {
            for columns in stride(from: 60, through: 210, by: 10) {
                for rows in [15, 17, 20, 24, 30, 34, 50, 70] {
                    var stage = try Self.stage(situation, columns: columns, rows: rows)
                    let lines = stage.lines()
                    #expect(lines.count == rows)
                    #expect(lines.allSatisfy { TextWidth.of($0) <= columns })
                    #expect(lines[0].hasPrefix(" hiss compare"))
                    #expect(lines[rows - 1].hasPrefix("F1"))
                }
            }
        }
    }
}
