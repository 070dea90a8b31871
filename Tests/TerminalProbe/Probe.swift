import Glibc
import Terminal

/// Runs one part of Terminal and writes what happens to a log, a line for each event.
///
///     terminal-probe screen LOG [always|never]
///     terminal-probe line LOG HISTORY [vi]
///     terminal-probe plain LOG
@main
struct Probe {
    @MainActor
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let log = Log(path: arguments[2]) else { exit(64) }
        let argument = arguments.count > 3 ? arguments[3] : nil
        switch arguments[1] {
        case "screen": exit(await ScreenProbe(log: log).run(color: argument != "never"))
        case "line": exit(lineProbe(log: log, history: argument, usesVi: arguments.last == "vi"))
        case "plain": exit(plainProbe(log: log))
        default: exit(64)
        }
    }
}

/// A file that gets one line for each event.
struct Log: Sendable {
    private let descriptor: Int32

    init?(path: String) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if descriptor < 0 { return nil }
    }

    /// Writes at once, so that it is there when the program crashes.
    func callAsFunction(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
