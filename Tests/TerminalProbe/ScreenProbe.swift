import Glibc
import Screen
import Terminal

/// Shows a pattern and logs every event.
///
/// Ctrl-Q quits, Ctrl-Z suspends, Ctrl-L redraws, F5 traps, F6 overflows the stack, F7 exits without stopping the
/// session, F8 shows another pattern, F9 has changes of focus reported, F10 rings and notifies.
@MainActor
final class ScreenProbe {
    private enum Happening: Sendable {
        case input(InputEvent)
        case end(Int32)
    }

    private let log: Log
    private var pattern = Pattern.first

    init(log: Log) {
        self.log = log
    }

    func run(color: Bool) async -> Int32 {
        let (happenings, inbox) = AsyncStream<Happening>.makeStream()
        let session: TerminalSession
        do {
            session = try TerminalSession(
                color: color, onInput: { inbox.yield(.input($0)) }, onEnd: { inbox.yield(.end($0)) })
        } catch {
            log("error \(error)")
            return 2
        }
        for note in session.notes { log("note \(note)") }
        show(session)
        log("process \(getpid())")
        log("ready \(session.display.size.columns)x\(session.display.size.rows)")
        for await happening in happenings {
            switch happening {
            case .end(let signal):
                log("end \(signal)")
                session.stop()
                return 128 + signal
            case .input(let event):
                log(describe(event))
                if case .key(Key(.character("q"), .control)) = event {
                    session.stop()
                    return 0
                }
                react(to: event, session)
            }
        }
        return 1
    }

    private func show(_ session: TerminalSession) {
        session.display.present(pattern.frame(session.display.size))
    }

    private func react(to event: InputEvent, _ session: TerminalSession) {
        switch event {
        case .resized, .focus: break
        case .key(Key(.character("z"), .control)): session.suspend()
        case .key(Key(.character("l"), .control)): session.redraw()
        case .key(Key(.function(5))): print([1, 2][pattern.count + 7])
        case .key(Key(.function(6))): print(deepen(1))
        case .key(Key(.function(7))): exit(7)
        case .key(Key(.function(8))): pattern = .second
        case .key(Key(.function(9))): session.setFocusReports(true)
        case .key(Key(.function(10))):
            session.ring()
            session.notify("done")
        default: return
        }
        show(session)
        log("shown")
    }

    /// Uses up the stack.
    private func deepen(_ depth: Int) -> Int {
        depth < .max ? deepen(depth + 1) &+ depth : 0
    }
}

private func describe(_ event: InputEvent) -> String {
    switch event {
    case .resized(let size): return "resized \(size.columns)x\(size.rows)"
    case .focus(let isThere): return "focus \(isThere ? "in" : "out")"
    case .paste(let text): return "paste \(quoted(text))"
    case .key(let key):
        let names: [(Key.Modifiers, String)] = [(.control, "control-"), (.alt, "alt-"), (.shift, "shift-")]
        let modifiers = names.filter { key.modifiers.contains($0.0) }.map(\.1).joined()
        switch key.code {
        case .character(let character): return "key \(modifiers)'\(quoted(String(character)))'"
        case .function(let number): return "key \(modifiers)F\(number)"
        default: return "key \(modifiers)\(key.code)"
        }
    }
}
