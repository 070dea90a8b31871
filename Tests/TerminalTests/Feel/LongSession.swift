import Chat
import Foundation
import SessionStore

/// Sessions of any length, which the program can go on with at once.
enum LongSession {
    /// Makes a session with `turns` questions and answers in the store of `home`.
    ///
    /// A short session has to be there: its last turn becomes the last one here, with its snapshot, so that the program
    /// reads nothing again. The turns before it were never fed to a model.
    static func make(_ name: String, from short: String, turns: Int, home: String) async throws {
        let store = try SQLiteStore(folder: StoreFolder(home))
        guard let source = try await store.session(named: short) else { throw SpawnError(description: "no \(short)") }
        let records = try await store.turns(of: source.id)
        guard let first = records.first, let last = records.last, first.id != last.id else {
            throw SpawnError(description: "'\(short)' has no turn to begin with")
        }
        let session = NewSession(name: name, model: source.model, modelSource: source.modelSource)
        let beginning = try await snapshot(of: first, in: store)
        let (long, begin) = try await store.create(session, beginning: first.content, snapshot: beginning)
        let lease = try await store.lease(long.id)
        var parent = begin.id
        for turn in 1..<max(1, turns) {
            var content = last.content
            content.question = "Question \(turn): what does **turn \(turn)** say?"
            content.answer = answer(turn)
            parent = try await store.append(content, after: parent, in: lease, snapshot: nil).id
        }
        let end = try await snapshot(of: last, in: store)
        _ = try await store.append(last.content, after: parent, in: lease, snapshot: end)
        for (name, value) in try await store.settings(of: source.id) {
            try await store.set(name, to: value, in: lease)
        }
    }

    /// A paragraph, a list or some code, a few rows long.
    private static func answer(_ turn: Int) -> String {
        let words = "Answer \(turn) is a paragraph that is long enough to be wrapped on a screen of eighty columns."
        switch turn % 3 {
        case 0: return words + "\n\n- one\n- *two*\n- `three`"
        case 1: return words + "\n\n```swift\nlet turn = \(turn)\n```\nThat was the code."
        default: return words + " " + words
        }
    }

    private static func snapshot(of turn: TurnRecord, in store: SQLiteStore) async throws -> EncodedSnapshot? {
        guard let id = turn.snapshot else { return nil }
        let main = try Data(contentsOf: URL(filePath: try await store.files(of: id).main))
        return EncodedSnapshot(main: [Array(main)], pages: [])
    }
}
