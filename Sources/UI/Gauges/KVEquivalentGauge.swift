import Chat

/// Bytes that an attention model would hold for the same tokens.
///
/// It begins below the state's own size, which is right: only after some hundred tokens does attention need more.
public struct KVEquivalentGauge: Gauge {
    public var dropOrder: Int? { 1 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        // An attention model's own state is what it would hold.
        guard let summary = readings.summary, !summary.isAttentionAlone else { return nil }
        return "KV-equiv " + ByteText.short(summary.attentionBaseline.bytesPerToken * readings.metrics.tokensSeen)
    }

    public func details(_ readings: GaugeReadings) -> [String] {
        guard let text = text(readings), let baseline = readings.summary?.attentionBaseline else { return [] }
        let seen = readings.metrics.tokensSeen
        return ["\(text): \(baseline.name) would hold \(seen) tok x \(baseline.bytesPerToken) bytes"]
    }
}
