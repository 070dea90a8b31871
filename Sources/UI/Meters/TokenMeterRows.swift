import Chat
import Screen

/// The token that was chosen last, and how sure the model was.
struct TokenMeterRows: Meter {
    let name = MeterName.token
    let title = "last token"
    let forms: [MeterForm] = [.bar, .text]

    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        guard let token = readings.lastToken else { return [] }
        let text = InertText.plain(token.text.replacing("\n", with: "\\n"))
        let quoted = glyphs.truncated("\"\(text)\"", to: 14)
        var row = MeterRow([LastTokenGauge()], readings)
        row.parts.insert(MeterRow.Part(text: quoted.padding(to: 16)), at: 0)
        guard form == .bar else { return [row] }
        let (filled, empty) = MeterGraphs.bar(Double(token.probability), columns: columns)
        return [
            row,
            MeterRow([
                MeterRow.Part(text: filled, look: .gauge(.rate, Double(token.probability))),
                MeterRow.Part(text: empty, look: .dim),
            ]),
        ]
    }
}
