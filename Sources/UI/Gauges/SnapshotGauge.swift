/// What the snapshots of turns take, in memory and on disk.
public struct SnapshotGauge: Gauge {
    public var dropOrder: Int? { -6 }

    public init() {}

    public func text(_ readings: GaugeReadings) -> String? {
        readings.snapshots.map {
            "snaps \($0.count) ram \(ByteText.short($0.memoryBytes)) disk \(ByteText.short($0.diskBytes))"
        }
    }

    /// More than four fifths of what the disk may hold.
    public func warns(_ readings: GaugeReadings) -> Bool {
        guard let usage = readings.snapshots, let limit = usage.diskLimit else { return false }
        return usage.diskBytes > limit / 5 * 4
    }

    public func details(_ readings: GaugeReadings) -> [String] {
        guard let usage = readings.snapshots else { return [] }
        let limit = usage.diskLimit.map { " of \(ByteText.long($0)), then they are thinned" } ?? ""
        return [
            "snapshots: \(usage.count) in this session, \(ByteText.long(usage.memoryBytes)) in memory; "
                + "\(ByteText.long(usage.diskBytes)) of all sessions on disk\(limit)"
        ]
    }
}
