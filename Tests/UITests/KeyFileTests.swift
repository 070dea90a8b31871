import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct KeyFileTests {
    @Test func everyKeyIsWrittenAndReadAgain() {
        for binding in KeyMap.standard.bindings + KeyMap.standard.afterPrefix {
            for key in binding.keys { #expect(Key(label: key.label) == key, "\(key.label)") }
        }
        for label in ["ctrl-A", "Alt-b", "shift-tab", "c-left", "RETURN", "pageup", "M-^C", "f24", "C-Space", "#"] {
            #expect(Key(label: label) != nil, "\(label)")
        }
        #expect(Key(label: "^A") == Key(.character("a"), .control) && Key(label: "U") == .letter("U"))
        for label in ["", "Foo", "F25", "Ctrl-", "M-"] {
            #expect(Key(label: label) == nil, "\(label)")
        }
    }

    @Test func everyActionHasANameOfItsOwn() {
        let bound = KeyMap.standard.bindings + KeyMap.standard.afterPrefix
        for binding in bound { #expect(Action(name: binding.action.name) == binding.action, "\(binding.action)") }
        let names = Action.named.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func theStandardFileSaysTheStandard() throws {
        let map = try KeyMap(file: KeyMap.standard.fileText)
        #expect(
            map.fileText.split(separator: "\n").sorted() == KeyMap.standard.fileText.split(separator: "\n").sorted())
        for binding in KeyMap.standard.bindings {
            for key in binding.keys { #expect(map.action(for: key, afterPrefix: false) == binding.action) }
        }
        for binding in KeyMap.standard.afterPrefix {
            for key in binding.keys { #expect(map.action(for: key, afterPrefix: true) == binding.action) }
        }
    }

    @Test func linesChangeWhatTheyNameAndNothingElse() throws {
        let map = try KeyMap(
            file: """
                # mine
                F7   /fork          # a new session
                F6   none
                ^G   open-settings
                F8   /set temp 0
                ^X f cut-to-end
                ^X % /undo 2

                """)
        #expect(map.action(for: Key(.function(7)), afterPrefix: false) == .command(.fork))
        #expect(map.action(for: Key(.function(6)), afterPrefix: false) == nil)
        #expect(map.action(for: .control("g"), afterPrefix: false) == .overlay(.settings))
        #expect(map.action(for: Key(.function(2)), afterPrefix: false) == .overlay(.settings))
        #expect(map.action(for: Key(.function(8)), afterPrefix: false) == .command(.set, argument: "temp 0"))
        #expect(map.action(for: .letter("f"), afterPrefix: true) == .killToEnd)
        #expect(map.action(for: .letter("%"), afterPrefix: true) == .command(.undo, argument: "2"))
        #expect(map.action(for: .letter("u"), afterPrefix: true) == .command(.undo))
        #expect(map.functionKeys.first { $0.action == .command(.fork) }?.functionNumber == 7)
        #expect(KeyTable.text(map).contains("F8"))
        let again = try KeyMap(file: map.fileText)
        #expect(again.fileText.split(separator: "\n").sorted() == map.fileText.split(separator: "\n").sorted())
        #expect(map.fileText.contains("F6 none"))
    }

    @Test func thePrefixKeyMayBeAnother() throws {
        let map = try KeyMap(file: "^X none\n^T prefix\n^T z open-help")
        #expect(map.prefixLabel == "^T" && map.label(of: .toggleWrap) == "^T w")
        #expect(map.action(for: .letter("z"), afterPrefix: true) == .overlay(.help))
    }

    @Test(arguments: [
        ("\nFoo send", 2, "there is no key 'Foo'"), ("F5 sned", 1, "there is no action 'sned'"),
        ("F5", 1, "'F5' says not what the key does"), ("a send", 1, "'a' types itself"),
        ("F5 /hlep", 1, "there is no action '/hlep'"), ("^T u /undo", 1, "'^T' is not the key that others follow"),
        ("Enter none", nil, "no key sends any more"),
        ("^C none\n^D none\nF10 none\n^X q none", nil, "no key leaves any more"),
    ])
    func mistakesAreNamedWithTheirLine(_ text: String, _ line: Int?, _ what: String) throws {
        let error = try #require(throws: KeyFileError.self) { try KeyMap(file: text) }
        #expect(error.line == line && error.what == what && !error.why.isEmpty)
    }

    @Test func theScreenShowsAndDoesWhatTheFileSays() throws {
        var stage = try Stage(rows: 60)
        stage.model.keys = try KeyMap(file: "F6 none\nM-n newline\nF8 /set temp 0.9\n^X k open-timeline\nF1 none")
        #expect(stage.hintLine().contains("M-n newline"))
        #expect(!stage.lines().contains { $0.contains("F6") } && !stage.lines()[0].contains("F1"))
        stage.type("a draft")
        stage.press(.function(8))
        #expect(stage.model.generation.sampling.temperature == 0.9)
        #expect(stage.model.draft == "a draft" && stage.model.composer.history == [])
        stage.control("x")
        stage.send(.tick(100))
        stage.send(.tick(101))
        #expect(stage.lines().contains { $0.contains(" k t timeline of turns") })
        stage.press(.character("k"))
        #expect(stage.model.overlay?.name == .timeline)
        stage.press(.escape)
        stage.control("x")
        stage.press(.character("?"))
        #expect(stage.lines().contains { $0.contains("M-n") })
    }
}
