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
