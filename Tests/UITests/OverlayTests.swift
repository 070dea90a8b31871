import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct OverlayTests {
    private func names(_ stage: inout Stage, down rows: Int) -> Set<String> {
        var seen: Set<String> = []
        for _ in 0..<rows {
            seen.formUnion(stage.lines())
            stage.press(.pageDown)
        }
        return seen
    }

    @Test(arguments: [(60, 15), (80, 24), (200, 60)])
    func helpNamesEveryKeyAndCommand(_ columns: Int, _ rows: Int) throws {
        var stage = try Stage(columns: columns, rows: rows)
        stage.press(.function(1))
        let text = names(&stage, down: 20).joined(separator: "\n")
        for binding in KeyMap.standard.bindings { #expect(text.contains(binding.label) && text.contains(binding.help)) }
        for binding in KeyMap.standard.afterPrefix { #expect(text.contains("^X \(binding.label)")) }
        for command in Command.all { #expect(text.contains("/\(command.name.rawValue)")) }
    }

    @Test(arguments: [(80, 24, 6), (100, 30, 5), (120, 40, 3), (200, 60, 1)])
    func helpCutsNothing(_ columns: Int, _ rows: Int, _ pages: Int) throws {
        var stage = try Stage(columns: columns, rows: rows)
        stage.press(.function(1))
        let isPaged = stage.lines().contains { $0.contains("Page 1 of \(pages)") }
        #expect(pages == 1 ? !stage.lines().contains { $0.contains("Page") } : isPaged)
        for _ in 0..<12 {
            #expect(stage.lines().filter { $0.contains("…") } == [])
            stage.press(.pageDown)
        }
        #expect(stage.lines().contains { $0.contains("/quit") })
    }

    @Test func commandsFitTheListThatCompletesThem() {
        for command in Command.all {
            let row = " \(command.call)  \(command.summary)"
            #expect(row.count <= 80, "\(row)")
        }
    }

    @Test func headingsDoNotStandAlone() {
        let row = HelpLayout.Entry(label: 3, help: 10)
        let heading = HelpLayout.Entry(label: 4, help: 0, isHeading: true)
        let layout = HelpLayout(
            keys: [heading, row, row, heading, row], commands: [heading, row], columns: 100, rows: 4)
        #expect(
            layout.pages == [
                [
                    HelpLayout.Column(items: 0..<3, start: 0, width: 14, labelWidth: 3),
                    HelpLayout.Column(items: 3..<5, start: 16, width: 14, labelWidth: 3),
                    HelpLayout.Column(items: 5..<7, start: 32, width: 14, labelWidth: 3),
                ]
            ])
        #expect(HelpLayout(keys: [], commands: [], columns: 80, rows: 20).pages == [])
    }

    @Test func helpRunsWhatIsMarked() throws {
        var stage = try Stage()
        stage.press(.function(1))
        stage.type("ascii")
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == "/ascii ")
        stage.control("u")
        stage.type("/help stop the")
        stage.press(.enter)
        #expect(stage.lines().contains { $0.contains("stop the answer") })
        #expect(!stage.lines().contains { $0.contains("scroll up") })
        stage.press(.escape)
        #expect(stage.model.overlay != nil)
        stage.press(.escape)
        #expect(stage.model.overlay == nil)
    }

    @Test func questionMarkHelpsOnAnEmptyLineOnly() throws {
        var stage = try Stage()
        stage.type("a?")
        #expect(stage.model.draft == "a?")
        stage.control("u")
        stage.type("?")
        #expect(stage.model.overlay?.name == .help)
        #expect(stage.model.draft == "")
    }

    @Test func functionKeysSwitchAndClose() throws {
        var stage = try Stage()
        stage.press(.function(1))
        stage.press(.function(3))
        #expect(stage.model.overlay?.name == .find)
        stage.press(.function(3))
        #expect(stage.model.overlay == nil)
        stage.press(.function(1))
        #expect(stage.control("z") == [.suspend])
        #expect(stage.press(.function(12)) == [.dumpFrame])
        #expect(stage.control("c") == [])
        #expect(stage.model.overlay == nil)
        #expect(stage.press(.function(10)) == [.quit])
    }

    @Test func answersGoOnBehindAnOverlay() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First", finish: nil))
        stage.press(.function(1))
        stage.send(
            .generation(.token(SampledToken(id: 9, text: " second", probability: 1), stage.model.readings.metrics)))
        stage.press(.escape)
        #expect(stage.model.isBusy)
        #expect(stage.lines().contains { $0.hasPrefix("  First second") })
    }

    @Test func historyIsSearchedByWordsInAnyOrder() throws {
        var stage = try Stage(history: ["the red house", "a house", "red wine", "two\nlines red"])
        stage.control("r")
        #expect(stage.lines()[1] == " two · lines red")
        stage.type("house red")
        #expect(stage.lines()[1] == " the red house")
        stage.press(.enter)
        #expect(stage.model.draft == "the red house")
        stage.control("r")
        #expect(stage.lines().contains { $0.hasPrefix("search: the red house") })
        stage.press(.escape)
        #expect(stage.model.draft == "the red house")
    }

    @Test func findGoesUpDownAndAround() throws {
        var stage = try Stage()
        stage.talk(turns: 40)
        stage.press(.function(3))
        stage.type("QUESTION 3")
        stage.press(.enter)
        func place() -> Int? { stage.model.transcript.find?.place?.entry }
        #expect(place() == 76)
        stage.press(.character("n"))
        #expect(place() == 4)
        #expect(stage.lines().contains("  Question 3?"))
        stage.press(.character("n"))
        #expect(place() == 58)
        stage.press(.character("N"))
        stage.press(.character("N"))
        #expect(place() == 76)
        stage.press(.escape)
        #expect(stage.model.transcript.find == nil)
        stage.type("n")
        #expect(stage.model.draft == "n")
    }

    @Test func findSaysWhenThereIsNothing() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("Two."))
        stage.type("/find zebra")
        stage.press(.enter)
        #expect(stage.lines().contains { $0.hasPrefix("find: zebra  not found") })
    }

    @Test(arguments: [
        ("/copy", "Two **B**"), ("/copy 1", "See:\n```\na\n```"), ("/copy code 1", "a"), ("/copy code", "a"),
        ("/copy all", "you:\nOne?\n\nsmolmamba2:\nSee:\n```\na\n```\n\nyou:\nNext?\n\nsmolmamba2:\nTwo **B**"),
    ])
    func copyTakesTheSourceText(_ line: String, _ copied: String) throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("See:\n```\na\n```"))
        stage.talk("Next?", Script.answer("Two **B**"))
        stage.type(line)
        #expect(stage.press(.enter) == [.remember(line), .copy(copied)])
        stage.send(.notice("1 character sent."))
        #expect(stage.lines().contains(" 1 character sent."))
    }

    @Test func longNoticesTakeTheRowsTheyNeed() throws {
        var stage = try Stage(columns: 60)
        stage.send(.notice("The screen is written to /home/somebody/.local/state/hiss/with/a/long/path/frame.txt."))
        let text = stage.lines().filter { $0.hasPrefix(" ") && !$0.hasPrefix("  ") }.map { $0.dropFirst() }.joined()
        #expect(text.contains("/with/a/long/path/frame.txt."))
    }

    @Test func whatASettingCanBeIsSaidWhole() throws {
        var stage = try Stage(columns: 60)
        stage.type("/set temp 9999")
        stage.press(.enter)
        let text = stage.lines().suffix(8).joined(separator: " ").split(separator: " ").joined(separator: " ")
        #expect(text.contains("it has to be a number from 0 (always the likeliest token) to 100"))
    }

    @Test(arguments: ["/copy 3", "/copy code 2", "/copy nothing", "/copy code x y"])
    func whatCannotBeCopiedIsSaid(_ line: String) throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("```\na\n```"))
        stage.type(line)
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == line)
        #expect(!stage.model.notice.isEmpty)
    }
}
