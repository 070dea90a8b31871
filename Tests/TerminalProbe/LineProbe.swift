import Glibc
import Terminal

/// Reads entries with libedit until the end; `quit` ends it as well.
func lineProbe(log: Log, history path: String?, usesVi: Bool) -> Int32 {
    do {
        let history = try HistoryFile(path: path)
        if let problem = history.problem { log("problem \(problem)") }
        let reader = try LineReader(program: "probe", history: history, usesVi: usesVi) { text in
            ["/help", "/history", "/model"].filter { $0.hasPrefix(text) }
        }
        while true {
            log("reading")
            let input = reader.read(prompt: "you> ")
            log(describe(input))
            switch input {
            case .line("crash"): kill(getpid(), SIGSEGV)
            case .line("quit"), .end: return 0
            case .terminated(let signal): return 128 + signal
            case .line, .interrupted: continue
            }
        }
    } catch {
        log("error \(error)")
        return 2
    }
}

/// Reads lines as they come until the end.
func plainProbe(log: Log) -> Int32 {
    let reader = PlainLineReader()
    while true {
        do {
            log("reading")
            let input = try reader.read()
            log(describe(input))
            switch input {
            case .end: return 0
            case .terminated(let signal): return 128 + signal
            case .line, .interrupted: continue
            }
        } catch {
            log("error \(error)")
            return 5
        }
    }
}

private func describe(_ input: LineInput) -> String {
    switch input {
    case .line(let text): "line \(quoted(text))"
    case .interrupted: "interrupted"
    case .end: "end"
    case .terminated(let signal): "terminated \(signal)"
    }
}

/// The text on one line, with every scalar that isn't printable ASCII as `\u{…}`.
func quoted(_ text: String) -> String {
    text.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 ? String($0) : "\\u{\(String($0.value, radix: 16))}" }
        .joined()
}
