import Engine
import Inference
import Launch

/// How fast this machine reads memory: the ceiling of decoding, but for what the caches keep of the weights.
enum ReadBandwidth {
    /// Returns bytes per second, the best of several passes over one buffer that is larger than the caches.
    static func bytesPerSecond(threads: Int) -> Double {
        let bytes = max(256 << 20, 4 * lastLevelCacheBytes())
        let buffer = [UInt64](repeating: 0x0123_4567_89AB_CDEF, count: bytes / MemoryLayout<UInt64>.size)
        let pool = WorkerPool(workers: threads)
        let clock = ContinuousClock()
        var best = 0.0
        var mixed: UInt64 = 0
        // The first passes are the warm-up: a later one is the best anyway.
        for _ in 0..<24 {
            let time = clock.measure { mixed ^= Model.readAll(buffer, pool: pool) }
            best = max(best, Double(bytes) / time.seconds)
        }
        // So that the reading can't be left out.
        withExtendedLifetime(mixed) {}
        return best
    }

    /// The size of the largest cache that the kernel tells of; 0 where it doesn't.
    static func lastLevelCacheBytes() -> Int {
        let sizes = (0..<8).map { index -> Int in
            let path = "/sys/devices/system/cpu/cpu0/cache/index\(index)/size"
            // A machine without this file just has no such cache to tell of.
            guard let bytes = try? TextInput.file(path) else { return 0 }
            let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
            let units = ["K": 1 << 10, "M": 1 << 20]
            guard let last = text.last, let unit = units[String(last)] else { return 0 }
            return (Int(text.dropLast()) ?? 0) * unit
        }
        return sizes.max() ?? 0
    }
}
