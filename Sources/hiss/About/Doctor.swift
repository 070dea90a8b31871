import Chat
import Foundation
import Glibc
import Inference
import Launch
import Screen
import SessionStore
import UI
import Weights

/// What keeps the program from working well: one line a check, and what to do.
enum Doctor {
    /// What a check found.
    private enum Finding {
        case fine(String)
        /// It works, though not as well as it could; with what to do.
        case weak(String, advice: String)
        case broken(String)
    }

    /// Checks everything, and says whether something keeps the program from working.
    static func report() -> (text: String, isBroken: Bool) {
        let environment = ProcessInfo.processInfo.environment
        let checks: [(String, () -> Finding)] = [
            ("terminal", { terminal(environment) }), ("characters", { characters() }),
            ("colour", { color(environment) }), ("clipboard", { clipboard(environment) }),
            ("configuration", configuration), ("keys", keys), ("theme", theme),
            ("sessions", sessions),
            ("state folder", { folder(Directories.current.state) }), ("model", model),
        ]
        var lines: [String] = []
        var isBroken = false
        for (name, check) in checks {
            switch check() {
            case .fine(let found): lines.append("ok    \(name): \(found)")
            case .weak(let found, let advice): lines += ["note  \(name): \(found)", "      try: \(advice)"]
            case .broken(let found):
                lines.append("BAD   \(name): " + found.split(separator: "\n").joined(separator: "\n      "))
                isBroken = true
            }
        }
        return (InertText.plain(lines.joined(separator: "\n")), isBroken)
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
        // The program's own locale may be another by now: a screen takes C.UTF-8 where it can.
        let locale = newlocale(LC_CTYPE_MASK, "", nil)
        defer { if let locale { freelocale(locale) } }
        let codeset = locale.flatMap { nl_langinfo_l(Int32(CODESET), $0) }.map { String(cString: $0) } ?? "unknown"
        return codeset == "UTF-8"
            ? .fine(codeset) : .weak("the locale's characters are \(codeset)", advice: "LANG=C.UTF-8 hiss")
    }

    private static func color(_ environment: [String: String]) -> Finding {
        if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return .fine("off, NO_COLOR is set") }
        return .fine(environment["COLORTERM"] ?? "as many as TERM=\(environment["TERM"] ?? "") has")
    }

    private static func clipboard(_ environment: [String: String]) -> Finding {
        guard environment["TMUX"] != nil else { return .fine("OSC 52, if the terminal takes it") }
        return .weak("tmux passes OSC 52 on only if it is told to", advice: "tmux set -s set-clipboard on")
    }

    /// The file's own values, and those of the environment.
    private static func configuration() -> Finding {
        finding {
            let composition = try Composition(model: nil, config: nil, notes: NoteFlags.none)
            let path = composition.settings.configuration.path
            _ = try composition.settings.listing()
            return FileManager.default.fileExists(atPath: path) ? path : "\(path), which isn't there yet"
        }
    }

    private static func keys() -> Finding {
        finding {
            _ = try KeyFiles.keys()
            let path = Directories.current.keyFile
            return FileManager.default.fileExists(atPath: path) ? path : "the standard ones"
        }
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

    /// Whether a folder can be written, where it is there or can be made.
    private static func folder(_ path: String) -> Finding {
        if let problem = Directories.makeFolder(of: path + "/file") { return .broken(problem) }
        guard access(path, W_OK | X_OK) == 0 else {
            return .broken("\(path) can't be written: \(String(cString: strerror(errno)))")
        }
        return .fine(path)
    }

    private static func sessions() -> Finding {
        let folder = StoreFolder(Directories.current.data)
        guard FileManager.default.fileExists(atPath: folder.database) else {
            // Where they will be kept.
            if case .broken(let problem) = self.folder(folder.path) { return .broken(problem) }
            return .fine("none are kept yet")
        }
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
            "\(health.sessions) with \(CountText.of(health.turns, "turn")), \(ByteText.long(health.bytes)) of snapshots in "
            + "\(folder.path), \(ByteText.long(health.freeBytes)) free"
        if let stranger = health.strangers.first {
            return .weak(
                "\(text); among the snapshots are files that are not theirs, \(health.strangers.count) in all, such as \(stranger)",
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
