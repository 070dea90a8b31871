import Chat

/// How fast the last turn was read: only what was new of it.
public struct PromptRateGauge: Gauge {
    public var dropOrder: Int? { -2 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        guard readings.metrics.promptTokens > 0 else { return nil }
        return "prompt \(DecimalText.rate(readings.metrics.promptTokensPerSecond)) tok/s"
    }

    public func details(_ readings: GaugeReadings) -> [String] {
        text(readings).map { ["\($0), \(readings.metrics.promptTokens) tok"] } ?? []
    }
}
