import Engine
import Inference
import Synchronization

/// Adds up the time of each class of operations, while it is switched on.
final class OperationTimer: OperationObserver {
    private struct Sums {
        var isOn = false
        var began: ContinuousClock.Instant?
        var seconds = [Double](repeating: 0, count: Operation.allCases.count)
    }

    private let sums = Mutex(Sums())
    private let clock = ContinuousClock()

    func began(_ operation: Operation) {
        sums.withLock { if $0.isOn { $0.began = clock.now } }
    }

    func ended(_ operation: Operation) {
        sums.withLock {
            guard let began = $0.began else { return }
            $0.seconds[operation.rawValue] += (clock.now - began).seconds
            $0.began = nil
        }
    }

    /// Runs `body`, and returns the seconds of each class of operations and of everything.
    func measure(_ body: () throws -> Void) rethrows -> OperationTimes {
        sums.withLock { $0 = Sums(isOn: true) }
        let total = try clock.measure(body).seconds
        return sums.withLock {
            $0.isOn = false
            return OperationTimes(seconds: $0.seconds, total: total)
        }
    }
}

/// Where the time of a measurement went.
struct OperationTimes {
    /// By `Operation.rawValue`.
    var seconds: [Double]
    var total: Double

    /// What is left between the operations.
    var other: Double { total - seconds.reduce(0, +) }

    /// Names and seconds of all that took time, the longest first.
    var ranked: [(name: String, seconds: Double)] {
        let known = Operation.allCases.map { (name: "\($0)", seconds: seconds[$0.rawValue]) }
        return (known + [(name: "other", seconds: other)]).filter { $0.seconds > 0 }.sorted { $0.seconds > $1.seconds }
    }
}
