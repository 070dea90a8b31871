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
        #expect(labels("/set gl", &stage) == ["glyphs "])
        #expect(labels("/set glyphs ", &stage) == ["glyphs unicode", "glyphs block", "glyphs ascii"])
        stage.type("b")
        stage.press(.tab)
        #expect(stage.model.draft == "/set glyphs block")
        #expect(labels("/wrap ", &stage) == ["on", "off"])
        #expect(labels("/export ", &stage) == ["hiss", "md", "json", "txt"])
        #expect(labels("/seed ", &stage) == ["new"])
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
