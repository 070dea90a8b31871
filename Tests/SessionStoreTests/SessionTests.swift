import Chat
import SessionStore
import StoreSamples
import Testing

@Suite struct SessionTests {
    @Test func aSessionIsAsItWasMade() async throws {
        let sample = try SampleStore()
        let made = try await sample.store.create(
            NewSession(
                name: "kyoto", model: SampleStore.identity, modelSource: "/models/tiny.gguf",
                systemPrompt: "Be\0brief.",
                isPersona: true),
            beginning: .sample(kind: .beginning, "", "", tokensSeen: 5), snapshot: .sample(1))
        let found = try #require(try await sample.again().session(named: "kyoto"))
        #expect(found == made.session)
        #expect(found.systemPrompt == "Be\0brief." && found.isPersona && found.modelSource == "/models/tiny.gguf")
        #expect(found.current == made.beginning.id && found.turns == 0 && found.tokensSeen == 5)
        #expect(found.snapshotBytes == 1000 && found.created == 1_795_608_000)
        #expect(try await sample.store.turns(of: found.id) == [made.beginning])
    }

    @Test func sessionsWithoutANameGetTheDate() async throws {
        let sample = try SampleStore()
        var names: [String] = []
        for _ in 0..<3 { names.append(try await sample.session().info.name) }
        #expect(names == ["2026-11-25", "2026-11-25-2", "2026-11-25-3"])
    }

    @Test func aSessionIsFoundByItsNameOrTheBeginningOfItsID() async throws {
        let sample = try SampleStore()
        let made = try await sample.session("Café").info
        #expect(try await sample.store.session(named: "Cafe\u{301}")?.id == made.id)
        #expect(try await sample.store.session(named: String(made.id.description.prefix(6)))?.id == made.id)
        #expect(try await sample.store.session(named: String(made.id.description.prefix(5))) == nil)
        #expect(try await sample.store.session(named: "tea") == nil)
    }

    @Test(arguments: ["", "  ", "a\nb", "a\u{7}", "a\u{202E}b", String(repeating: "x", count: 101)])
    func aNameThatCannotBeShownIsRefused(_ name: String) async throws {
        let sample = try SampleStore()
        await #expect(throws: ChatFailure.self) { try await sample.session(name) }
        let made = try await sample.session("good")
        await #expect(throws: ChatFailure.self) { try await sample.store.rename(made.info.id, to: name) }
        #expect(try await sample.store.sessions(matching: nil).map(\.name) == ["good"])
    }

    @Test func noTwoSessionsHaveOneName() async throws {
        let sample = try SampleStore()
        let first = try await sample.session("one").info
        let second = try await sample.session("two").info
        let failure = await #expect(throws: ChatFailure.self) { try await sample.session("one") }
        #expect(failure?.why == "there is one with this name, of 0 turns")
        await #expect(throws: ChatFailure.self) { try await sample.store.rename(second.id, to: "one") }
        await #expect(throws: ChatFailure.self) { try await sample.store.rename(second.id, to: first.id.description) }
        try await sample.store.rename(second.id, to: "three")
        #expect(try await sample.store.session(named: "three")?.id == second.id)
    }

    @Test func listsBeginWithWhatChangedLastWhateverTheClockSays() async throws {
        let sample = try SampleStore(now: 2000)
        let first = try await sample.session("first")
        _ = try await sample.session("second")
        let earlier = try SQLiteStore(folder: sample.folder, clock: .standing(at: 1000))
        _ = try await earlier.append(
            .sample(), after: first.beginning.id, in: first.lease, snapshot: nil)
        #expect(try await sample.store.sessions(matching: nil).map(\.name) == ["first", "second"])
        #expect(try await sample.store.turns(of: first.info.id).map(\.content.kind) == [.beginning, .reply])
    }

    @Test func settingsStayWithTheirSession() async throws {
        let sample = try SampleStore()
        let (one, _, lease) = try await sample.session("one")
        let two = try await sample.session("two").info
        try await sample.store.set("temp", to: "0.7", in: lease)
        try await sample.store.set("theme", to: "nord \"\0\u{1F40D}", in: lease)
        try await sample.store.set("seed", to: "1", in: lease)
        try await sample.store.set("seed", to: nil, in: lease)
        #expect(try await sample.again().settings(of: one.id) == ["temp": "0.7", "theme": "nord \"\0\u{1F40D}"])
        #expect(try await sample.store.settings(of: two.id).isEmpty)
    }

    @Test func aSessionThatGoesTakesOnlyItsOwnFiles() async throws {
        let sample = try SampleStore()
        let shared = EncodedSnapshot.sample(1, pages: [1, 2])
        let store = sample.store
        let (one, beginning) = try await store.create(
            NewSession(name: "one", model: SampleStore.identity, modelSource: ""),
            beginning: .sample(kind: .beginning, "", ""), snapshot: shared)
        let two = try await sample.session("two", snapshot: shared)
        do {
            let lease = try await store.lease(one.id)
            _ = try await store.append(
                .sample(), after: beginning.id, in: lease, snapshot: .sample(2, pages: [2, 3]))
            #expect(try sample.files().count == 5)
            let failure = await #expect(throws: ChatFailure.self) { try await store.remove(one.id) }
            #expect(failure?.why == "it is open in this program already")
            withExtendedLifetime(lease) {}
        }
        try await store.remove(one.id)
        #expect(try await store.sessions(matching: nil).map(\.name) == ["two"])
        #expect(try sample.files().count == 3)
        #expect(try await store.files(of: shared.id).main.hasSuffix("\(shared.id).safetensors"))
        #expect(try await store.verify(nil).isEmpty)
        withExtendedLifetime(two.lease) {}
    }
}
