import Foundation
import Glibc
import Synchronization
import TestSupport

/// A program on a terminal of its own, whose other end is held here.
///
/// The program is the leader of a session with this terminal, so that it gets ^C, changes of size and the hang-up.
final class PseudoTerminal: Sendable {
    let process: pid_t
    private let controller: Int32
    /// Kept open, so that the settings can be read after the program has gone.
    private let terminal: Int32
    private let collector: Collector
    private let ended = Mutex<Int32?>(nil)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: path of the executable
    ///   - environment: replaces the inherited one
    init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = PseudoTerminal.environment(),
        columns: Int = 80, rows: Int = 24
    ) throws {
        var controller: Int32 = -1
        var terminal: Int32 = -1
        // ttyname() has one place for all, which others may write to meanwhile.
        var name = [CChar](repeating: 0, count: 64)
        guard openpty(&controller, &terminal, nil, nil, nil) == 0, ttyname_r(terminal, &name, name.count) == 0 else {
            throw SpawnError(description: "no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        let path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        // A program that inherits one of these would keep the terminal alive.
        _ = fcntl(controller, F_SETFD, FD_CLOEXEC)
        _ = fcntl(terminal, F_SETFD, FD_CLOEXEC)
        setSize(controller, columns, rows)
        self.controller = controller
        self.terminal = terminal
        process = try spawn(program, arguments, environment: environment, terminal: path)
        collector = Collector(descriptor: controller)
    }

    deinit {
        collector.stop()
        if ended.withLock({ $0 }) == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        close(terminal)
    }

    /// A small environment, the same on every machine.
    static func environment(_ changes: [String: String] = [:]) -> [String: String] {
        // A crash is wanted here, and a report of it takes seconds.
        [
            "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent",
            "SWIFT_BACKTRACE": "enable=no",
        ].merging(sanitizerOptions) { $1 }.merging(changes) { $1 }
    }

    // MARK: Both directions

    /// All that the program has written.
    var output: [UInt8] { collector.bytes }

    /// A piece of the output as it came: where it ends, and when.
    struct Arrival {
        var end: Int
        var time: ContinuousClock.Instant
    }

    /// The pieces of the output; the program's writes, but for those that came together.
    var arrivals: [Arrival] { collector.arrivals }

    /// The output as text, with Escape as `<ESC>`.
    var visibleOutput: String {
        String(decoding: output, as: UTF8.self).replacing("\u{1B}", with: "<ESC>")
    }

    /// Types.
    func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    func resize(columns: Int, rows: Int) {
        setSize(controller, columns, rows)
    }

    /// Takes the terminal away, as a closed window does.
    func hangUp() {
        collector.stop()
    }

    /// The settings, as `stty -g` tells them.
    var settings: [UInt32] {
        let settings = attributes
        let characters = withUnsafeBytes(of: settings.c_cc) { $0.map { UInt32($0) } }
        return [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag] + characters
    }

    /// Whether the terminal keeps what is typed until Enter, as it does for a program that doesn't edit by itself.
    var readsLines: Bool { attributes.c_lflag & UInt32(ICANON) != 0 }

    /// Changes the settings behind the program's back: lines with echo, as a shell has them.
    func makeSane() {
        var settings = attributes
        settings.c_lflag |= UInt32(ICANON | ECHO | ISIG)
        settings.c_iflag |= UInt32(ICRNL)
        tcsetattr(terminal, TCSANOW, &settings)
    }

    private var attributes: termios {
        var settings = termios()
        tcgetattr(terminal, &settings)
        return settings
    }

    // MARK: The end

    /// How the program has ended: its code, or minus the signal; nil while it runs.
    var status: Int32? {
        ended.withLock { status in
            if let status { return status }
            var value: Int32 = 0
            guard waitpid(process, &value, WNOHANG) == process else { return nil }
            let signal = value & 0x7F
            status = signal == 0 ? value >> 8 & 0xFF : -signal
            return status
        }
    }

    /// Whether the program has been stopped, as by ^Z, and not continued.
    var isStopped: Bool { status("State").hasPrefix("T") }

    /// Sends a signal, and waits until the program has taken it.
    func signal(_ number: Int32) async throws {
        kill(process, number)
        try await waitUntil("signal \(number) to be taken") {
            let pending = UInt64(status("ShdPnd"), radix: 16) ?? 0
            return pending >> UInt64(number - 1) & 1 == 0
        }
    }

    /// What the system says about the program.
    private func status(_ name: String) -> String {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") } ?? ""
        return line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
    }

    /// Waits until the program has ended, and its last bytes are here.
    func waitForEnd() async throws -> Int32 {
        let status: Int32 = try await waitFor("end of the program", state: { visibleOutput }) { self.status }
        var before = -1
        try await waitUntil("last bytes") {
            defer { before = output.count }
            var waiting: Int32 = 0
            _ = ioctl(controller, UInt(FIONREAD), &waiting)
            return waiting == 0 && before == output.count
        }
        return status
    }

    /// Waits until the output holds this text `times` times.
    func waitForOutput(_ text: String, times: Int = 1) async throws {
        try await waitUntil("\"\(text)\"", state: { visibleOutput }) {
            String(decoding: output, as: UTF8.self).ranges(of: text).count >= times
        }
    }
}

private func setSize(_ descriptor: Int32, _ columns: Int, _ rows: Int) {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
}

/// Reads what a program writes, so that it never waits for a reader; owns the descriptor.
private final class Collector: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var arrivals: [PseudoTerminal.Arrival] = []
        var isStopping = false
    }

    private let state = Mutex(State())

    init(descriptor: Int32) {
        Thread.detachNewThread { [self] in
            while !state.withLock({ $0.isStopping }) {
                var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&input, 1, 10) > 0 else { continue }
                var piece = [UInt8](repeating: 0, count: 65536)
                let count = read(descriptor, &piece, piece.count)
                if count <= 0 { break }
                let now = ContinuousClock.now
                state.withLock {
                    $0.bytes.append(contentsOf: piece[..<count])
                    $0.arrivals.append(PseudoTerminal.Arrival(end: $0.bytes.count, time: now))
                }
            }
            close(descriptor)
        }
    }

    var bytes: [UInt8] { state.withLock { $0.bytes } }

    var arrivals: [PseudoTerminal.Arrival] { state.withLock { $0.arrivals } }

    func stop() {
        state.withLock { $0.isStopping = true }
    }
}
