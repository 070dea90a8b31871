import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct SettingTests {
    @Test func setChangesTheNextAnswerAndSaysSo() throws {
        var stage = try Stage()
        stage.type("/set temp 0.7")
        #expect(stage.press(.enter) == [.remember("/set temp 0.7")])
        #expect(stage.model.generation.sampling.temperature == 0.7)
        #expect(stage.lines().contains { $0.hasPrefix(" temp is 0.7 in this run") })
        stage.type("/set temp")
        stage.press(.enter)
        #expect(stage.lines().contains { $0.hasPrefix(" temp is 0.7 (changed in this run): 0 always takes") })
        stage.type("/set max_tokens 0")
        stage.press(.enter)
        #expect(stage.model.generation.maxTokens == nil)
    }

    @Test(arguments: [
        ("/set temp hot", "temp can't be 'hot': it has to be a number from 0"),
        ("/set warmth 1", "There is no setting 'warmth'."),
        ("/set top_p 2", "top_p can't be '2'"), ("/set glyphs round", "it has to be unicode, block or ascii"),
    ])
    func wrongValuesAreExplainedAndStay(_ line: String, _ part: String) throws {
        var stage = try Stage()
        stage.type(line)
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == line)
        #expect(stage.lines().contains { $0.contains(part) })
        #expect(stage.model.generation == GenerationOptions())
    }

    @Test func overlayStepsTypesAndSaves() throws {
        var stage = try Stage()
        stage.press(.function(2))
        #expect(stage.lines()[1].hasPrefix("   temp            0.2"))
        stage.press(.right)
        #expect(stage.lines()[1].hasPrefix(" * temp            0.3"))
        stage.type("0.9")
        #expect(stage.press(.enter) == [.save(setting: "sampler.temp", value: "0.9")])
        #expect(stage.model.generation.sampling.temperature == 0.9)
        stage.type("much")
        #expect(stage.press(.enter) == [])
        #expect(stage.lines().contains { $0.contains("temp can't be 'much'") })
        stage.press(.escape)
        stage.press(.escape)
        #expect(stage.model.overlay == nil)
    }

    @Test func everySettingShowsItsValueAndTakesItAgain() throws {
        var stage = try Stage()
        for setting in ChatSettings.all {
            #expect(setting.set(&stage.model, setting.value(stage.model)), "\(setting.name)")
            for direction in [-1, 1] {
                let next = try #require(setting.step(stage.model, direction))
                #expect(setting.set(&stage.model, next) || setting.name.hasSuffix("_p"), "\(setting.name) \(next)")
            }
        }
    }

    @Test func themesArePreviewedAndPutBack() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First"))
        #expect(stage.press(.function(9)) == [.listThemes])
        let before = stage.model.theme
        var other = before
        other.name = "Other"
        stage.send(
            .themes([
                ThemeChoice(name: "ansi", theme: before),
                ThemeChoice(name: "bad", theme: nil, problem: "bad.toml:1 unknown key"),
                ThemeChoice(name: "other", theme: other),
            ]))
        #expect(
            stage.lines().contains { $0.hasSuffix("ansi              any") || $0.contains("ansi              any") })
        #expect(stage.lines().contains { $0.hasPrefix("  First") })
        stage.press(.end)
        #expect(stage.model.theme.name == "Other")
        stage.press(.escape)
        #expect(stage.model.theme == before)
        stage.press(.function(9))
        stage.press(.end)
        #expect(stage.press(.enter) == [.save(setting: "theme", value: "other")])
        #expect(stage.model.theme.name == "Other")
    }

    @Test func themeNamesAreCompletedOnceTheyAreKnown() throws {
        var stage = try Stage()
        stage.type("/theme")
        #expect(stage.press(.character(" ")) == [.listThemes])
        stage.send(.themes(["ansi", "nord"].map { ThemeChoice(name: $0, theme: stage.model.theme) }))
        stage.type("n")
        stage.press(.tab)
        #expect(stage.model.draft == "/theme nord")
    }

    @Test func withoutColourThemesReverseWhatIsMarked() throws {
        var stage = try Stage()
        stage.model.usesColor = false
        stage.press(.function(2))
        let frame = stage.frame()
        for row in 0..<24 {
            for column in 0..<80 {
                let style = frame[column, row].style
                #expect(style.foreground == .terminal && style.background == .terminal)
            }
        }
        #expect(frame[5, 1].style.attributes.contains(.reverse))
        #expect(!frame[5, 2].style.attributes.contains(.reverse))
    }

    @Test func themeCommandAsksForATheme() throws {
        var stage = try Stage()
        stage.type("/theme nord")
        #expect(stage.press(.enter) == [.remember("/theme nord"), .loadTheme("nord")])
    }
}
