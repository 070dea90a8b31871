import Chat
import Screen
import TestSupport
import Testing

@testable import UI

@Suite struct CompletionTests {
    private func labels(_ line: String, _ stage: inout Stage) -> [String] {
        stage.control("u")
        stage.type(line)
        return stage.model.completion?.candidates.map(\.label) ?? []
    }

    @Test func valuesOfSettingsAreCompleted() throws {
        var stage = try Stage()
        #expect(labels("/set gl", &stage) == ["glyphs"])
        #expect(labels("/set glyphs ", &stage) == ["glyphs unicode", "glyphs block", "glyphs ascii"])
        stage.type("b")
        stage.press(.tab)
        #expect(stage.model.draft == "/set glyphs block")
        #expect(labels("/wrap ", &stage) == ["on", "off"])
        #expect(labels("/export ", &stage) == ["hiss", "md", "json", "txt"])
        #expect(labels("/seed ", &stage) == ["new"])
    }

    @Test func turnsBookmarksAndBranchesAreAskedForAndCompleted() throws {
        var stage = try Stage()
        stage.type("/go")
        #expect(stage.press(.tab) == [.session(.timeline)])
        let rows = [("1", nil, nil), ("2", "inn", nil), ("2b", nil, "branch-1")].map { label, bookmark, branch in
            TimelineRow(
                label: label, parent: nil, question: "Q\(label)", answer: "A", branch: branch, bookmark: bookmark)
        }
        stage.send(.session(.success(.timeline(rows))))
        #expect(stage.model.overlay == nil)
        #expect(stage.model.completion?.candidates.map(\.label) == ["1", "2", "2b", "inn", "branch-1"])
        stage.type("i")
        stage.press(.tab)
        #expect(stage.model.draft == "/goto inn")
        #expect(labels("/diff 2b ", &stage) == ["1", "2", "2b", "inn", "branch-1"])
        #expect(labels("/edit 2 Why", &stage) == [])
        #expect(stage.model.draft == "/edit 2 Why")
    }

    @Test func filesAreAskedForOnceAFolder() throws {
        var stage = try Stage()
        stage.type("/file")
        let top = WordSearch.files(folder: "", hidden: false)
        #expect(stage.press(.character(" ")) == [.findWords(top)])
        #expect(stage.press(.character("d")) == [])
        stage.send(.words(["a b.txt", "docs/", "down.md"].map { CommandCompletion.Word($0) }, of: top))
        #expect(stage.model.completion?.candidates.map(\.label) == ["docs/", "down.md"])
        stage.type("oc")
        let inside = WordSearch.files(folder: "docs/", hidden: false)
        #expect(stage.press(.tab) == [.findWords(inside)])
        #expect(stage.model.draft == "/file docs/")
        // What comes late, of another folder, is not shown.
        stage.send(.words([CommandCompletion.Word("late")], of: top))
        #expect(stage.model.completion == nil)
        stage.send(.words([CommandCompletion.Word("docs/my notes.txt")], of: inside))
        stage.press(.tab)
        #expect(stage.model.draft == "/file docs/my notes.txt")
        stage.control("u")
        stage.type("/file ")
        #expect(stage.press(.character(".")) == [.findWords(.files(folder: "", hidden: true))])
    }

    @Test func sessionsAreAskedForAndCompleted() throws {
        var stage = try Stage()
        stage.type("/load")
        #expect(stage.press(.character(" ")) == [.session(.sessions(matching: nil))])
        let sessions = ["kyoto", "nara"].map { name in
            SessionInfo(
                id: SessionID(name), name: name, model: ModelIdentity(name: "m", model: "9b07", tokenizer: "51c4"),
                modelSource: "m", created: 0, changed: 0, turns: 2)
        }
        stage.send(.session(.success(.sessions(sessions, found: []))))
        #expect(stage.model.completion?.candidates.map(\.label) == ["kyoto", "nara"])
        stage.type("n")
        stage.press(.tab)
        #expect(stage.model.draft == "/load nara")
    }
}
