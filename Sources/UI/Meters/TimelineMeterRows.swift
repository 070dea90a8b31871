import Chat
import Screen

/// The turns around the one where the session stands.
struct TimelineMeterRows: Meter {
    let name = MeterName.timeline
    let title = "timeline (F5)"
    let forms: [MeterForm] = [.text]

    func rows(_ readings: GaugeReadings, form: MeterForm, columns: Int, glyphs: Glyphs) -> [MeterRow] {
        readings.timeline.map { line in
            let size = line.row.isCurrent ? "now" : line.row.placeText
            let name = line.row.branch.map { "\($0): " } ?? ""
            let text = "\(TimelineTree.lane(of: line, glyphs)) \(line.row.label) \(name)\(line.row.title)"
            let room = columns - size.count - 1
            let look: MeterRow.Part.Look = line.row.isOnPath ? .text : .dim
            return MeterRow([
                MeterRow.Part(text: glyphs.truncated(text, to: room).padding(to: room + 1), look: look),
                MeterRow.Part(text: size, look: .dim),
            ])
        }
    }
}
