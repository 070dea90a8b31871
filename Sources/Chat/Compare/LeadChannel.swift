import Dispatch
import Synchronization

/// What one engine tells another that follows it: the tokens that it feeds, one at a time.
///
/// Each waits for the other: the leader feeds a token itself only when the follower has, so that neither takes the
/// processor from the other while its time is measured. Both sides block their own thread.
public final class LeadChannel: Sendable {
    public enum Step: Sendable {
        /// The question's tokens, which have been read.
        case prompt([Int32])
        /// A token of the answer that is about to be fed, and the logits that it was chosen from, `[vocabSize]`.
        case token(Int32, logits: [Float])
        case finished(FinishReason)
    }

    private struct State {
        var step: Step?
        var isClosed = false
    }

    private let state = Mutex(State())
    /// A step is there, or none will come.
    private let offered = DispatchSemaphore(value: 0)
    /// The step has been taken, or none will be.
    private let taken = DispatchSemaphore(value: 0)

    public init() {}

    /// Hands on a step, and waits until the follower is done with it or has left.
    public func offer(_ step: Step) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.step = step }
            return state.isClosed
        }
        guard !isClosed else { return }
        offered.signal()
        taken.wait()
    }

    /// Waits for a step and performs it; returns false where none comes any more.
    ///
    /// - Parameter isStopped: looked at again and again while nothing comes
    public func take(unless isStopped: () -> Bool, _ body: (Step) throws -> Void) rethrows -> Bool {
        while offered.wait(timeout: .now() + .milliseconds(20)) == .timedOut {
            if isStopped() { return false }
        }
        guard let step = state.withLock({ state in state.step.take() }) else { return false }
        defer { taken.signal() }
        try body(step)
        return true
    }

    /// Ends it, from either side: whoever waits goes on.
    public func close() {
        let wasClosed = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        guard !wasClosed else { return }
        offered.signal()
        taken.signal()
    }
}
