import Chat
public import Screen

/// Tokens of the answer per second, with the last two seconds as a graph.
public struct RateGauge: Gauge {
    static let columns = 8

    public var dropOrder: Int? { nil }
    public var gradient: GradientName? { .rate }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        "tok/s " + (readings.rate.current.map(DecimalText.rate) ?? "--")
    }

    /// Less than half of what is usual in this session.
    public func warns(_ readings: GaugeReadings) -> Bool {
        guard let current = readings.rate.current, let median = readings.rate.median else { return false }
        return current < median / 2
    }

    /// Rates as fractions of the highest one shown.
    public func graph(_ readings: GaugeReadings) -> [Double] {
        let shown = readings.rate.samples.suffix(Self.columns)
        guard let highest = shown.max(), highest > 0 else { return [] }
        return shown.map { $0 / highest }
    }

    public func details(_ readings: GaugeReadings) -> [String] {
        var line = text(readings) ?? ""
        if let minimum = readings.rate.minimum, let maximum = readings.rate.maximum {
            line += ", of the last minute: min \(DecimalText.rate(minimum)), max \(DecimalText.rate(maximum))"
        }
        let metrics = readings.metrics
        guard metrics.completionTokens > 0 else { return [line] }
        let answer =
            "last answer \(metrics.completionTokens) tok at \(DecimalText.rate(metrics.tokensPerSecond)) tok/s"
        return [line, answer]
    }
}
