import Chat

/// The memory that the program has in use, with the model's file as far as it is mapped.
public struct MemoryGauge: Gauge {
    public var dropOrder: Int? { -4 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        readings.process.map { "rss \(ByteText.short($0.residentBytes))" }
    }
}
