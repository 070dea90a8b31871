import Foundation
import Glibc
import Testing

/// A program in tmux, whose screen is the word of a terminal that isn't ours.
final class Tmux: Sendable {
    /// Holds the server's socket, so that no other tmux is met.
    private let folder: URL

    /// Whether there is a tmux; tests that need one are skipped without.
    static let isInstalled = path != nil
    /// What to say when they are.
    static let reason = "tmux is not installed; `apt-get install tmux` to run this test"

    private static let path = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Starts a command, which a shell reads.
    init(_ command: String, columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hiss-tmux-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let variables = environment.map { "\($0)='\($1)' " }.joined()
        // The last screen stays to be looked at.
        try run("new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", variables + command)
        try run("set-option", "-g", "remain-on-exit", "on")
    }

    deinit {
        _ = try? run("kill-server")
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a tmux command and gives what it writes.
    @discardableResult
    func run(_ arguments: String...) throws -> String {
        let output = folder.appending(path: UUID().uuidString).path
        let environment = PseudoTerminal.environment(["TMUX_TMPDIR": folder.path])
        let words = ["-L", "test", "-f", "/dev/null", "-u"] + arguments
        let process = try spawn(Self.path ?? "/usr/bin/tmux", words, environment: environment, output: output)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let text = String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
        try? FileManager.default.removeItem(atPath: output)
        guard status == 0 else {
            throw SpawnError(description: "tmux \(arguments.joined(separator: " ")): \(text)")
        }
        return text
    }

    /// The screen's rows, without blanks at their ends; with `styles`, colours and attributes as SGR sequences.
    func screen(styles: Bool = false) throws -> [String] {
        let text = styles ? try run("capture-pane", "-p", "-e") : try run("capture-pane", "-p")
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Presses keys by tmux's names: `Enter`, `C-j`, `M-Enter`.
    func press(_ keys: String...) throws {
        for key in keys { try run("send-keys", key) }
    }

    /// Sends text as it is.
    func type(_ text: String) throws {
        try run("send-keys", "-l", text)
    }

    /// Pastes, in brackets when the program has asked for them.
    func paste(_ text: String) throws {
        try run("set-buffer", text)
        try run("paste-buffer", "-p")
    }

    func resize(columns: Int, rows: Int) throws {
        try run("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// Waits until the screen is as `condition` wants it.
    func waitForScreen(_ what: String, _ condition: ([String]) -> Bool) async throws -> [String] {
        var last: [String] = []
        return try await waitFor(what, state: { last.joined(separator: "\n") }) {
            last = try screen()
            return condition(last) ? last : nil
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips tests where there is no tmux; with `HISS_REQUIRE_TMUX` they fail there instead.
    static var endToEnd: Self {
        .enabled(
            if: Tmux.isInstalled || ProcessInfo.processInfo.environment["HISS_REQUIRE_TMUX"] != nil,
            Comment(rawValue: Tmux.reason))
    }
}
