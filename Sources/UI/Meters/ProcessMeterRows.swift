import Screen

/// What the program takes of the machine.
struct ProcessMeterRows: Meter {
    let name = MeterName.process
    let title = "process"
    let forms: [MeterForm] = [.text]

    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        let row = MeterRow([MemoryGauge(), ProcessorGauge()], readings)
        return row.parts.isEmpty ? [] : [row]
    }
}
