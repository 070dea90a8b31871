import Chat

/// From sending to the first token of the answer.
public struct FirstTokenGauge: Gauge {
    public var dropOrder: Int? { -1 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        readings.metrics.timeToFirstToken.map { "first token \(DecimalText.fixed($0 * 1000, places: 0)) ms" }
    }
}
