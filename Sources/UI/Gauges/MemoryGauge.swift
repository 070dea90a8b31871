import Chat

/// The memory that the program has in use, with the model's file as far as it is mapped.
public struct MemoryGauge: Gauge {
    public var dropOrder: Int? { -4 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        readings.process.map { "rss \(ByteText.short($0.residentBytes))" }
    }

    public func details(_ readings: GaugeReadings) -> [String] {
        guard let text = text(readings), let usage = readings.process else { return [] }
        let own = ByteText.long(max(0, usage.residentBytes - usage.fileBytes))
        return ["\(text): \(own) of its own, \(ByteText.long(usage.fileBytes)) of mapped files such as the model's"]
    }
}
