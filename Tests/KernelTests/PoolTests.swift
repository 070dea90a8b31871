import CKernels
import Dispatch
import Foundation
import Testing

extension Kernels {
    /// The fork-join pool and the choice of instruction set.
    struct Threads {
        /// Counts of parts run, by part; and who is inside a part at the moment, by worker.
        ///
        /// Workers of one region write different places, and regions take turns.
        private struct Counts: @unchecked Sendable {
            static let mostParts = 64

            let pool: OpaquePointer?
            let memory = UnsafeMutablePointer<Int>.allocate(capacity: 2 * mostParts + 2)

            init(_ pool: OpaquePointer?) {
                self.pool = pool
                memory.initialize(repeating: 0, count: 2 * Self.mostParts + 2)
            }

            /// How often each part ran.
            var byPart: [Int] { (0..<memory[2 * Self.mostParts]).map { memory[$0] } }
            /// Whether two parts ever shared a worker at one time, or a worker was none.
            var overlapped: Bool { memory[2 * Self.mostParts + 1] > 0 }

            /// One region, some of whose parts take longer than the workers spin when `long`.
            func region(long: Bool) {
                let task: ck_task = { context, part in Counts.run(context, part, for: .zero) }
                let longTask: ck_task = { context, part in
                    Counts.run(context, part, for: .microseconds(part.index % 3 == 0 ? 1 : 30))
                }
                ck_pool_run(pool, long ? longTask : task, memory)
            }

            private static func run(_ context: UnsafeMutableRawPointer?, _ part: ck_part, for duration: Duration) {
                guard let memory = context?.assumingMemoryBound(to: Int.self) else { return }
                let inside = memory + mostParts + Int(part.worker)
                if inside.pointee != 0 { memory[2 * mostParts + 1] += 1 }
                inside.pointee = 1
                busy(for: duration)
                memory[Int(part.index)] += 1
                if part.index == 0 { memory[2 * mostParts] = Int(part.count) }
                inside.pointee = 0
            }
        }

        @Test(arguments: 1...4)
        func everyPartRunsOnceARegionAlthoughCallersTakeTurns(_ workers: Int) {
            let pool = Pool(workers: workers)
            #expect(ck_pool_workers(pool.handle) == Int32(workers))
            // A lone worker runs on its caller, without turns: there each caller counts for itself.
            let callers = workers == 1 ? 1 : 2
            let counts = Counts(pool.handle)
            defer { counts.memory.deallocate() }
            DispatchQueue.concurrentPerform(iterations: callers) { _ in
                for i in 0..<300 {
                    counts.region(long: i % 10 == 3)
                    if i % 10 == 7 { busy(for: .microseconds(60)) }  // workers go to sleep meanwhile
                }
            }
            #expect(counts.byPart.count >= workers)
            #expect(counts.byPart.allSatisfy { $0 == 300 * callers })
            #expect(!counts.overlapped)
        }

        @Test func aRegionEndsAlthoughItsWorkersAreInterrupted() {
            // More workers than any small machine has processors, beside each other's busy parts: each is interrupted
            // now and then, rests, and comes back.
            let pool = Pool(workers: 12)
            let counts = Counts(pool.handle)
            defer { counts.memory.deallocate() }
            for _ in 0..<400 { counts.region(long: true) }
            #expect(counts.byPart.allSatisfy { $0 == 400 })
            #expect(!counts.overlapped)
        }

        @Test func callersTakeTurnsInTheOrderInWhichTheyCome() {
            let pool = Pool(workers: 2)
            let order = Order()
            for _ in 0..<100 {
                let group = DispatchGroup()
                ck_pool_enter(pool.handle)
                for caller in 1...3 {
                    Thread.detachNewThread(in: group) {
                        ck_pool_enter(pool.handle)
                        order.append(caller)
                        ck_pool_leave(pool.handle)
                    }
                    while ck_pool_waiting(pool.handle) < caller { sched_yield() }
                }
                ck_pool_leave(pool.handle)
                // Whoever has just left comes last.
                ck_pool_enter(pool.handle)
                order.append(4)
                ck_pool_leave(pool.handle)
                group.wait()
            }
            #expect(order.callers == (0..<100).flatMap { _ in 1...4 })
            #expect(ck_pool_waiting(pool.handle) == 0)
        }

        @Test func aTurnLastsUntilTheCallerLeaves() {
            let pool = Pool(workers: 3)
            let order = Order()
            let group = DispatchGroup()
            for caller in 0..<3 {
                Thread.detachNewThread(in: group) {
                    let counts = Counts(pool.handle)
                    defer { counts.memory.deallocate() }
                    for _ in 0..<50 {
                        ck_pool_enter(pool.handle)
                        for i in 0..<4 {
                            counts.region(long: i == 2)
                            order.append(caller)
                        }
                        ck_pool_leave(pool.handle)
                        counts.region(long: false)  // has a turn of its own
                    }
                    ck_pool_enter(pool.handle)
                    if !counts.byPart.allSatisfy({ $0 == 250 }) { order.append(-1) }
                    ck_pool_leave(pool.handle)
                }
            }
            group.wait()
            let turns = stride(from: 0, to: order.callers.count, by: 4).map { order.callers[$0..<$0 + 4] }
            #expect(turns.count == 150 && turns.allSatisfy { Set($0).count == 1 })
        }

        @Test func withoutAPoolTheCallerWorks() {
            var count = 0
            ck_pool_run(
                nil,
                { context, part in
                    let whole = part.index == 0 && part.count == 1 && part.worker == 0
                    context?.assumingMemoryBound(to: Int.self).pointee += whole ? 1 : 100
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

/// Who had a turn, in order; only written by those who have one.
private final class Order: @unchecked Sendable {
    var callers: [Int] = []

    func append(_ caller: Int) { callers.append(caller) }
}

extension Thread {
    /// Starts a thread that `group` waits for.
    fileprivate static func detachNewThread(in group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        detachNewThread {
            body()
            group.leave()
        }
    }
}

/// Computes for a while.
private func busy(for duration: Duration) {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end {}
}
