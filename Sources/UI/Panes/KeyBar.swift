import Screen

/// What the function keys do, in the last row.
struct KeyBar: Widget {
    /// The most columns that one key takes.
    private static let widestSlot = 12

    /// What the function keys do.
    var keys: [KeyBinding]
    var theme: Theme
    /// Without colour the keys are told from their names by a colon.
    var usesColor: Bool

    func draw(into frame: inout CellBuffer, in rect: Rect) {
        let keys = keys.compactMap { binding in
            binding.functionNumber.flatMap { number in
                binding.barLabel.map { (key: "F\(number)" + (usesColor ? "" : ":"), label: $0) }
            }
        }
        let widest = keys.map { $0.key.count + $0.label.count + 1 }.max() ?? 1
        let slot = min(Self.widestSlot, rect.columns / max(1, keys.count))
        var column = rect.column
        for (key, label) in keys {
            // Where slots are too narrow, keys stand close together and the last ones may be left out.
            let columns = slot >= widest ? slot : key.count + label.count + 1
            guard column + columns - 1 <= rect.endColumn else { break }
            let place = Position(column: column, row: rect.row)
            let end = frame.put(key, at: place, in: rect, style: theme[.text])
            let padded = label.padding(to: usesColor ? columns - key.count - 1 : label.count)
            let style = theme[usesColor ? .key : .text]
            frame.put(padded, at: Position(column: end, row: rect.row), in: rect, style: style)
            column += columns
        }
    }
}
