import Chat
import Screen

/// How the next token is chosen.
struct SamplingMeterRows: Meter {
    let name = MeterName.sampling
    let title = "sampling (/set)"
    let forms: [MeterForm] = [.text]

    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        let texts = SamplingSetting.all.compactMap { setting in
            setting.text(of: readings.sampling).map { "\(setting.name) \($0)" }
        }
        var lines: [String] = []
        for text in texts {
            if let last = lines.last, last.count + text.count + 2 <= columns {
                lines[lines.count - 1] += "  " + text
            } else {
                lines.append(text)
            }
        }
        return lines.map { MeterRow($0) }
    }
}
