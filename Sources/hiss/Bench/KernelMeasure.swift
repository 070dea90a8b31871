import Engine
import Inference

/// How fast the kernels are on the shapes of a model's matrices.
struct KernelMeasure {
    /// What one kernel does with one shape.
    struct Row {
        var kind: MatrixKind
        /// How many matrices of the model are of that kind.
        var count: Int
        /// Operations (two for a multiply-add) per second with weights in the caches, for one token and for a chunk of a
        /// prompt.
        var decodeRate, prefillRate: Double
        /// Bytes of weights per second when they come from memory, for one token.
        var streamingRate: Double
    }

    /// Tokens of a chunk.
    static let chunk = ModelRunner.defaultChunkSize

    /// Measures every kind of matrix of `model`, the one with the most weights first.
    static func run(_ model: Model) -> [Row] {
        var kinds = model.layerMatrices
        if let head = model.headMatrix { kinds[head, default: 0] += 1 }
        let ordered = kinds.sorted { a, b in
            (a.value * a.key.byteCount, a.key.rows) > (b.value * b.key.byteCount, b.key.rows)
        }
        let beyondCaches = max(256 << 20, 4 * ReadBandwidth.lastLevelCacheBytes())
        return ordered.map { kind, count in
            let copies = beyondCaches / max(kind.byteCount, 1) + 1
            return Row(
                kind: kind, count: count,
                decodeRate: rate(kind, tokens: 1, copies: 1, pool: model.pool) { 2 * Double($0.multiplyAdds) },
                prefillRate: rate(kind, tokens: chunk, copies: 1, pool: model.pool) { 2 * Double($0.multiplyAdds) },
                streamingRate: rate(kind, tokens: 1, copies: copies, pool: model.pool) { Double($0.kind.byteCount) })
        }
    }

    /// The best of several times, each of enough products to be told apart from the clock.
    private static func rate(
        _ kind: MatrixKind, tokens: Int, copies: Int, pool: WorkerPool, _ work: (KernelProbe) -> Double
    ) -> Double {
        var probe = KernelProbe(kind, tokens: tokens, copies: copies, pool: pool)
        let products = copies > 1 ? copies : max(1, 50_000_000 / probe.multiplyAdds)
        let clock = ContinuousClock()
        var best = 0.0
        // The first is the warm-up; with one copy more rounds find a quiet moment.
        for _ in 0..<(copies > 1 ? 4 : 12) {
            let time = clock.measure { for _ in 0..<products { probe.run() } }
            best = max(best, Double(products) * work(probe) / time.seconds)
        }
        return best
    }

    /// Operations per second of a prompt's products if each ran as it does alone in the caches.
    static func prefillPeak(_ rows: [Row], of model: Model) -> Double {
        var operations = 0.0
        var seconds = 0.0
        for row in rows {
            guard let count = model.layerMatrices[row.kind] else { continue }
            let work = Double(2 * count * row.kind.rows * row.kind.columns)
            operations += work
            seconds += work / row.prefillRate
        }
        return seconds > 0 ? operations / seconds : 0
    }
}
