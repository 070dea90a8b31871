import Chat
import Screen
import TestSupport
import Testing

@testable import UI

/// Commands about the screen and the program rather than the conversation.
@Suite struct OwnCommandTests {
    @discardableResult
    private func run(_ line: String, _ stage: inout Stage) -> [Effect] {
        stage.type(line)
        return stage.press(.enter)
    }

    @Test func stopDoesWhatEscDoes() throws {
        var stage = try Stage()
        run("/stop", &stage)
        #expect(stage.lines().contains { $0.hasPrefix(" There is no answer to stop.") })
        stage.talk("One?", Script.answer("First", finish: nil))
        #expect(run("/stop", &stage) == [.remember("/stop"), .stop])
    }

    @Test func theNextAnswerAloneBeginsWithAText() throws {
        var stage = try Stage()
        run("/prefill Well, ", &stage)
        #expect(stage.lines().contains { $0.contains("The next answer begins with: Well,") })
        run("One?", &stage)
        #expect(stage.model.takeGeneration().opening == "Well,")
        #expect(stage.model.takeGeneration().opening == "")
        for event in Script.answer("Well, yes.") { stage.send(.generation(event)) }
        run("/prefill no", &stage)
        run("/prefill", &stage)
        #expect(stage.model.takeGeneration().opening == "")
    }

    @Test func theStateIsShownAsANote() throws {
        var stage = try Stage()
        #expect(run("/state", &stage) == [.remember("/state"), .session(.state)])
        let next = StateDifference.Prediction(top: [TokenChoice(id: 1, text: "a", probability: 0.5)], entropy: 1)
        let part = StateReading.Part(name: "ssm_state", shape: [24, 64], norm: 1.5, largest: 0.75)
        stage.send(
            .session(
                .success(.state(StateReading(tokensSeen: 12, stateBytes: 1 << 20, layers: [[part]], next: next)))))
        let text = stage.lines().joined(separator: "\n")
        #expect(text.contains("12 tokens seen; the state takes 1.00 MiB in 1 layer"))
        #expect(text.contains("\"a\" 0.50") && text.contains("L00  ssm_state 24x64 1.50 (0.75)"))
        #expect(run("/state all", &stage) == [])
    }

    @Test func aMeasurementIsStoppedByEsc() throws {
        var stage = try Stage()
        #expect(run("/bench 100000", &stage) == [])
        #expect(stage.lines().contains { $0.contains("/bench takes a number from 8 to 2048") })
        stage.control("u")
        #expect(run("/bench 16", &stage) == [.remember("/bench 16"), .session(.measureSpeed(tokens: 16))])
        #expect(stage.lines()[0].contains("BENCH"))
        #expect(stage.press(.escape) == [.stop])
        stage.send(.session(.failure(ChatFailure(what: "the measurement was stopped"))))
        #expect(!stage.model.isBusy)
        run("/bench", &stage)
        let reading = SpeedReading(
            promptTokens: 64, promptTokensPerSecond: 512, tokens: 64, tokensPerSecond: 40.25,
            weightBytesPerToken: 100 << 20)
        stage.send(.session(.success(.speed(reading))))
        let text = stage.lines().joined(separator: "\n")
        #expect(text.contains("512 tokens a second") && text.contains("40.3 tokens a second"))
        #expect(text.contains("100 MiB a token, 3.93 GiB a second"))
    }

    @Test func anotherModelBeginsAnewOrLeavesAllAsItWas() throws {
        var stage = try Stage()
        #expect(run("/model", &stage) == [.remember("/model"), .report(.model)])
        #expect(run("/models", &stage) == [.remember("/models"), .report(.models)])
        stage.talk("One?", Script.answer("First."))
        #expect(run("/model other", &stage) == [.remember("/model other"), .loadModel("other")])
        #expect(stage.lines()[0].contains("LOAD"))
        stage.send(.session(.failure(ChatFailure(what: "no model is called 'other'"))))
        #expect(!stage.model.isBusy && stage.lines().contains { $0.contains("First.") })
        run("/model tiny", &stage)
        var summary = ModelSummary.sample
        summary.name = "tiny"
        stage.send(.switched(summary, note: "A new conversation with Tiny."))
        #expect(!stage.model.isBusy && stage.model.turn == 0)
        #expect(stage.lines()[0].contains("tiny"))
        #expect(stage.lines().contains { $0.contains("A new conversation with Tiny.") })
    }

    @Test func longCodeIsScrolledSideways() throws {
        var stage = try Stage()
        let code = "let long = \"" + (1...40).map { "w\($0)" }.joined(separator: " ") + "\""
        stage.talk("Code?", Script.answer("Here it is:\n\n```\nshort()\n\(code)\n```\nDone."))
        stage.press(.right, .alt)
        #expect(stage.lines().contains { $0.contains("/wrap off cuts it") })
        run("/wrap off", &stage)
        #expect(stage.lines().contains { $0.hasPrefix("    let long") && $0.hasSuffix("…") })
        stage.press(.right, .alt)
        #expect(stage.lines().contains { $0.hasPrefix("  …  = \"w1") && $0.hasSuffix("…") })
        #expect(stage.lines().contains { $0.hasPrefix("  Here it is:") })
        for _ in 0..<40 { stage.press(.right, .alt) }
        #expect(stage.lines().contains { $0.hasPrefix("  … ") && $0.hasSuffix("w40\"") })
        #expect(stage.lines().contains { $0.contains("No code on the screen goes further") })
        for _ in 0..<40 { stage.press(.left, .alt) }
        #expect(
            stage.lines().contains { $0.hasPrefix("    let long") }
                && stage.lines().contains { $0.hasPrefix("    short()") })
    }

    @Test func seedIsSaidSetAndDrawnAnew() throws {
        var stage = try Stage()
        run("/seed 7", &stage)
        #expect(stage.model.generation.sampling.seed == 7)
        run("/seed", &stage)
        #expect(stage.lines().contains { $0.hasPrefix(" seed is 7 ") })
        run("/seed new", &stage)
        #expect(stage.model.generation.sampling.seed == nil)
        #expect(run("/seed old", &stage) == [])
        #expect(stage.model.draft == "/seed old")
        #expect(stage.lines().contains { $0.contains("seed can't be 'old'") })
    }

    @Test func changedSettingsAreTakenBack() throws {
        var stage = try Stage()
        stage.model.origins = ["sampler.temp": "HISS_SAMPLER_TEMP"]
        let meters = Meters.text(of: stage.model.meters)
        run("/reset-set", &stage)
        #expect(stage.lines().contains { $0.hasPrefix(" No setting was changed") })
        for line in ["/set temp 0.9", "/set temp 0.7", "/seed new", "/wrap off", "/set fps 10", "/meters off"] {
            run(line, &stage)
        }
        stage.press(.function(2))
        stage.press(.down)
        stage.press(.right)
        stage.press(.escape)
        run("/reset-set", &stage)
        #expect(stage.model.generation == GenerationOptions())
        #expect(stage.model.wrapsCode && stage.model.options == ScreenOptions())
        #expect(Meters.text(of: stage.model.meters) == meters)
        #expect(stage.model.origins["sampler.temp"] == "HISS_SAMPLER_TEMP")
        #expect(stage.lines().contains { $0.contains("temp 0.2") && $0.contains("top_p 0.95") })
    }

    @Test func wrapAndMetersStandForTheirSettings() throws {
        var stage = try Stage()
        run("/wrap", &stage)
        #expect(!stage.model.wrapsCode)
        stage.control("x")
        stage.press(.character("w"))
        #expect(stage.model.wrapsCode)
        #expect(run("/wrap sideways", &stage) == [])
        stage.control("u")
        run("/meters rate:graph", &stage)
        #expect(!stage.model.meters.isEmpty)
        #expect(run("/meters rate:colour", &stage) == [])
    }

    @Test func aFileGoesIntoTheMessage() throws {
        var stage = try Stage()
        #expect(run("/file ~/notes.txt", &stage).last == .readFile("~/notes.txt"))
        stage.type("Sum this up: ")
        stage.send(.file(name: "~/notes.txt", text: "a line\nanother"))
        #expect(stage.model.draft == "Sum this up: a line\nanother")
        #expect(stage.lines().contains { $0.hasPrefix(" ~/notes.txt is in the message: ") })
        stage.send(.file(name: "long", text: String(repeating: "line\n", count: 100)))
        #expect(stage.model.composer.buffer.hasFoldedPaste)
        stage.control("c")
        #expect(run("/file", &stage) == [])
    }

    @Test func theMessageIsEditedElsewhere() throws {
        var stage = try Stage()
        stage.type("a draft")
        stage.control("x")
        #expect(stage.control("e") == [.editText("a draft")])
        stage.send(.edited("two\nlines"))
        #expect(stage.model.draft == "two\nlines")
        stage.control("_")
        #expect(stage.model.draft == "a draft")
        stage.control("u")
        #expect(run("/edit-file begin with this", &stage).last == .editText("begin with this"))
    }

    @Test func reportsAreAskedForAndShown() throws {
        var stage = try Stage()
        #expect(run("/info", &stage).last == .report(.info))
        #expect(run("/doctor", &stage).last == .report(.doctor))
        stage.send(.report("ok    terminal: xterm"))
        #expect(stage.lines().contains("  ok    terminal: xterm"))
    }

    @Test func whatWasSaidBesideTheChatIsInTheLog() throws {
        var stage = try Stage()
        run("/log", &stage)
        #expect(stage.lines().contains("  Nothing has been said beside the chat."))
        run("/hlep", &stage)
        stage.control("u")
        stage.send(.note("Note: the terminal is odd."))
        stage.talk("One?", [.failed(ChatFailure(what: "it broke"))])
        let new = stage.model.takeLog()
        #expect(new.map(\.text).first?.hasPrefix("There is no /hlep.") == true)
        #expect(new.map(\.clock) == ["21:04", "21:04", "21:04"])
        #expect(stage.model.takeLog() == [])
        run("/log", &stage)
        for part in ["21:04  There is no /hlep.", "21:04  Note: the terminal is odd.", "21:04  hiss: it broke"] {
            #expect(stage.lines().contains { $0.contains(part) }, "\(part)")
        }
    }

    @Test func theLogForgetsItsOldestLines() {
        var log = MessageLog()
        for number in 0..<600 { log.add("line \(number)", clock: "") }
        #expect(log.lines.count == 500 && log.lines.first?.text == "line 100")
        #expect(log.takeNew().count == 500)
    }
}
