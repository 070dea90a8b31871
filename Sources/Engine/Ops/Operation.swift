/// A class of operations, for telling where time goes.
package enum Operation: Int, Sendable, CaseIterable {
    case embedding
    case norms
    /// Rounding of activations to 8 or 16 bits.
    case quantization
    /// Products with the layers' matrices.
    case projections
    case convolution
    /// The recurrence of a state-space model, or its dual form.
    case scan
    /// Rotary positions, the cache, scores and weighted values.
    case attention
    /// Activation functions, gates, sums and copies.
    case elementwise
    /// The choice of experts, and the copies of what goes to them.
    case routing
    /// Products with the output matrix.
    case head
    /// The choice of a token, its probability and the prediction's entropy.
    case sampling
}

/// Who is told when operations begin and end; the engine itself has no clock.
package protocol OperationObserver: AnyObject, Sendable {
    /// Called on the thread that computes, before and after each operation; operations do not nest.
    func began(_ operation: Operation)
    func ended(_ operation: Operation)
}

extension WorkerPool {
    /// Runs `body` between the observer's two calls; without an observer it just runs.
    @inline(__always)
    package func observed<Result>(_ operation: Operation, _ body: () throws -> Result) rethrows -> Result {
        guard let observer else { return try body() }
        observer.began(operation)
        defer { observer.ended(operation) }
        return try body()
    }
}
