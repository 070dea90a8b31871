import Chat

/// The processor time that the program takes: 100 % is one core.
public struct ProcessorGauge: Gauge {
    public var dropOrder: Int? { -5 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        readings.process.map { "cpu \(DecimalText.fixed($0.processorShare * 100, places: 0))%" }
    }
}
