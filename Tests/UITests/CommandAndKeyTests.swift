import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct CommandAndKeyTests {
    @Test func unknownCommandIsNeverSentAndStays() throws {
        var stage = try Stage()
        stage.type("/hlep me")
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == "/hlep me")
        #expect(stage.lines().contains { $0.contains("There is no /hlep. Did you mean /help?") })
        stage.press(.backspace)
        #expect(!stage.lines().contains { $0.contains("There is no /hlep") })
    }

    @Test func resetAsksTheEngineAndStartsCountingAnew() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First", recomputed: 3))
        #expect(stage.gaugeLine().contains("recomp 3"))
        stage.type("/reset Be kind.")
        #expect(stage.press(.enter) == [.remember("/reset Be kind."), .reset(systemPrompt: "Be kind.")])
        #expect(stage.lines()[0].contains("RESET"))
        stage.type("Two?")
        #expect(stage.press(.enter) == [])
        stage.send(.resetDone(note: "New conversation: nothing above is remembered."))
        #expect(stage.gaugeLine().contains("seen 0  recomp 0"))
        #expect(stage.model.turn == 0)
        #expect(stage.lines().contains("  First"))
        #expect(stage.press(.enter) == [.remember("Two?"), .ask("Two?")])
    }

    @Test func resetWithoutArgumentTakesTheModelsOwnPrompt() throws {
        var stage = try Stage()
        stage.type("/reset")
        #expect(stage.press(.enter).last == .reset(systemPrompt: nil))
    }

    @Test func resetWaitsForTheAnswersEndAndForTheModel() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First", finish: nil))
        stage.type("/reset")
        #expect(stage.press(.enter) == [])
        #expect(stage.model.draft == "/reset")
        var loading = try Stage(loaded: false)
        loading.type("/reset")
        #expect(loading.press(.enter) == [])
        #expect(loading.lines().contains { $0.contains("/reset needs a loaded model") })
    }

    @Test func quitLeavesAndStopsFirst() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First", finish: nil))
        stage.type("/quit")
        #expect(stage.press(.enter) == [.remember("/quit"), .stop, .quit])
    }

    @Test func statsSayEveryGauge() throws {
        var stage = try Stage(rows: 60)
        stage.talk("One?", Script.answer("First words of it", seenBefore: 300))
        stage.type("/stats")
        stage.press(.enter)
        let text = stage.lines().joined(separator: "\n")
        for part in [
            "tok/s 40.0", "state 4.81M fixed", "SmolLM2-135M", "seen 324, trained with 2048", "recomp 0", "first token",
        ] {
            #expect(text.contains(part))
        }
    }

    @Test func everyActionHasAKeyAndNoKeyTwo() {
        for table in [KeyMap.standard.bindings, KeyMap.standard.afterPrefix] {
            let keys = table.flatMap(\.keys)
            #expect(Set(keys).count == keys.count)
            #expect(table.allSatisfy { !$0.keys.isEmpty && !$0.help.isEmpty })
        }
        // Tokens are shown from the timeline, or by /step; the mind by its command's keys.
        let bound = Set((KeyMap.standard.bindings + KeyMap.standard.afterPrefix).map(\.action))
        let overlays = OverlayName.allCases.filter { ![.tokens, .mind].contains($0) }
        #expect(bound.isSuperset(of: overlays.map(Action.overlay)))
        let functionKeys = KeyMap.standard.functionKeys.compactMap(\.functionNumber)
        #expect(functionKeys == functionKeys.sorted() && functionKeys.contains(1) && functionKeys.contains(10))
        for binding in KeyMap.standard.functionKeys {
            // Terminals take F1, F10 and F11: what has a function key has another key too.
            #expect(KeyMap.standard.afterPrefix.contains { $0.action == binding.action })
        }
    }

    /// What UX.md says is never bound: flow control, zellij's and the terminal's keys.
    @Test(arguments: ["s", "q", "o", "g", "\\"] as [Character])
    func keysOfTheTerminalStayFree(_ letter: Character) {
        #expect(KeyMap.standard.action(for: Key(.character(letter), .control), afterPrefix: false) == nil)
    }

    @Test func controlCStopsThenClearsThenAsksThenQuits() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First", finish: nil))
        stage.type("draft")
        #expect(stage.control("c") == [.stop])
        stage.send(.generation(.finished(.cancelled, Metrics())))
        #expect(stage.control("c") == [.remember("draft")])
        #expect(stage.model.draft == "")
        #expect(stage.control("c") == [])
        #expect(stage.model.wantsTicks)
        #expect(stage.hintLine().contains("^C again to quit"))
        #expect(stage.control("c") == [.quit])
        stage.press(.up)
        #expect(stage.model.draft == "draft")
    }

    @Test func againToQuitStandsForTwoSeconds() throws {
        var stage = try Stage()
        stage.control("c")
        stage.send(.tick(100))
        stage.send(.tick(101.9))
        #expect(stage.model.wantsTicks)
        stage.send(.tick(102))
        #expect(!stage.model.wantsTicks)
        #expect(stage.control("c") == [])
        stage.type("x")
        #expect(!stage.model.wantsTicks)
    }

    @Test func controlDDeletesAndQuitsOnlyOnAnEmptyLine() throws {
        var stage = try Stage()
        stage.type("ab")
        stage.control("a")
        #expect(stage.control("d") == [])
        #expect(stage.model.draft == "b")
        stage.control("d")
        #expect(stage.control("d") == [.quit])
    }

    @Test func suspendAndRedrawAreLeftToTheProgram() throws {
        var stage = try Stage()
        #expect(stage.control("z") == [.suspend])
        #expect(stage.control("l") == [.redraw])
    }

    @Test func prefixListsItsKeysAndTakesOne() throws {
        var stage = try Stage(rows: 60)
        stage.control("x")
        #expect(stage.hintLine().contains("p expand paste · y copy the last answer · g panel of gauges"))
        #expect(!stage.lines().contains { $0.contains("after ^X") })
        stage.send(.tick(100))
        stage.send(.tick(100.3))
        #expect(stage.model.wantsTicks)
        stage.send(.tick(100.4))
        #expect(!stage.model.wantsTicks)
        let lines = stage.lines()
        #expect(lines.contains { $0.contains("after ^X") })
        for binding in stage.model.keysAfterPrefix {
            #expect(lines.contains { $0.contains(" \(binding.label) ") && $0.contains(" \(binding.help)") })
        }
        stage.press(.character("?"))
        #expect(stage.model.overlay?.name == .help)
        stage.press(.escape)
        stage.control("x")
        stage.press(.character("z"))
        stage.type("q")
        #expect(stage.model.draft == "q")
    }

    @Test func commandsAreListedAndCompleted() throws {
        var stage = try Stage(rows: 60)
        stage.type("/")
        for command in Command.all.prefix(8) {
            #expect(stage.lines().contains { $0.hasPrefix(" " + command.call) })
        }
        stage.type("res")
        #expect(stage.lines().contains { $0.hasPrefix(" /reset [SYSTEM PROMPT]  forget everything") })
        // Two commands begin so.
        stage.press(.tab)
        #expect(stage.model.draft == "/reset")
        stage.control("u")
        stage.type("/got")
        stage.press(.tab)
        #expect(stage.model.draft == "/goto ")
        #expect(stage.model.completion == nil)
    }

    @Test func tabGoesThroughWhatFits() throws {
        var stage = try Stage()
        stage.type("/help res")
        stage.press(.tab)
        #expect(stage.model.draft == "/help reset")
        stage.control("u")
        stage.type("/ascii ")
        stage.press(.tab)
        #expect(stage.model.draft == "/ascii o")
        stage.press(.tab)
        #expect(stage.model.draft == "/ascii on")
        stage.press(.tab)
        #expect(stage.model.draft == "/ascii off")
        stage.press(.backTab)
        #expect(stage.model.draft == "/ascii on")
        stage.press(.enter)
        #expect(stage.model.glyphs == .ascii)
    }

    @Test func escapeClosesTheListAndKeepsTheText() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First", finish: nil))
        stage.type("/re")
        #expect(stage.press(.escape) == [])
        #expect(stage.model.completion == nil)
        #expect(stage.model.draft == "/re")
        #expect(stage.press(.escape) == [.stop])
    }

    @Test func noteStaysInTheChat() throws {
        var stage = try Stage(loaded: false)
        stage.send(.note("TERM=xyz is unknown; using xterm-256color"))
        stage.send(.loaded(.sample))
        #expect(stage.lines().contains("  TERM=xyz is unknown; using xterm-256color"))
        #expect(stage.lines().contains { $0.contains("Enter sends, Esc stops, F1 helps.") })
        stage.talk("One?", Script.answer("First"))
        #expect(stage.lines().contains("  TERM=xyz is unknown; using xterm-256color"))
        #expect(!stage.lines().contains { $0.contains("F1 helps.") })
    }

    @Test func frameIsOnlyWantedAfterAChange() throws {
        var stage = try Stage()
        #expect(stage.model.needsDraw)
        _ = stage.frame()
        #expect(!stage.model.needsDraw)
        stage.send(.tick(1))
        stage.send(.clock("2026-11-25 21:05"))
        #expect(!stage.model.needsDraw)
        stage.type("x")
        #expect(stage.model.needsDraw)
    }

    @Test func clockOfAMessageIsWhenItWasSent() throws {
        var stage = try Stage()
        stage.talk("One?", Script.answer("First"))
        stage.send(.clock("2026-11-25 21:09"))
        stage.talk("Two?", Script.answer("Second"))
        let lines = stage.lines()
        #expect(lines.contains("you · 21:04"))
        #expect(lines.contains("you · 21:09"))
    }
}
