import Chat
import GRDB
import SessionStore
import StoreSamples
import Testing

@Suite struct SearchTests {
    /// A store with the sessions "Kyoto trip" and "cooking".
    private static func sample() async throws -> (SampleStore, trip: SessionID) {
        let sample = try SampleStore()
        let (trip, cook) = (try await sample.session("Kyoto trip"), try await sample.session("cooking"))
        for (session, question, answer) in [
            (trip, "Which café is near the temple?", "The one beside the red gate."),
            (trip, "And a temple with a garden?", "Temple after temple has a temple garden."),
            (cook, "How long does rice take?", "It says \"20 minutes\" NEAR (the) AND OR NOT * rice."),
            (cook, "zero \0 byte", "after the zero"),
        ] {
            _ = try await sample.store.append(
                .sample(question, answer), after: session.beginning.id, in: session.lease, snapshot: nil)
        }
        return (sample, trip.info.id)
    }

    @Test(arguments: [
        ("temple", 2), ("TEMPLE garden", 1), ("cafe", 1), ("CAFÉ", 1), ("tem", 2), ("tem garden", 0), ("rice", 1),
        ("tea", 0), ("byte", 1), ("zero", 1),
    ])
    func turnsWithAllWordsAreFound(_ words: String, _ count: Int) async throws {
        let (sample, _) = try await Self.sample()
        #expect(try await sample.store.search(words, in: nil, limit: 10).count == count)
    }

    @Test(arguments: [
        "\"", "\"\"\"", "a\"b", "*", "^", "NEAR(", "AND", "NOT", "-", "question:x", "{a}", "(", ")", "\0", "a\0\"", "+",
        ".",
        "'", "; DROP TABLE turn", "\u{1F40D}", "",
    ])
    func nothingThatUsersTypeIsSyntax(_ words: String) async throws {
        let (sample, _) = try await Self.sample()
        _ = try await sample.store.search(words, in: nil, limit: 10)
        _ = try await sample.store.sessions(matching: words)
        let found = try await sample.store.search("minutes\" \(words) rice", in: nil, limit: 10)
        #expect(found.allSatisfy { $0.sessionName == "cooking" })
    }

    /// What an earlier version indexed is indexed anew.
    @Test func anEarlierIndexIsBuiltAnew() async throws {
        let sample = try SampleStore()
        let session = try await sample.session("旅行")
        _ = try await sample.store.append(
            .sample("東京と京都に行きましたか", "Yes."), after: session.beginning.id, in: session.lease, snapshot: nil)
        let queue = try DatabaseQueue(
            path: sample.folder.database, configuration: SQLiteStore.configuration(patience: 5))
        try await queue.write { database in
            try database.execute(
                sql: """
                    DROP INDEX session_current;
                    DROP TABLE turn_text;
                    CREATE VIRTUAL TABLE turn_text USING fts5 (
                        question, answer, content = 'turn', content_rowid = 'id',
                        tokenize = 'unicode61 remove_diacritics 2'
                    );
                    INSERT INTO turn_text (turn_text) VALUES ('rebuild');
                    DELETE FROM grdb_migrations WHERE identifier IN ('v2', 'v3');
                    PRAGMA user_version = 1
                    """)
        }
        #expect(try await sample.store.search("京都", in: nil, limit: 10).isEmpty)
        let later = try sample.again()
        #expect(try await later.search("京都", in: nil, limit: 10).count == 1)
        #expect(try await later.search("yes", in: nil, limit: 10).count == 1)
        #expect(try await later.verify(nil).isEmpty)
        withExtendedLifetime(session.lease) {}
    }

    @Test func theBestComesFirstWithItsWordsMarked() async throws {
        let (sample, trip) = try await Self.sample()
        let found = try await sample.store.search("temple", in: nil, limit: 10)
        #expect(found.map(\.session) == [trip, trip] && found.map(\.sessionName) == ["Kyoto trip", "Kyoto trip"])
        #expect(found[0].excerpt.contains("\u{2068}Temple\u{2069} after \u{2068}temple\u{2069}"))
        #expect(try await sample.store.search("temple", in: nil, limit: 1).map(\.turn) == [found[0].turn])
        let other = try #require(try await sample.store.session(named: "cooking"))
        #expect(try await sample.store.search("temple", in: other.id, limit: 10).isEmpty)
        #expect(try await sample.store.search("rice", in: other.id, limit: 10).count == 1)
    }

    /// Scripts without spaces between words.
    @Test(arguments: [
        ("東京", 2), ("京都", 2), ("東", 2), ("都", 3), ("京", 3), ("行きました", 1), ("ました", 1), ("ラーメン", 1), ("メン", 1),
        ("大阪", 0), ("京 ラーメン", 1), ("北京", 1), ("首都", 1), ("東京tower", 1), ("TOWER東京", 0), ("tower", 1),
        ("ภาษาไทย", 1), ("ไทย", 1), ("서울", 1), ("서울은", 1), ("カフェ", 1), ("フェ", 1), ("都東", 0),
    ])
    func wordsWithoutSpacesAreFound(_ words: String, _ count: Int) async throws {
        let sample = try SampleStore()
        let session = try await sample.session("旅行")
        for (question, answer) in [
            ("東京と京都に行きましたか", "はい、ラーメンを食べました。"), ("北京是中国的首都", "是的。"),
            ("東京tower・カフェ", "京都駅"), ("ภาษาไทยยากไหม", "서울은 대한민국"),
        ] {
            _ = try await sample.store.append(
                .sample(question, answer), after: session.beginning.id, in: session.lease, snapshot: nil)
        }
        let found = try await sample.store.search(words, in: nil, limit: 10)
        #expect(found.count == count, "\(found.map(\.excerpt))")
        #expect(found.allSatisfy { $0.excerpt.contains("\u{2068}") })
        #expect(try await sample.store.verify(nil).isEmpty)
    }

    @Test(arguments: [
        ("kyoto", ["Kyoto trip"]), ("trip", ["Kyoto trip"]), ("garden", ["Kyoto trip"]), ("rice", ["cooking"]),
        ("OOK", ["cooking"]), ("the", ["cooking", "Kyoto trip"]), ("tea", []),
    ])
    func sessionsAreFoundByNameAndByTurns(_ words: String, _ names: [String]) async throws {
        let (sample, _) = try await Self.sample()
        #expect(try await sample.store.sessions(matching: words).map(\.name) == names)
    }
}
