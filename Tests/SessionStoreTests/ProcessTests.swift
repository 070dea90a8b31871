import Chat
import Foundation
import Glibc
import SessionStore
import StoreSamples
import TestSupport
import Testing

/// Two processes have one store open.
@Suite struct ProcessTests {
    @Test func aSecondProcessIsToldWhoWritesTheSession() async throws {
        let sample = try SampleStore("folder with spaces \u{FC}\u{65E5}'s")
        let (info, beginning) = try await sample.store.create(
            NewSession(name: "kyoto", model: .sample, modelSource: ""), beginning: .sample(kind: .beginning, "", ""),
            snapshot: .sample(1))
        let probe = try Probe("hold", sample.folder, "kyoto")
        #expect(probe.say() == "held\n")
        let failure = try #require(
            await #expect(throws: ChatFailure.self) { try await sample.store.lease(info.id) })
        #expect(failure.what == "can't write the session 'kyoto'")
        #expect(failure.why?.contains("process \(probe.number) has had it open since 20") == true)
        #expect(failure.why?.contains("store-probe") == true && failure.advice?.contains("\(probe.number)") == true)
        await #expect(throws: ChatFailure.self) { try await sample.store.remove(info.id) }
        // Reading goes on.
        #expect(try await sample.store.turns(of: info.id) == [beginning])
        #expect(probe.end().status == 0)
        _ = try await sample.store.lease(info.id)
    }

    @Test func aKilledProcessLetsGoOfItsSession() async throws {
        let sample = try SampleStore()
        let (info, _) = try await sample.store.create(
            NewSession(name: "kyoto", model: .sample, modelSource: ""), beginning: .sample(kind: .beginning, "", ""),
            snapshot: nil)
        let probe = try Probe("hold", sample.folder, "kyoto")
        #expect(probe.say() == "held\n")
        kill(probe.number, SIGKILL)
        _ = probe.end()
        _ = try await sample.store.lease(info.id)
    }

    @Test func twoProcessesWriteTwoSessionsWhoseFilesComeAndGo() async throws {
        let directory = try TemporaryDirectory()
        let folder = StoreFolder(directory.path("hiss"))
        // Both begin at once, with no database there.
        let probes = [try Probe("write", folder, "one", "60"), try Probe("write", folder, "two", "60")]
        for probe in probes {
            let end = probe.end()
            #expect(end.status == 0 && end.lines == ["written"], "\(end.lines)")
        }
        let store = try SQLiteStore(folder: folder)
        #expect(try await store.sessions(matching: nil).map(\.turns) == [60, 60])
        #expect(try await store.verify(nil).isEmpty)
    }

    @Test func processesThatBeginAtOnceMakeOneStore() async throws {
        let directory = try TemporaryDirectory()
        let folder = StoreFolder(directory.path("hiss"))
        let probes = try (1...6).map { try Probe("write", folder, "session \($0)", "1") }
        for probe in probes {
            let end = probe.end()
            #expect(end.status == 0, "\(end.lines)")
        }
        #expect(try await SQLiteStore(folder: folder).sessions(matching: nil).count == 6)
    }
}
