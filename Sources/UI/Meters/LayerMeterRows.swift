import Chat
import Screen

/// What each layer's state takes in and how long it keeps it, where the model is traced.
struct LayerMeterRows: Meter {
    let name = MeterName.layers
    let title = "layers: step size, half-life"
    let forms: [MeterForm] = [.graph, .text]

    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        let layers = readings.metrics.layers
        guard let first = layers.first?.layer, let last = layers.last?.layer,
            let steps = LayerRange(layers.map { ($0.layer, $0.meanStep) }),
            let lives = LayerRange(layers.map { ($0.layer, $0.halfLife) })
        else { return [] }
        var rows = [MeterRow(glyphs.truncated("delta  " + steps.extremes(DeltaGauge.format), to: columns))]
        if form == .graph {
            rows.append(strip(DeltaGauge().graph(readings), .rate, from: first, to: last, columns, glyphs))
        }
        let text = "half-life  " + lives.extremes(HalfLifeGauge.format) + " tok"
        rows.append(MeterRow(glyphs.truncated(text, to: columns)))
        if form == .graph {
            rows.append(strip(HalfLifeGauge().graph(readings), .state, from: first, to: last, columns, glyphs))
        }
        return rows
    }

    /// `L00 ▁▂▃ L23`: a cell a layer, or several layers a cell where there are too many.
    private func strip(
        _ values: [Double], _ gradient: GradientName, from first: Int, to last: Int, _ columns: Int, _ glyphs: Glyphs
    ) -> MeterRow {
        let (begin, end) = (LayerRange.name(first) + " ", " " + LayerRange.name(last))
        let room = max(1, columns - begin.count - end.count)
        let each = (values.count + room - 1) / room
        let cells = stride(from: 0, to: values.count, by: each).map { start in
            let part = values[start..<min(values.count, start + each)]
            let value = part.reduce(0, +) / Double(part.count)
            return MeterRow.Part(text: glyphs.level(value), look: .gauge(gradient, value))
        }
        return MeterRow([MeterRow.Part(text: begin, look: .dim)] + cells + [MeterRow.Part(text: end, look: .dim)])
    }
}
