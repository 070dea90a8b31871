import Chat
import Glibc
import SessionStore
import StoreSamples
import Synchronization

/// Uses a store as another process would.
///
///     store-probe steps FOLDER [CALL [torn]]   takes all steps, and is killed at a call; prints each that was taken
///     store-probe hold FOLDER SESSION          keeps the session until its input ends
///     store-probe write FOLDER SESSION COUNT   makes a session of COUNT turns
///     store-probe limited FOLDER BYTES         takes all steps with no file longer than BYTES
///     store-probe bench FOLDER                 times a store of 1000 sessions and 10,000 turns, which it makes there
///     store-probe stranger FOLDER              takes all steps as a user who may only read
@main
struct Probe {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { exit(64) }
        let folder = StoreFolder(arguments[2])
        let argument = arguments.count > 3 ? arguments[3] : ""
        do {
            switch arguments[1] {
            case "steps":
                KillSwitch.install()
                KillSwitch.last.store(Int(argument) ?? 0, ordering: .relaxed)
                KillSwitch.tears.store(arguments.last == "torn", ordering: .relaxed)
                try await take(folder, calls: MortalFileCalls())
                say("calls \(KillSwitch.calls.load(ordering: .relaxed))")
            case "hold":
                let store = try SQLiteStore(folder: folder, patience: 30)
                guard let session = try await store.session(named: argument) else { exit(65) }
                let lease = try await store.lease(session.id)
                say("held")
                while readLine() != nil {}
                withExtendedLifetime(lease) {}
            case "write": try await write(folder, session: argument, count: Int(arguments[4]) ?? 0)
            case "limited":
                signal(SIGXFSZ, SIG_IGN)
                let bytes = rlim_t(argument) ?? 0
                var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
                guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(66) }
                try await take(folder, calls: SystemFileCalls())
            case "bench": try await StoreBench(folder).run(say)
            case "stranger":
                if geteuid() == 0 { guard setgid(65534) == 0, setuid(65534) == 0 else { exit(66) } }
                try await take(folder, calls: SystemFileCalls())
            default: exit(64)
            }
        } catch {
            say("\(error)")
            exit(1)
        }
    }

    private static func take(_ folder: StoreFolder, calls: any FileCalls) async throws {
        try await StoreSteps(try SQLiteStore(folder: folder, calls: calls, patience: 1)).takeAll { number in
            say("step \(number)")
        }
    }

    private static func write(_ folder: StoreFolder, session name: String, count: Int) async throws {
        let store = try SQLiteStore(folder: folder, patience: 30)
        let (session, beginning) = try await store.create(
            NewSession(name: name, model: .sample, modelSource: ""), beginning: .sample(kind: .beginning, "", ""),
            snapshot: nil)
        let lease = try await store.lease(session.id)
        var last = beginning
        for index in 0..<count {
            // Files come, are shared with the other process, and go again.
            last = try await store.append(
                .sample("q\(index)", name), after: last.id, in: lease,
                snapshot: .sample(UInt64(index), bytes: 5000, pages: [UInt64(index), UInt64(index + 1)]))
            if index.isMultiple(of: 5) { _ = try await store.thin(to: 20_000) }
        }
        say("written")
    }

    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
