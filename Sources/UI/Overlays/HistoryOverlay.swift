import Screen

/// The lines sent before, narrowed down by typing; Enter takes one into the composer.
struct HistoryOverlay: Overlay {
    let name = OverlayName.history
    /// Newest first, each once.
    private let lines: [String]
    private var filter = FilterText()
    private var list: MarkedList

    /// - Parameter draft: What is being written; it is the first filter, if it is one line.
    init(history: [String], draft: String = "") {
        var seen = Set<String>()
        lines = history.reversed().filter { seen.insert($0).inserted }
        if !draft.contains("\n") { filter.append(draft) }
        list = MarkedList(count: lines.count)
        list.count = matching.count
    }

    private var matching: [String] {
        lines.filter { filter.matches($0) }
    }

    mutating func press(_ key: Key, in model: inout AppModel) -> OverlayOutcome {
        switch (key.code, key.modifiers) {
        case (.escape, _), (.character("g"), .control): return .closes
        case (.enter, []), (.tab, []):
            let found = matching
            guard found.indices.contains(list.marked) else { return .stays }
            return .closing(model.edit { $0.set(found[list.marked]) })
        default:
            if list.press(key) { return .stays }
            if filter.press(key) { narrow() }
            return .stays
        }
    }

    mutating func paste(_ text: String, in model: inout AppModel) {
        filter.append(text)
        narrow()
    }

    private mutating func narrow() {
        list.count = matching.count
        list.mark(0)
    }

    mutating func draw(_ model: AppModel, into frame: inout CellBuffer, in rect: Rect) {
        var rest = rect
        let prompt = rest.takeBottom(1)
        let found = matching
        for (row, index) in list.visible(rows: rest.rows).enumerated() {
            let isMarked = index == list.marked
            let line = found[index].split(separator: "\n", omittingEmptySubsequences: false)
            let text = line.joined(separator: " \(model.glyphs.separator) ")
            let place = Rect(column: rest.column, row: rest.row + row, columns: rest.columns, rows: 1)
            if isMarked { frame.fill(place, style: model.theme[.select]) }
            let shown = model.glyphs.truncated(" " + text, to: rest.columns - 1)
            frame.put(shown, in: place, style: model.theme[isMarked ? .select : .text])
        }
        if found.isEmpty {
            let text = lines.isEmpty ? " nothing has been sent yet" : " no line has these words"
            frame.put(text, in: rest, style: model.theme[.dim])
        }
        let end = frame.put("search: ", in: prompt, style: model.theme[.prompt])
        let place = Position(column: end, row: prompt.row)
        let after = frame.put(filter.text, at: place, in: prompt, style: model.theme[.text])
        frame.cursor = Position(column: min(after, prompt.endColumn - 1), row: prompt.row)
    }
}
