/// Where messages are written: the text, and the lines sent before.
struct Composer: Sendable {
    static let maximumRows = 8

    var buffer = EditBuffer() {
        didSet { layOut() }
    }
    /// Columns of the text.
    var width: Int {
        didSet { if width != oldValue { layout = ComposerLayout(buffer.elements, width: width) } }
    }
    /// Where everything stands; made again only when the text or the width changes.
    private(set) var layout: ComposerLayout
    private var laidOutVersion = 0
    /// The first row shown, where the text is longer than the room for it.
    private(set) var topRow = 0
    private(set) var history: [String]
    private var recalled: Int?
    private var draft: EditBuffer?
    /// What lines are searched by that were sent before, and the text that the search has left here.
    private var search: (beginning: String, version: Int)?

    init(width: Int, history: [String] = []) {
        self.width = width
        self.history = history
        layout = ComposerLayout([], width: width)
    }

    var isEmpty: Bool { buffer.isEmpty }
    var text: String { buffer.text }

    /// Puts the text into the history and leaves an empty line.
    mutating func finish() {
        let line = text
        if !line.isEmpty && history.last != line { history.append(line) }
        recalled = nil
        draft = nil
        buffer = EditBuffer()
        topRow = 0
    }

    /// Takes the cursor a row up, or from the first row to the line sent before.
    mutating func up() {
        let place = layout.place(of: buffer.cursor)
        if place.row > 0 {
            buffer.move(to: layout.element(row: place.row - 1, column: place.column))
        } else if let index = recalled ?? (history.isEmpty ? nil : history.count), index > 0 {
            if recalled == nil { draft = buffer }
            recall(index - 1)
        }
    }

    /// Takes the cursor a row down, or from the last row to the line sent after, and at last to the draft.
    mutating func down() {
        let place = layout.place(of: buffer.cursor)
        if place.row < layout.lines.count - 1 {
            buffer.move(to: layout.element(row: place.row + 1, column: place.column))
        } else if let index = recalled {
            if index + 1 < history.count {
                recall(index + 1)
            } else {
                leaveHistory()
            }
        }
    }

    /// Goes to the line sent before, or after, that begins with what stands before the cursor.
    ///
    /// A search that nothing has changed goes on. Returns whether there is such a line.
    mutating func searchHistory(_ direction: Int) -> Bool {
        let begun =
            search?.version == buffer.version
            ? search?.beginning : buffer.elements[..<buffer.cursor].map(\.text).joined()
        let beginning = begun ?? ""
        var index = (recalled ?? history.count) + direction
        while history.indices.contains(index) {
            if history[index].hasPrefix(beginning), history[index] != text {
                if recalled == nil { draft = buffer }
                recall(index)
                search = (beginning, buffer.version)
                return true
            }
            index += direction
        }
        guard direction > 0, recalled != nil, search?.version == buffer.version else { return false }
        leaveHistory()
        search = (beginning, buffer.version)
        return true
    }

    /// Scrolls so that the cursor is among `rows` rows.
    mutating func showCursor(rows: Int) {
        let row = layout.place(of: buffer.cursor).row
        topRow = min(topRow, max(0, layout.lines.count - rows))
        topRow = max(min(topRow, row), row - rows + 1)
    }

    private mutating func layOut() {
        guard buffer.version != laidOutVersion else { return }
        laidOutVersion = buffer.version
        layout = ComposerLayout(buffer.elements, width: width)
    }

    /// Goes back to what was being written.
    private mutating func leaveHistory() {
        // Versions of one text mustn't be those of another.
        let version = buffer.version
        buffer = draft ?? EditBuffer()
        buffer.follow(version)
        (recalled, draft) = (nil, nil)
    }

    private mutating func recall(_ index: Int) {
        recalled = index
        buffer.set(history[index])
    }
}
