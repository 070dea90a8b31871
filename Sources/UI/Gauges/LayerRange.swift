import Chat

/// The least, the middle and the most of a value over the layers.
struct LayerRange {
    private let sorted: [(layer: Int, value: Double)]

    /// Nil where no layer has a value.
    init?(_ values: [(layer: Int, value: Double)]) {
        guard !values.isEmpty else { return nil }
        sorted = values.sorted { ($0.value, $0.layer) < ($1.value, $1.layer) }
    }

    /// `min 0.02 (L03)  median 0.31  max 1.20 (L14)`, of values as `format` writes them.
    func text(_ format: (Double) -> String) -> String {
        let (least, most) = (sorted[0], sorted[sorted.count - 1])
        return
            "min \(format(least.value)) (\(Self.name(least.layer)))  median \(format(sorted[sorted.count / 2].value))"
            + "  max \(format(most.value)) (\(Self.name(most.layer)))"
    }

    /// `L03 2.1 .. L14 190`: the layers with the least and the most.
    func extremes(_ format: (Double) -> String) -> String {
        let (least, most) = (sorted[0], sorted[sorted.count - 1])
        return "\(Self.name(least.layer)) \(format(least.value)) .. \(Self.name(most.layer)) \(format(most.value))"
    }

    var median: Double { sorted[sorted.count / 2].value }

    /// `L03`.
    static func name(_ layer: Int) -> String { layer < 10 ? "L0\(layer)" : "L\(layer)" }
}
