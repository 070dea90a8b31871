import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct FindTests {
    private static func stage(_ texts: [String]) throws -> Stage {
        var stage = try Stage()
        for text in texts {
            let answer = TranscriptEntry.Answer(progress: .finished(.endOfTurn))
            stage.model.transcript.append(TranscriptEntry(kind: .model("m", answer), text: text, clock: ""))
        }
        return stage
    }

    @Test func whatIsNowhereIsLookedForOnce() throws {
        var stage = try Self.stage((0..<10_000).map { "The cat of house \($0)" })
        stage.press(.function(3))
        stage.type("z")
        let first = stage.model.transcript.searched.count
        #expect(first >= 10_000)
        stage.type("ebra")
        #expect(stage.model.transcript.searched.count == first)
        #expect(stage.model.transcript.wrapCount < 60)
        // Both words are in every text, and never one after the other.
        stage.control("u")
        stage.type("cat h")
        let second = stage.model.transcript.searched.count
        stage.type("ouse")
        #expect(stage.model.transcript.searched.count == second)
        #expect(stage.lines().contains { $0.hasPrefix("find: cat house") })
        stage.press(.enter)
        #expect(stage.lines().contains { $0.contains("not found") })
    }

    @Test func answerThatGrowsIsLookedThroughAgain() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("A red", finish: nil))
        stage.press(.function(3))
        stage.type("red h")
        #expect(stage.model.transcript.find?.place == nil)
        let metrics = stage.model.readings.metrics
        stage.send(.generation(.token(SampledToken(id: 9, text: " house", probability: 1), metrics)))
        stage.type("o")
        #expect(stage.model.transcript.find?.place != nil)
    }

    @Test func nothingIsForgottenThatCouldBeFound() throws {
        var random = SeededGenerator(seed: 7)
        let pieces = ["a", "b", "K", "\u{212A}", "é", "e\u{301}", "É", " ", " ", "日", "**", "`", "x"]
        func text(_ count: Int) -> String {
            (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
        }
        for _ in 0..<15 {
            let texts = (0..<12).map { _ in text(Int.random(in: 0...9, using: &random)) }
            var stage = try Self.stage(texts)
            stage.press(.function(3))
            var typed = ""
            for _ in 0..<12 {
                if !typed.isEmpty, Bool.random(using: &random) {
                    typed.removeLast()
                    stage.press(.backspace)
                } else {
                    let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
                    typed += piece
                    for character in piece { stage.press(.character(character)) }
                }
                guard let find = stage.model.transcript.find else { continue }
                var fresh = try Self.stage(texts)
                fresh.model.transcript.find = TranscriptFind(text: find.text)
                let any = fresh.model.transcript.entries.indices.contains { index in
                    let layout = fresh.model.transcript.layout(of: index)
                    return find.mayBe(in: fresh.model.transcript.entries[index].text)
                        && !find.matches(in: layout.cells[...]).isEmpty
                }
                #expect((find.place != nil) == any, "\(find.text) in \(texts)")
            }
        }
    }

    @Test(arguments: [
        ("kelvin", "300 \u{212A}ELVIN", true), ("kelvin", "300 K\u{301}elvin", false), ("a;b", "a\u{37E}b", true),
        ("straße", "Die STRAßE", true), ("é", "cafe\u{301}", true), ("é", "cafe", false), ("日本", "日本語", true),
    ])
    func wordsAreFoundInAnySpelling(_ word: String, _ text: String, _ isThere: Bool) throws {
        var stage = try Self.stage([text])
        stage.model.transcript.find = TranscriptFind(text: word)
        stage.model.findNext(-1)
        #expect((stage.model.transcript.find?.place != nil) == isThere)
    }
}
