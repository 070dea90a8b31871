internal import CNCurses
internal import Dispatch

/// Delivers signals on the main queue, where everything may be done.
///
/// A signal that is ignored from the start, as under `nohup`, stays ignored. When the last watcher of a signal is
/// cancelled, the signal does again what it does by default.
package final class SignalWatcher {
    private static var watchers: [Int32: Int] = [:]
    private var sources: [(number: Int32, source: any DispatchSourceSignal)] = []

    /// - Parameter handler: gets the signal's number
    package init(_ signals: [Int32], handler: @escaping (Int32) -> Void) {
        for number in signals where Self.watchers[number] != nil || !cn_signal_is_ignored(number) {
            let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
            source.setEventHandler {
                MainActor.assumeIsolated { handler(number) }
            }
            source.resume()
            cn_signal_regain(number)
            // From here on the signal is ours: ncurses looks whether it has a handler, and the process may get it.
            _ = cn_signal_await(number)
            Self.watchers[number, default: 0] += 1
            sources.append((number, source))
        }
    }

    /// Stops delivering.
    package func cancel() {
        for (number, source) in sources {
            source.cancel()
            Self.watchers[number, default: 1] -= 1
            guard Self.watchers[number] == 0 else { continue }
            Self.watchers[number] = nil
            cn_signal_release(number)
        }
        sources = []
    }

    isolated deinit {
        cancel()
    }
}
