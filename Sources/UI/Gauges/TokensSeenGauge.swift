import Chat

/// Tokens that the state has read, with a mark past the length that the model was trained with.
public struct TokensSeenGauge: Gauge {
    public var dropOrder: Int? { 2 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        "seen \(readings.metrics.tokensSeen)" + (warns(readings) ? "!" : "")
    }

    public func warns(_ readings: GaugeReadings) -> Bool {
        guard let trained = readings.summary?.trainedContext else { return false }
        return readings.metrics.tokensSeen > trained
    }

    public func details(_ readings: GaugeReadings) -> [String] {
        guard let text = text(readings) else { return [] }
        guard let trained = readings.summary?.trainedContext else { return [text] }
        return ["\(text), trained with \(trained)" + (warns(readings) ? ": recall gets worse from here on" : "")]
    }
}
