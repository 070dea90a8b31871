import Foundation
import Synchronization

/// A serial executor on a thread of its own: where one loaded engine decodes.
///
/// A plain actor would hold one of the cooperative pool's few threads for seconds.
final class EngineThread: SerialExecutor {
    /// What the thread shares with those who enqueue; it outlives the executor by the thread's last turn.
    private final class Queue: Sendable {
        private struct Contents {
            var jobs: [UnownedJob] = []
            var isClosed = false
        }

        private let contents = Mutex(Contents())
        private let waiting = DispatchSemaphore(value: 0)

        func add(_ job: UnownedJob) {
            contents.withLock { $0.jobs.append(job) }
            waiting.signal()
        }

        func close() {
            contents.withLock { $0.isClosed = true }
            waiting.signal()
        }

        /// The next job, waiting for it; nil when the queue was closed and is empty.
        func next() -> UnownedJob? {
            waiting.wait()
            return contents.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
        }
    }

    private let queue = Queue()

    /// Starts the thread, which shows under `name` in tools like htop.
    init(name: String) {
        let queue = queue
        let thread = Thread { [weak self] in
            while let job = queue.next() {
                guard let executor = self else { return }
                unsafe job.runSynchronously(on: executor.asUnownedSerialExecutor())
            }
        }
        thread.name = name
        thread.start()
    }

    deinit {
        queue.close()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job))
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }
}
