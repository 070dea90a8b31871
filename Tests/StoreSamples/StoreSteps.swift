package import Chat
package import SessionStore

/// Steps that change a store in every way, and what it holds after each.
package struct StoreSteps {
    /// What a store holds, as far as steps change it: a line for each session and turn.
    package typealias Contents = [String]

    private let store: SQLiteStore

    package init(_ store: SQLiteStore) {
        self.store = store
    }

    /// Takes all steps on a store that holds nothing.
    ///
    /// - Parameter taken: is called after each step with its number from 1 on
    package func takeAll(_ taken: (Int) async throws -> Void) async throws {
        let (session, beginning) = try await store.create(
            NewSession(name: "steps", model: .sample, modelSource: "tiny.gguf"),
            beginning: .sample(kind: .beginning, "", ""), snapshot: .sample(1, pages: [1]))
        try await taken(1)
        let lease = try await store.lease(session.id)
        let first = try await store.append(
            .sample("first"), after: beginning.id, in: lease, snapshot: .sample(2, pages: [1, 2]))
        try await taken(2)
        _ = try await store.attach(.sample(3), as: .prompt, of: first.id, in: lease)
        try await taken(3)
        let second = try await store.append(
            .sample("second"), after: first.id, in: lease, snapshot: nil)
        try await taken(4)
        _ = try await store.attach(.sample(4, pages: [1, 2, 3]), as: .answer, of: second.id, in: lease)
        try await taken(5)
        try await store.setBookmark("here", of: first.id, in: lease)
        try await taken(6)
        try await store.setCurrent(beginning.id, in: lease)
        try await taken(7)
        _ = try await store.append(
            .sample("other"), after: beginning.id, in: lease, snapshot: .sample(5, pages: [4]))
        try await taken(8)
        let new = NewSession(name: "fork", model: .sample, modelSource: "tiny.gguf")
        let fork = try await store.fork(first.id, of: session.id, as: new)
        try await taken(9)
        _ = try await store.thin(to: 4000)
        try await taken(10)
        try await store.removeTurn(second.id, in: lease)
        try await taken(11)
        try await store.remove(fork.id)
        try await taken(12)
        try await store.rename(session.id, to: "done")
        try await taken(13)
    }

    /// Reads what the store holds; every snapshot's files are opened.
    package func contents() async throws -> Contents {
        var lines: [String] = []
        for session in try await store.sessions(matching: nil) {
            let turns = try await store.turns(of: session.id)
            // Numbers of turns differ where a process was killed; their order doesn't.
            func place(_ turn: TurnID?) -> Int { turns.firstIndex { $0.id == turn } ?? -1 }
            lines.append("\(session.name) at \(place(session.current)) with \(session.snapshotBytes) bytes")
            for turn in turns {
                let snapshots = [turn.snapshot, turn.promptSnapshot].map { $0?.description.prefix(8) ?? "none" }
                lines.append(
                    "\(turn.content.question) after \(place(turn.parent)) \(turn.bookmark ?? "") \(snapshots)"
                        + (turn.damage ?? ""))
                for snapshot in [turn.snapshot, turn.promptSnapshot].compactMap({ $0 }) {
                    _ = try await store.files(of: snapshot)
                }
            }
        }
        return lines
    }
}

extension SQLiteStore {
    /// Adds a turn with both its places.
    package func append(
        _ content: TurnContent, after parent: TurnID, in lease: any SessionLease, snapshot: EncodedSnapshot?,
        promptSnapshot: EncodedSnapshot?
    ) async throws -> TurnRecord {
        var turn = try await append(content, after: parent, in: lease, snapshot: snapshot)
        if let promptSnapshot {
            turn.promptSnapshot = try await attach(promptSnapshot, as: .prompt, of: turn.id, in: lease)
        }
        return turn
    }
}
