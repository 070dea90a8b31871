import CKernels

/// The threads that share the work inside one operation: the caller and `workers` − 1 more.
///
/// Sequences and models may share a pool: they take turns, in the order in which they come.
/// `@unchecked Sendable`: the handle is set once, and the C pool locks itself.
@safe
package final class WorkerPool: @unchecked Sendable {
    let handle: OpaquePointer?
    package let workers: Int
    /// Who is told of operations, when somebody measures.
    let observer: (any OperationObserver)?

    /// Starts a pool; `workers` is at least 1.
    package init(workers: Int, observer: (any OperationObserver)? = nil) {
        precondition(workers >= 1, "a pool needs a worker")
        self.workers = workers
        self.observer = observer
        // Whoever runs a model runs threads that keep copies of its state.
        ck_keep_memory_flat()
        unsafe handle = ck_pool_create(Int32(workers))
    }

    deinit {
        unsafe ck_pool_destroy(handle)
    }

    /// Runs `body`, which does not call this itself, in one turn: nobody else's operations come in between.
    ///
    /// A turn for each operation would have the threads of two sequences wake each other some hundred times a token.
    func inTurn<Result>(_ body: () throws -> Result) rethrows -> Result {
        unsafe ck_pool_enter(handle)
        defer { unsafe ck_pool_leave(handle) }
        return try body()
    }
}
