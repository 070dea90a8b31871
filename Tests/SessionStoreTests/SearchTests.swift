import Chat
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
                .sample(question, answer), after: session.beginning.id, in: session.lease, snapshot: nil,
                promptSnapshot: nil)
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

    @Test(arguments: [
        ("kyoto", ["Kyoto trip"]), ("trip", ["Kyoto trip"]), ("garden", ["Kyoto trip"]), ("rice", ["cooking"]),
        ("OOK", ["cooking"]), ("the", ["cooking", "Kyoto trip"]), ("tea", []),
    ])
    func sessionsAreFoundByNameAndByTurns(_ words: String, _ names: [String]) async throws {
        let (sample, _) = try await Self.sample()
        #expect(try await sample.store.sessions(matching: words).map(\.name) == names)
    }
}
