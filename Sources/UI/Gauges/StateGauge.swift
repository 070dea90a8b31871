import Chat
public import Screen

/// Bytes that the model's memory of the conversation takes.
public struct StateGauge: Gauge {
    public var dropOrder: Int? { 3 }
    public var gradient: GradientName? { .state }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        guard let summary = readings.summary else { return nil }
        let bytes = readings.metrics.stateBytes > 0 ? readings.metrics.stateBytes : summary.stateBytes
        let growth =
            summary.stateBytesPerToken == 0 ? "fixed" : "+\(ByteText.short(summary.stateBytesPerToken))/tok"
        return "state \(ByteText.short(bytes)) \(growth)"
    }

    /// A state that is said to be fixed and isn't.
    public func warns(_ readings: GaugeReadings) -> Bool {
        guard let summary = readings.summary, summary.stateBytesPerToken == 0 else { return false }
        return readings.metrics.stateBytes > 0 && readings.metrics.stateBytes != summary.stateBytes
    }
}
