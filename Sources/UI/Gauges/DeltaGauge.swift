import Chat
public import Screen

/// The step size Δ of the last token, layer by layer: how much of the token each layer's state takes in.
public struct DeltaGauge: Gauge {
    public var dropOrder: Int? { -8 }
    public var gradient: GradientName? { .rate }

    public init() {}

    private func range(_ readings: GaugeReadings) -> LayerRange? {
        LayerRange(readings.metrics.layers.map { ($0.layer, $0.meanStep) })
    }

    public func text(_ readings: GaugeReadings) -> String? {
        range(readings).map { "delta \(Self.format($0.median))" }
    }

    /// Each layer's Δ as a fraction of the largest.
    public func graph(_ readings: GaugeReadings) -> [Double] {
        let steps = readings.metrics.layers.map(\.meanStep)
        guard let most = steps.max(), most > 0 else { return [] }
        return steps.map { $0 / most }
    }

    public func details(_ readings: GaugeReadings) -> [String] {
        guard let range = range(readings) else { return [] }
        let (tokens, bytes) = (readings.metrics.tracedTokens, ByteText.short(readings.metrics.traceBytes))
        return ["delta " + range.text(Self.format), "traced \(tokens) tok in \(bytes)"]
    }

    static func format(_ step: Double) -> String {
        DecimalText.fixed(step, places: step < 0.0995 ? 3 : 2)
    }
}
