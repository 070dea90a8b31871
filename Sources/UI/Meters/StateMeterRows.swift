import Chat
import Screen

/// What the model's memory takes, beside what attention would need for the same tokens.
struct StateMeterRows: Meter {
    let name = MeterName.state
    let title = "state memory"
    let forms: [MeterForm] = [.bar, .text]
    private static let nameColumns = 12

    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        guard let summary = readings.summary else { return [] }
        let state = readings.metrics.stateBytes > 0 ? readings.metrics.stateBytes : summary.stateBytes
        let attention =
            summary.isAttentionAlone ? 0 : summary.attentionBaseline.bytesPerToken * readings.metrics.tokensSeen
        let most = Double(max(state, attention, 1))
        let baseline = summary.attentionBaseline
        var rows: [MeterRow] = []
        switch form {
        case .bar:
            rows.append(bar(summary.name, bytes: state, most, columns: columns, glyphs: glyphs))
            guard !summary.isAttentionAlone else { break }
            rows += [
                bar(baseline.name, bytes: attention, most, columns: columns, glyphs: glyphs),
                MeterRow("same tokens, KV f16, +\(ByteText.short(baseline.bytesPerToken))/tok", .dim),
            ]
        default: rows.append(MeterRow([KVEquivalentGauge()], readings))
        }
        return [MeterRow([StateGauge()], readings)] + rows
            + [MeterRow([TokensSeenGauge(), RecomputedGauge()], readings)]
    }

    private func bar(_ name: String, bytes: Int, _ most: Double, columns: Int, glyphs: Glyphs) -> MeterRow {
        let label = glyphs.truncated(name, to: Self.nameColumns).padding(to: Self.nameColumns + 1)
        let size = ByteText.short(bytes)
        let room = columns - Self.nameColumns - 9
        let fraction = Double(bytes) / most
        let (filled, empty) = MeterGraphs.bar(fraction, columns: room)
        return MeterRow([
            MeterRow.Part(text: label), MeterRow.Part(text: filled, look: .gauge(.state, fraction)),
            MeterRow.Part(text: empty, look: .dim),
            MeterRow.Part(text: String(repeating: " ", count: max(1, 8 - size.count)) + size),
        ])
    }
}
