/// Tokens that were read although the state held them already.
///
/// It is 0, or something is wrong and the reader is told.
public struct RecomputedGauge: Gauge {
    public var dropOrder: Int? { nil }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        "recomp \(readings.recomputedTokens)"
    }

    public func warns(_ readings: GaugeReadings) -> Bool {
        readings.recomputedTokens > 0
    }

    public func longText(_ readings: GaugeReadings) -> String? {
        guard let text = text(readings) else { return nil }
        return warns(readings) ? text + ": the state held them already" : text
    }
}
