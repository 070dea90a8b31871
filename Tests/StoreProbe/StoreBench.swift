import Chat
import Foundation
import SessionStore
import StoreSamples

/// How long a store of many sessions takes to list, search and open.
///
///     swift run -c release store-probe bench FOLDER
struct StoreBench {
    private static let sessions = 1000
    private static let turnsEach = 10
    private static let repetitions = 9

    private let folder: StoreFolder

    init(_ folder: StoreFolder) {
        self.folder = folder
    }

    /// Makes the store, unless it is there, and says what takes how long: the median of some repetitions.
    func run(_ say: (String) -> Void) async throws {
        let clock = ContinuousClock()
        let store = try SQLiteStore(folder: folder)
        let start = clock.now
        let made = try await fill(store)
        if made > 0 { say("\(made) turns kept in \((clock.now - start) / .milliseconds(made)) ms each") }

        let sessions = try await store.sessions(matching: nil)
        let turns = sessions.reduce(0) { $0 + $1.turns - 1 }
        say("\(sessions.count) sessions with \(turns) turns")
        let names = [sessions[0].name, sessions[sessions.count / 2].name, sessions[sessions.count - 1].name]
        let measures: [(String, @Sendable () async throws -> Void)] = [
            ("open the store", { _ = try SQLiteStore(folder: folder) }),
            ("list all sessions", { _ = try await store.sessions(matching: nil) }),
            ("list those with a rare word", { _ = try await store.sessions(matching: "rare417") }),
            ("list those with a word that all have", { _ = try await store.sessions(matching: "tide") }),
            ("search a rare word", { _ = try await store.search("rare417", in: nil, limit: 200) }),
            ("search a word that all turns have", { _ = try await store.search("tide", in: nil, limit: 200) }),
            ("search two words", { _ = try await store.search("tide rare417", in: nil, limit: 200) }),
            (
                "open a session by its name",
                {
                    for name in names {
                        guard let found = try await store.session(named: name) else { continue }
                        for turn in try await store.turns(of: found.id).suffix(1) {
                            if let snapshot = turn.snapshot { _ = try await store.files(of: snapshot) }
                        }
                    }
                }
            ),
        ]
        for (name, measure) in measures {
            try await measure()
            var times: [Double] = []
            for _ in 0..<Self.repetitions {
                let begin = clock.now
                try await measure()
                times.append((clock.now - begin) / .milliseconds(1))
            }
            // The last one opens three.
            let median = times.sorted()[times.count / 2] / (name.hasPrefix("open a session") ? 3 : 1)
            say("\(name): \((median * 100).rounded() / 100) ms")
        }
    }

    /// Adds sessions until there are enough; returns how many turns were kept for that.
    private func fill(_ store: SQLiteStore) async throws -> Int {
        let there = try await store.sessions(matching: nil).count
        for number in there..<max(there, Self.sessions) {
            let (session, beginning) = try await store.create(
                NewSession(name: "session \(number)", model: .sample, modelSource: "tiny.gguf"),
                beginning: .sample(kind: .beginning, "", ""), snapshot: nil)
            let lease = try await store.lease(session.id)
            var last = beginning
            for turn in 0..<Self.turnsEach {
                last = try await store.append(
                    .sample("What about number \(number) and the tide, rare\(number)?", Self.answer(number, turn)),
                    after: last.id, in: lease,
                    snapshot: turn == Self.turnsEach - 1 ? .sample(UInt64(number), bytes: 20_000) : nil)
            }
        }
        return max(0, Self.sessions - there) * Self.turnsEach
    }

    /// Some eighty words, as answers have.
    private static func answer(_ number: Int, _ turn: Int) -> String {
        let words = ["the", "moon", "pulls", "water", "stone", "garden", "letter", "winter", "river", "tide", "map"]
        return (0..<80).map { words[($0 * 7 + number + turn * 3 + $0 / 11) % words.count] }.joined(separator: " ")
    }
}
