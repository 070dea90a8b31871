import Screen

/// What is kept of the session, and when that was last.
struct DiskMeterRows: Meter {
    let name = MeterName.disk
    let title = "disk"
    let forms: [MeterForm] = [.text]

    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        guard readings.snapshots != nil else { return [] }
        let saved = readings.saved.map { [MeterRow(glyphs.truncated($0, to: columns))] } ?? []
        return saved + [MeterRow([SnapshotGauge()], readings)]
    }
}
