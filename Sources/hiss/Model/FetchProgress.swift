import Downloads
import UI

/// The line that says how far a fetch is, and how fast.
final class FetchProgress {
    private let line: ProgressLine
    /// Bytes that were there when it began, and when that was.
    private var first: (bytes: Int, time: ContinuousClock.Instant)?
    private var shown: ContinuousClock.Instant?

    init(isShown: Bool) {
        line = ProgressLine(isShown: isShown)
    }

    func show(_ progress: ModelFetch.Progress) {
        let now = ContinuousClock.now
        if case .fetching(let done, _) = progress, first == nil { first = (done, now) }
        if let shown, now - shown < .milliseconds(100) { return }
        shown = now
        let first = first ?? (0, now)
        line.show(Self.text(progress, since: first.bytes, seconds: (now - first.time) / .seconds(1)))
    }

    func finish() { line.finish() }

    /// As in `[#####...................]  21 %  19.5 MiB of 88.6 MiB  5.1 MiB/s  14 s left`.
    static func text(_ progress: ModelFetch.Progress, since first: Int, seconds: Double) -> String {
        switch progress {
        case .unpacking(let done, let total): return bar(done, total) + "  unpacking and checking"
        case .fetching(let done, let total):
            let rate = seconds > 0 ? Double(done - first) / seconds : 0
            let speed = rate > 0 ? "  \(ByteText.long(Int(rate)))/s" : ""
            guard let total, total > 0 else { return "\(ByteText.long(done))\(speed)" }
            let left = rate > 0 ? "  \(Int((Double(total - done) / rate).rounded(.up))) s left" : ""
            return bar(done, total) + "  \(ByteText.long(done)) of \(ByteText.long(total))\(speed)\(left)"
        }
    }

    private static func bar(_ done: Int, _ total: Int) -> String {
        ProgressLine.bar(Double(done) / Double(max(1, total)))
    }
}
