import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct SendingTests {
    @Test func enterAsksAndRemembers() throws {
        var stage = try Stage()
        stage.type("Hello there")
        #expect(stage.press(.enter) == [.remember("Hello there"), .ask("Hello there")])
        #expect(stage.model.draft == "")
        #expect(stage.model.turn == 1)
        #expect(stage.model.isBusy)
    }

    @Test(arguments: ["", "   ", "\n\n"])
    func blankTextIsNotSent(_ text: String) throws {
        var stage = try Stage()
        stage.type(text)
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == text)
    }

    @Test func twoSlashesSendOne() throws {
        var stage = try Stage()
        stage.type("//etc")
        #expect(stage.press(.enter) == [.remember("//etc"), .ask("/etc")])
    }

    @Test func textTypedBeforeTheModelIsLoadedIsSentWhenItIs() throws {
        var stage = try Stage(loaded: false)
        stage.type("Hello")
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == "Hello")
        #expect(stage.hintLine().contains("sends when the model is loaded"))
        #expect(stage.send(.loaded(.sample)) == [.remember("Hello"), .ask("Hello")])
        #expect(stage.model.draft == "")
    }

    @Test func escapeOrTypingTakesTheQueuedTextBack() throws {
        for isEscape in [true, false] {
            var stage = try Stage(loaded: false)
            stage.type("Hello")
            stage.press(.enter)
            if isEscape { stage.press(.escape) } else { stage.type("!") }
            #expect(stage.send(.loaded(.sample)) == [])
            #expect(stage.model.draft == (isEscape ? "Hello" : "Hello!"))
        }
    }

    @Test func failedLoadKeepsTheTextAndTheProgram() throws {
        var stage = try Stage(loaded: false)
        stage.type("Hello")
        stage.press(.enter)
        stage.send(.loadFailed(ChatFailure(what: "cannot open x", why: "it is a folder", advice: "hiss -m FILE")))
        let lines = stage.lines()
        #expect(lines.contains("  hiss: cannot open x"))
        #expect(lines.contains("    try: hiss -m FILE"))
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == "Hello")
        #expect(stage.lines().contains { $0.contains("There is no model to ask: cannot open x") })
        stage.control("x")
        #expect(stage.press(.character("q")) == [.remember("Hello"), .quit])
    }

    @Test func textWaitsWhileAnAnswerIsMade() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First words", finish: nil))
        stage.type("Two?")
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == "Two?")
        #expect(stage.hintLine().contains("answering: Esc stops"))
    }

    @Test func escapeStopsOnceAndKeepsBothTexts() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First words", finish: nil))
        stage.type("Two?")
        #expect(stage.press(.escape) == [.stop])
        #expect(stage.press(.escape) == [])
        #expect(stage.model.draft == "Two?")
        #expect(stage.model.activity == .stopping)
        stage.send(
            .generation(.token(SampledToken(id: 9, text: " more", probability: 1), stage.model.readings.metrics)))
        #expect(stage.model.activity == .stopping)
        stage.send(.generation(.finished(.cancelled, stage.model.readings.metrics)))
        #expect(stage.model.activity == .idle)
        #expect(stage.lines().contains("  First words more"))
        #expect(stage.press(.enter) == [.remember("Two?"), .ask("Two?")])
    }

    @Test func escapeWithNothingToStopDoesNothing() throws {
        var stage = try Stage()
        stage.type("text")
        #expect(stage.press(.escape) == [])
        #expect(stage.model.draft == "text")
    }

    @Test func failedAnswerKeepsItsTextAndShowsThreeLines() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First words", finish: nil))
        stage.send(.generation(.failed(ChatFailure(what: "cannot go on", why: "NaN", advice: "/reset"))))
        let lines = stage.lines()
        for line in ["  First words", "  hiss: cannot go on", "    NaN", "    try: /reset"] {
            #expect(lines.contains(line))
        }
        #expect(!stage.model.isBusy)
    }

    @Test func eventsWithoutAQuestionAreHarmless() throws {
        var stage = try Stage()
        for event in Script.answer("nobody asked") { stage.send(.generation(event)) }
        #expect(!stage.lines().joined().contains("nobody"))
        #expect(!stage.model.isBusy)
    }

    @Test func answerGrowsWhereItBeganWhenANoteComesMeanwhile() throws {
        var stage = try Stage(rows: 60)
        stage.talk("One?", Script.answer("First", finish: nil))
        stage.type("/stats")
        stage.press(.enter)
        stage.send(
            .generation(.token(SampledToken(id: 9, text: " second", probability: 1), stage.model.readings.metrics)))
        let lines = stage.lines()
        let answer = try #require(lines.firstIndex { $0.hasPrefix("  First second") })
        let note = try #require(lines.firstIndex { $0.contains("KV-equiv") && $0.contains("would hold") })
        #expect(answer < note)
    }
}
