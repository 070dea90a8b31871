internal import CNCurses
internal import Glibc
package import Screen

/// The terminal as a full screen, from start to stop.
///
/// The terminal is given back by `stop`, when the session goes away, when the program exits or crashes, and while it is
/// suspended. One session at a time.
package final class TerminalSession {
    package let display: CursesDisplay
    /// What the user should be told once, such as that an unknown `TERM` was replaced.
    package let notes: [String]
    /// Whether colours can be shown, and are wanted.
    package let showsColor: Bool
    /// Whether the locale can show more than ASCII.
    package let showsUnicode: Bool

    private let onInput: (InputEvent) -> Void
    private let onEnd: (Int32) -> Void
    private var keys: KeyReader?
    private let watcher: SignalWatcher
    private var hasEnded = false
    private var usesMouse = false
    /// Whether another program has the terminal.
    package private(set) var isLent = false
    /// The stop that comes to an end was ours.
    private var expectsContinue = false
    private var resumed: ContinuousClock.Instant?

    private static let signals = [SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT]

    /// Switches to the full screen and begins to read keys.
    ///
    /// - Parameters:
    ///   - color: whether to use colour; bold and reverse stay in any case
    ///   - onInput: gets keys, pastes and sizes, on the main actor
    ///   - onEnd: gets the signal that asks the program to end: SIGTERM, SIGINT, SIGQUIT, or SIGHUP when the terminal has
    ///     gone. Called once. The program saves, calls `stop` and exits with 128 + that number.
    /// - Throws: `TerminalError`; the terminal is as before then.
    package init(
        color: Bool, onInput: @escaping (InputEvent) -> Void, onEnd: @escaping (Int32) -> Void
    ) throws {
        // Watched before ncurses starts: it puts its own handlers where it finds none.
        let target = SignalTarget()
        let watcher = SignalWatcher(Self.signals) { target.session?.handle($0) }
        var capabilities = cn_capabilities()
        let result = cn_start(color, &capabilities)
        guard result == CN_STARTED else {
            watcher.cancel()
            throw Self.error(result)
        }
        display = CursesDisplay(
            palette: Palette(colors: Int(capabilities.colors), isDirect: capabilities.direct_color))
        notes = Self.notes(capabilities)
        showsColor = capabilities.colors > 0
        showsUnicode = capabilities.utf8
        self.onInput = onInput
        self.onEnd = onEnd
        self.watcher = watcher
        target.session = self
        let keys = KeyReader(
            deliver: { [weak self] in self?.onInput($0) },
            ended: { [weak self] in self?.end(SIGHUP) })
        self.keys = keys
        keys.start()
    }

    /// Gives the terminal back.
    ///
    /// Nothing is delivered afterwards.
    package func stop() {
        keys?.stop()
        keys = nil
        cn_stop()
        watcher.cancel()
    }

    /// Gives the terminal to the shell until the user types `fg`; then the whole screen is due.
    package func suspend() {
        guard cn_is_running() else { return }
        expectsContinue = true
        cn_suspend()
        resumed = .now
        takeSize()
    }

    /// Gives the terminal to another program, until `takeBack`: nothing is read, and nothing may be drawn.
    package func lend() {
        guard cn_is_running(), !isLent else { return }
        isLent = true
        keys?.stop()
        cn_lend()
    }

    /// Takes the terminal again after the other program; then the whole screen is due.
    package func takeBack() {
        guard isLent, cn_is_running() else { return }
        isLent = false
        cn_reclaim()
        keys?.start()
        takeSize()
    }

    /// Takes the steps of the mouse wheel as keys, or leaves the mouse to the terminal.
    package func setMouse(_ isOn: Bool) {
        guard isOn != usesMouse else { return }
        usesMouse = isOn
        cn_mouse(isOn)
    }

    /// Gives the cursor a shape, on terminals that have shapes.
    package func setCursor(_ shape: CursorShape) {
        guard !isLent else { return }
        switch shape {
        case .usual: cn_shape(0)
        case .block: cn_shape(2)
        case .underline: cn_shape(4)
        case .bar: cn_shape(6)
        }
    }

    /// Asks the terminal to tell when it gets the focus or loses it.
    package func setFocusReports(_ isOn: Bool) {
        cn_focus(isOn)
    }

    /// Sends the whole screen with the next frame.
    package func redraw() {
        display.invalidate()
    }

    isolated deinit {
        stop()
    }

    // MARK: Signals

    fileprivate func handle(_ signal: Int32) {
        switch signal {
        case SIGWINCH, SIGCONT, SIGINT, SIGQUIT:
            // They come from the terminal, to the program that has it.
            if !isLent { handleOwn(signal) }
        case SIGTSTP:
            if isLent { cn_stop_job() } else { handleOwn(signal) }
        default: end(signal)
        }
    }

    private func handleOwn(_ signal: Int32) {
        switch signal {
        case SIGWINCH:
            guard cn_resize() else { return }
            display.invalidate()
            onInput(.resized(display.size))
        case SIGTSTP:
            // The signal that a suspension sends to the job may have been kept for us by Dispatch.
            if let resumed, .now - resumed < .milliseconds(200) { return }
            suspend()
        case SIGCONT:
            defer { expectsContinue = false }
            // After a stop that wasn't ours the shell has changed the terminal.
            guard !expectsContinue else { return }
            cn_reclaim()
            takeSize()
        default: end(signal)
        }
    }

    /// The size may have changed without a signal, and the screen has to be drawn in any case.
    private func takeSize() {
        _ = cn_resize()
        display.invalidate()
        onInput(.resized(display.size))
    }

    private func end(_ signal: Int32) {
        guard !hasEnded else { return }
        hasEnded = true
        onEnd(signal)
    }

    // MARK: Words

    private static func notes(_ capabilities: cn_capabilities) -> [String] {
        var notes: [String] = []
        if capabilities.fell_back {
            notes.append(
                "The terminal \(Self.terminalName) is not described on this machine; using xterm-256color. "
                    + "Set TERM to a name that `infocmp` knows, or install ncurses-term.")
        }
        if !capabilities.utf8 {
            notes.append(
                "This machine has no UTF-8 locale, so that only ASCII can be shown. Set LANG to C.UTF-8 or another.")
        }
        return notes
    }

    private static var terminalName: String {
        let value = getenv("TERM").map { String(cString: $0) } ?? ""
        return value.isEmpty ? "(TERM is not set)" : "\"\(value)\""
    }

    private static func error(_ result: cn_start_result) -> TerminalError {
        switch result {
        case CN_NOT_A_TERMINAL:
            TerminalError(
                .notATerminal, "The screen needs a terminal for input and output. Use `hiss run` with files and pipes.")
        case CN_NO_DESCRIPTION:
            TerminalError(
                .unknownTerminal,
                "The terminal \(terminalName) is not described on this machine, and neither is xterm-256color. "
                    + "Install ncurses-base, or use --plain.")
        default: TerminalError(.unavailable, "A screen is open already; one can be open at a time.")
        }
    }
}

/// Leads to the session from a watcher that is there before it.
private final class SignalTarget {
    weak var session: TerminalSession?
}
