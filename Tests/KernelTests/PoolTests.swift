import CKernels
import Dispatch
import Testing

extension Kernels {
    /// The fork-join pool and the choice of instruction set.
    struct Threads {
        /// Counts of tasks run, by worker.
        ///
        /// Workers of one region write different places, and regions take turns.
        private struct Counts: @unchecked Sendable {
            let pool: OpaquePointer?
            let byWorker: UnsafeMutablePointer<Int>

            /// One region whose tasks take longer than the workers spin when `long`.
            func region(long: Bool) {
                let task: ck_task = { context, worker, _ in
                    context?.assumingMemoryBound(to: Int.self)[Int(worker)] += 1
                }
                let longTask: ck_task = { context, worker, _ in
                    busy(for: .microseconds(worker == 0 ? 1 : 60))
                    context?.assumingMemoryBound(to: Int.self)[Int(worker)] += 1
                }
                ck_pool_run(pool, long ? longTask : task, byWorker)
            }
        }

        @Test(arguments: 1...4)
        func twoCallersTakeTurns(_ workers: Int) {
            let pool = Pool(workers: workers)
            #expect(ck_pool_workers(pool.handle) == Int32(workers))
            // A lone worker runs on its caller, without turns: there each caller counts for itself.
            let callers = workers == 1 ? 1 : 2
            let byWorker = UnsafeMutablePointer<Int>.allocate(capacity: workers)
            defer { byWorker.deallocate() }
            byWorker.initialize(repeating: 0, count: workers)
            let counts = Counts(pool: pool.handle, byWorker: byWorker)
            DispatchQueue.concurrentPerform(iterations: callers) { _ in
                for i in 0..<300 {
                    counts.region(long: i % 10 == 3)
                    if i % 10 == 7 { busy(for: .microseconds(60)) }  // workers go to sleep meanwhile
                }
            }
            #expect((0..<workers).allSatisfy { byWorker[$0] == 300 * callers })
        }

        @Test func withoutAPoolTheCallerWorks() {
            var count = 0
            ck_pool_run(
                nil,
                { context, worker, workers in
                    context?.assumingMemoryBound(to: Int.self).pointee += worker == 0 && workers == 1 ? 1 : 100
                }, &count)
            #expect(count == 1 && ck_pool_workers(nil) == 1)
        }

        @Test func readingDependsOnEveryByte() {
            var bytes = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let pool = Pool(workers: 3)
            func reads() -> Set<UInt64> {
                Set(
                    availableSets().flatMap { isa in
                        on(isa) {
                            [ck_read_bytes(nil, bytes, bytes.count), ck_read_bytes(pool.handle, bytes, bytes.count)]
                        }
                    })
            }
            let before = reads()
            #expect(before.count == 1)
            for place in [0, 63, 50_000, 100_002] {
                bytes[place] ^= 1
                #expect(reads().isDisjoint(with: before))
                bytes[place] ^= 1
            }
        }

        @Test func unavailableSetsAreRefused() {
            let before = ck_isa_current()
            for isa in [CK_ISA_SCALAR, CK_ISA_AVX2, CK_ISA_AVX512] {
                #expect(ck_isa_force(isa) == ck_isa_available(isa))
                #expect(ck_isa_available(ck_isa_current()))
                #expect(ck_isa_current() == isa || !ck_isa_available(isa))
            }
            ck_isa_force(before)
            #expect(!ck_isa_force(ck_isa(rawValue: 9)))
            #expect(availableSets().map { String(cString: ck_isa_name($0)) }.first == "scalar")
        }
    }
}

/// Computes for a while.
private func busy(for duration: Duration) {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end {}
}
