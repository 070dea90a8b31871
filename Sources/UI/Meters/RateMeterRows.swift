import Screen

/// How fast the model reads and writes, with a graph of the last minute.
struct RateMeterRows: Meter {
    let name = MeterName.rate
    let title = "rate (60 s)"
    let forms: [MeterForm] = [.graph, .text]
    private static let graphRows = 2

    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        var first = MeterRow([RateGauge()], readings)
        if let minimum = readings.rate.minimum, let maximum = readings.rate.maximum {
            let range = "   min \(DecimalText.rate(minimum))   max \(DecimalText.rate(maximum))"
            first.parts.append(MeterRow.Part(text: range, look: .dim))
        }
        var rows = [first]
        if form == .graph { rows += graph(readings, columns: columns, glyphs: glyphs) }
        let second = MeterRow([FirstTokenGauge(), PromptRateGauge()], readings)
        return second.parts.isEmpty ? rows : rows + [second]
    }

    /// The minute in as many columns as there are, each the mean of its part.
    private func graph(_ readings: GaugeReadings, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        guard let highest = readings.rate.samples.max(), highest > 0 else { return [] }
        let values = readings.rate.samples.map { $0 / highest }
        return MeterGraphs.rows(values, columns: columns, height: Self.graphRows, style: glyphs.graph, glyphs: glyphs)
            .enumerated().map { row, text in MeterRow(text, .gauge(.rate, row == 0 ? 1 : 0.5)) }
    }
}
