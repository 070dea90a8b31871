import Engine
import Inference

/// How fast this machine reads memory: the ceiling of decoding.
enum ReadBandwidth {
    /// Larger than the caches of any machine that this is likely to run on.
    private static let bufferBytes = 512 << 20

    /// Returns bytes per second, the best of several passes over one buffer.
    static func bytesPerSecond(threads: Int) -> Double {
        let buffer = [UInt64](repeating: 0x0123_4567_89AB_CDEF, count: bufferBytes / MemoryLayout<UInt64>.size)
        let pool = WorkerPool(workers: threads)
        let clock = ContinuousClock()
        var best = 0.0
        var mixed: UInt64 = 0
        // The first passes are the warm-up: a later one is the best anyway.
        for _ in 0..<12 {
            let time = clock.measure { mixed ^= Model.readAll(buffer, pool: pool) }
            best = max(best, Double(bufferBytes) / time.seconds)
        }
        // So that the reading can't be left out.
        withExtendedLifetime(mixed) {}
        return best
    }
}
