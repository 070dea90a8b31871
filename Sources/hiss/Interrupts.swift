import Dispatch
import Glibc
import Launch
import Synchronization

/// Turns the signals that ask a program to end into a request that it can answer in order.
///
/// The first asks, the second leaves at once; so does the first while there is nothing to stop in order.
final class Interrupts: Sendable {
    private let state = State()
    /// Kept, as sources end with their last reference.
    private let sources: Mutex<[any DispatchSourceSignal]>

    /// Starts listening.
    init() {
        let queue = DispatchQueue(label: "hiss.interrupts")
        var started: [any DispatchSourceSignal] = []
        for (number, status) in [(SIGINT, ExitStatus.interrupted), (SIGTERM, .terminated), (SIGHUP, .hangup)] {
            // A signal that the parent wants ignored, as nohup does, stays ignored.
            let before = signal(number, SIG_IGN)
            if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [state] in
                guard let stop = state.receive(status) else { _exit(status.rawValue) }
                stop()
            }
            source.resume()
            started.append(source)
        }
        sources = Mutex(started)
    }

    /// The status to leave with, once a signal came.
    var status: ExitStatus? { state.first.withLock { $0.status } }

    /// Lets the first signal call `stop`, on another thread, instead of ending the program.
    func answer(with stop: @escaping @Sendable () -> Void) {
        state.first.withLock { $0.stop = stop }
    }

    private final class State: Sendable {
        let first = Mutex<(status: ExitStatus?, stop: (@Sendable () -> Void)?)>((nil, nil))

        /// Notes a signal; returns what to call for it, or nil to leave at once.
        func receive(_ status: ExitStatus) -> (@Sendable () -> Void)? {
            first.withLock { first in
                guard first.status == nil else { return nil }
                first.status = status
                return first.stop
            }
        }
    }
}
