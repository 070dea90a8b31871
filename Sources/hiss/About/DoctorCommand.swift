import ArgumentParser
import Chat
import Foundation
import Glibc
import Inference
import Launch
import Screen
import SessionStore
import Terminal
import UI
import Weights

/// Looks for what keeps the program from working well.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the terminal, the files and the model.",
        discussion: "Exits with 1 if something keeps the program from working.")

    /// What a check found.
    private enum Finding {
        case fine(String)
        /// It works, though not as well as it could; with what to do.
        case weak(String, advice: String)
        case broken(String)
    }

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let checks: [(String, () -> Finding)] = [
            ("terminal", { Self.terminal(environment) }), ("characters", { Self.characters() }),
            ("colour", { Self.color(environment) }), ("clipboard", { Self.clipboard(environment) }),
            ("configuration", Self.settings), ("theme", Self.theme), ("state folder", Self.stateFolder),
            ("sessions", Self.sessions), ("model", Self.model),
        ]
        var isBroken = false
        for (name, check) in checks {
            let text: String
            switch check() {
            case .fine(let found): text = "ok    \(name): \(found)"
            case .weak(let found, let advice): text = "note  \(name): \(found)\n      try: \(advice)"
            case .broken(let found):
                text = "BAD   \(name): " + found.split(separator: "\n").joined(separator: "\n      ")
                isBroken = true
            }
            try Output.standardOutput.write(InertText.plain(text) + "\n")
        }
        if isBroken { throw ExitStatus.failure }
    }

    private static func terminal(_ environment: [String: String]) -> Finding {
        let term = environment["TERM"] ?? ""
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            return .weak("input or output is no terminal", advice: "hiss doctor, typed in the terminal you mean")
        }
        if term.isEmpty || term == "dumb" {
            return .weak("TERM is '\(term)', so the chat goes line by line", advice: "TERM=xterm-256color hiss")
        }
        var size = winsize()
        _ = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        let text = "\(term), \(size.ws_col)x\(size.ws_row)"
        return size.ws_col >= 60 && size.ws_row >= 15
            ? .fine(text) : .weak(text + ", and the chat needs 60x15", advice: "a larger window")
    }

    private static func characters() -> Finding {
        setlocale(LC_ALL, "")
        let codeset = nl_langinfo(Int32(CODESET)).map { String(cString: $0) } ?? ""
        return codeset == "UTF-8"
            ? .fine(codeset) : .weak("the locale's characters are \(codeset)", advice: "LANG=C.UTF-8 hiss")
    }

    private static func color(_ environment: [String: String]) -> Finding {
        if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return .fine("off, NO_COLOR is set") }
        return .fine(environment["COLORTERM"] ?? "what TERM says")
    }

    private static func clipboard(_ environment: [String: String]) -> Finding {
        guard environment["TMUX"] != nil else { return .fine("OSC 52, if the terminal takes it") }
        return .weak("tmux passes OSC 52 on only if it is told to", advice: "tmux set -s set-clipboard on")
    }

    private static func settings() -> Finding {
        finding { try Configuration(path: nil, directories: .current).path }
    }

    private static func theme() -> Finding {
        finding {
            let composition = try Composition(model: nil, config: nil, notes: NoteFlags.none)
            let name = try composition.value(of: SettingKeys.theme, flag: nil, builtIn: "ansi")
            let theme = try ThemeFiles(ThemeLocator(.current)).theme(name)
            let weak = theme.weakColors.map(\.name)
            return name + (weak.isEmpty ? "" : ", hard to read: " + weak.joined(separator: ", "))
        }
    }

    private static func stateFolder() -> Finding {
        let folder = Directories.current.state
        if let problem = Directories.makeFolder(of: folder + "/history") { return .broken(problem) }
        return access(folder, W_OK) == 0 ? .fine(folder) : .broken("\(folder) can't be written")
    }

    private static func sessions() -> Finding {
        let folder = StoreFolder(Directories.current.data)
        guard FileManager.default.fileExists(atPath: folder.database) else { return .fine("none are kept yet") }
        let health: StoreHealth
        do {
            health = try SQLiteStore(folder: folder).health()
        } catch {
            return .broken(ChatFailure(error).description)
        }
        let unwritable = health.unwritable.map { "\($0) can't be written" }
        guard health.problems.isEmpty, unwritable.isEmpty else {
            let problems = unwritable + health.problems
            let more = problems.count > 5 ? ["and \(problems.count - 5) more: hiss session verify"] : []
            return .broken((problems.prefix(5) + more).joined(separator: "\n"))
        }
        let text =
            "\(health.sessions) with \(health.turns) turns, \(ByteText.long(health.bytes)) of snapshots in "
            + "\(folder.path), \(ByteText.long(health.freeBytes)) free"
        if let stranger = health.strangers.first {
            return .weak(
                "\(text); \(health.strangers.count) files among the snapshots are not theirs, such as \(stranger)",
                advice: "move them elsewhere; hiss leaves them alone")
        }
        guard health.freeBytes >= leastFreeBytes else {
            return .weak(text + ", which a few turns may fill", advice: "df -h \(folder.path), and free some space")
        }
        return .fine(text)
    }

    /// What some turns' snapshots take.
    private static let leastFreeBytes = 256 << 20

    private static func model() -> Finding {
        finding {
            let composition = try Composition(model: nil, config: nil, notes: NoteFlags.none)
            let path = try composition.locateModel().path
            let file = try ModelPlan.reportingErrors { try WeightFile.open(path) }
            return "\(path), \(file.tensors.count) tensors"
        }
    }

    private static func finding(_ body: () throws -> String) -> Finding {
        do {
            return .fine(try body())
        } catch {
            return .broken((error as? LaunchError)?.failure.description ?? "\(error)")
        }
    }
}
