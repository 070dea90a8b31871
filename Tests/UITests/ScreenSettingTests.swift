import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct ScreenSettingTests {
    private static let code = """
        Here:
        ```
        let line = "so long that it does not fit into eighty columns, whatever the reader does with the screen"
        ```
        """

    @Test func timesAreLeftOut() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First"))
        #expect(stage.lines().contains("you · 21:04"))
        stage.type("/set timestamps off")
        stage.press(.enter)
        #expect(stage.lines().contains("you"))
        #expect(stage.lines().contains { $0.hasPrefix("smolmamba2 · 1 tok") })
    }

    @Test func longCodeIsCutAndCopiedWhole() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer(Self.code))
        #expect(stage.lines().contains { $0.hasSuffix("reader does") || $0.contains("with the screen") })
        #expect(stage.model.take("off", for: "wrap") == nil)
        let lines = stage.lines()
        let cut = try #require(lines.first { $0.contains("let line") })
        #expect(cut.hasSuffix("…") && cut.count == 80)
        #expect(!lines.contains { $0.contains("with the screen") })
        stage.type("/copy code 1")
        #expect(stage.press(.enter).contains { $0 == .copy(Self.code.split(separator: "\n")[2] + "") })
        stage.type("/set wrap on")
        stage.press(.enter)
        #expect(stage.lines().contains { $0.contains("with the screen") })
    }

    @Test func wrappingAnotherWayKeepsTheTopOfTheScreen() throws {
        var stage = try Stage()
        for turn in 1...8 { stage.talk("Question \(turn)?", Script.answer(Self.code)) }
        stage.press(.pageUp)
        let top = stage.chatLines().first { !$0.isEmpty }
        stage.send(.input(.key(Key(.character("x"), .control))))
        #expect(stage.model.take("off", for: "wrap") == nil)
        stage.press(.escape)
        #expect(stage.chatLines().first { !$0.isEmpty }?.prefix(20) == top?.prefix(20))
    }

    @Test func pastesAreFoldedBeyondTheLimit() throws {
        var stage = try Stage()
        #expect(stage.model.take("2", for: "paste_limit") == nil)
        stage.send(.input(.paste("a\nb")))
        #expect(!stage.model.composer.buffer.hasFoldedPaste)
        stage.send(.input(.paste("a\nb\nc")))
        #expect(stage.model.composer.buffer.hasFoldedPaste)
        stage.control("u")
        stage.control("u")
        #expect(stage.model.take("0", for: "paste_limit") == nil)
        stage.control("c")
        stage.send(.input(.paste(String(repeating: "line\n", count: 2000))))
        #expect(!stage.model.composer.buffer.hasFoldedPaste)
    }

    private func ends(_ stage: inout Stage, seconds: Double) -> [Effect] {
        var metrics = Metrics()
        metrics.decodeSeconds = seconds
        return stage.send(.generation(.finished(.endOfTurn, metrics)))
    }

    @Test func aLongAnswerIsAnnouncedToWhoLooksElsewhere() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First", finish: nil))
        #expect(ends(&stage, seconds: 60) == [])
        stage.talk("Two?", Script.answer("Second", finish: nil))
        stage.send(.input(.focus(false)))
        #expect(ends(&stage, seconds: 60) == [.alert(.bell)])
        stage.talk("Three?", Script.answer("Third", finish: nil))
        #expect(ends(&stage, seconds: 1) == [])
        stage.talk("Four?", Script.answer("Fourth", finish: nil))
        #expect(stage.model.take("osc9", for: "notify") == nil)
        #expect(ends(&stage, seconds: 60) == [.alert(.osc9)])
        stage.talk("Five?", Script.answer("Fifth", finish: nil))
        #expect(stage.model.take("off", for: "notify") == nil)
        #expect(ends(&stage, seconds: 60) == [])
        #expect(stage.model.take("bell", for: "notify") == nil)
        stage.send(.input(.focus(true)))
        stage.talk("Six?", Script.answer("Sixth", finish: nil))
        #expect(ends(&stage, seconds: 60) == [])
    }

    @Test func valuesOfTheConfigurationAreTakenOrExplained() throws {
        var stage = try Stage()
        #expect(stage.model.take("12", for: "fps") == nil)
        #expect(stage.model.options.framesPerSecond == 12)
        #expect(stage.model.take("on", for: "mouse") == nil)
        #expect(stage.model.usesMouse)
        #expect(stage.model.take("60", for: "fps") == "a whole number from 1 to 30")
        #expect(stage.model.take("rate:colour", for: "meters") != nil)
        #expect(stage.model.options.framesPerSecond == 12)
    }

    @Test func originsAreShownUntilTheReaderChangesTheValue() throws {
        var stage = try Stage()
        stage.model.origins = ["sampler.temp": "HISS_SAMPLER_TEMP", "fps": "/home/me/config.toml:3"]
        stage.type("/set fps")
        stage.press(.enter)
        #expect(stage.lines().contains { $0.hasPrefix(" fps is 30 (/home/me/config.toml:3): ") })
        stage.press(.function(2))
        #expect(stage.lines().contains { $0.contains("(HISS_SAMPLER_TEMP)") })
        stage.press(.right)
        #expect(stage.lines().contains { $0.contains("(changed in this run)") })
    }
}
