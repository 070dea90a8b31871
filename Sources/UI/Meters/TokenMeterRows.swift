import Chat
import Screen

/// The token that was chosen last, and how sure the model was.
struct TokenMeterRows: Meter {
    let name = MeterName.token
    let title = "last token"
    let forms: [MeterForm] = [.bar, .text]

    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        guard let token = readings.lastToken else { return [] }
        let quoted = glyphs.truncated(TopChoicesGauge.quoted(token.text), to: 14)
        var row = MeterRow([LastTokenGauge()], readings)
        row.parts.insert(MeterRow.Part(text: quoted.padding(to: 16)), at: 0)
        guard form == .bar else { return [row] }
        guard token.alternatives.isEmpty else {
            return [row] + token.alternatives.map { choice($0, columns: columns, glyphs: glyphs) }
        }
        return [row, bar(Double(token.probability), columns: columns)]
    }

    private func bar(_ probability: Double, columns: Int) -> MeterRow {
        let (filled, empty) = MeterGraphs.bar(probability, columns: columns)
        return MeterRow([
            MeterRow.Part(text: filled, look: .gauge(.rate, probability)), MeterRow.Part(text: empty, look: .dim),
        ])
    }

    /// A token that could have come: its text, its probability, and that as a bar.
    private func choice(_ choice: TokenChoice, columns: Int, glyphs: Glyphs) -> MeterRow {
        let text = glyphs.truncated(TopChoicesGauge.quoted(choice.text), to: 12).padding(to: 13)
        let value = DecimalText.fixed(Double(choice.probability), places: 2) + " "
        var row = bar(Double(choice.probability), columns: columns - 20)
        row.parts.insert(MeterRow.Part(text: "  " + text + value), at: 0)
        return row
    }
}
