import Chat
import Screen

/// The chat pane: what was said, and which part of it is shown.
///
/// Text is wrapped when it is first shown and kept by entry; a row is found by walking from the rows on the screen, so
/// that a key press costs the screen's size and not the conversation's.
struct Transcript: Sendable {
    /// The first row shown: a row of an entry.
    struct Anchor: Sendable, Equatable {
        var entry: Int
        /// Counts the blank row before the entry, its header and its text.
        var row: Int
    }

    /// Wrapped texts kept at most; beyond it only those near the screen stay.
    private static let maximumLayouts = 512

    private(set) var entries: [TranscriptEntry] = []
    /// Words that are looked for.
    var find: TranscriptFind?
    /// What is known of the texts that were looked through for them.
    var searched = SearchedTexts()
    /// Rows that are marked to be copied.
    var selection: TranscriptSelection?
    /// The first row that the reader holds on to; nil follows the end.
    private(set) var anchor: Anchor?
    /// The cell of the held entry's text that has to stay in the first row, however often the width changes.
    private var anchorOffset: Int?
    private(set) var width: Int
    var glyphs: Glyphs {
        didSet { forgetLayouts() }
    }
    /// Whether long lines of code break; else they are cut at the edge.
    var wrapsCode = true {
        didSet {
            guard wrapsCode != oldValue else { return }
            codeColumn = 0
            keepTopText()
            forgetLayouts()
            returnToTopText()
        }
    }
    /// How many columns of long lines of code are scrolled away at their left.
    private(set) var codeColumn = 0
    /// Whether headers say when a message was sent.
    var showsTimes = true
    /// Whether headers say how long an answer is, and how fast it came.
    var showsRates = true
    private var layouts: [Int: WrappedText] = [:]
    /// How many texts were wrapped from their beginning so far.
    private(set) var wrapCount = 0

    init(columns: Int, glyphs: Glyphs) {
        width = max(1, columns - 3)
        self.glyphs = glyphs
    }

    var isFollowing: Bool { anchor == nil }
    var isEmpty: Bool { entries.isEmpty }

    // MARK: - What was said

    mutating func append(_ entry: TranscriptEntry) {
        var entry = entry
        if let last = entries.last { entry.codeBlocksBefore = last.codeBlocksBefore + last.codeBlocks.count }
        entries.append(entry)
    }

    /// Shows another conversation from its end.
    mutating func replace(with entries: [TranscriptEntry]) {
        self.entries = []
        forgetLayouts()
        (find, selection) = (nil, nil)
        for entry in entries { append(entry) }
        follow()
    }

    /// Takes the welcome away, once there is something to read.
    mutating func removeWelcome() {
        guard let index = entries.firstIndex(where: { $0.kind == .welcome }) else { return }
        entries.remove(at: index)
        forgetLayouts()
        anchor = nil
    }

    mutating func setWelcome(_ text: String) {
        removeWelcome()
        entries.insert(TranscriptEntry(kind: .welcome, text: text, clock: ""), at: 0)
        forgetLayouts()
    }

    /// Adds to the text of the last answer, which notes may follow.
    ///
    /// - Parameter comparison: what a model that was fed it says of it
    mutating func appendToAnswer(_ text: String, _ comparison: PredictionComparison? = nil) {
        guard let index = lastAnswer else { return }
        let isBlank = entries[index].shownText.isEmpty
        var piece = text
        if let comparison {
            piece = ChoiceFormat.piece(text, choice: comparison.agrees ? nil : comparison.choice.text)
            entries[index].shown = entries[index].shown ?? entries[index].text
        }
        guard !piece.isEmpty else { return }
        entries[index].text += text
        if entries[index].shown != nil { entries[index].shown? += piece }
        if isBlank { layouts[index] = nil } else { layouts[index]?.append(piece) }
    }

    /// Changes what is known of the last answer.
    mutating func updateAnswer(_ change: (inout TranscriptEntry.Answer) -> Void) {
        guard let index = lastAnswer, case .model(let name, var answer) = entries[index].kind else { return }
        let wasOpen = entries[index].isOpen
        change(&answer)
        entries[index].kind = .model(name, answer)
        if wasOpen && !entries[index].isOpen { layouts[index]?.close() }
    }

    private var lastAnswer: Int? {
        entries.lastIndex { if case .model = $0.kind { true } else { false } }
    }

    // MARK: - Rows

    /// Lets texts be wrapped, and looked through, anew.
    private mutating func forgetLayouts() {
        layouts = [:]
        searched.clear()
    }

    /// The wrapped text of an entry.
    mutating func layout(of index: Int) -> WrappedText {
        if let layout = layouts[index] { return layout }
        if layouts.count >= Self.maximumLayouts {
            layouts = layouts.filter { abs($0.key - index) <= Self.maximumLayouts / 4 }
        }
        let entry = entries[index]
        var layout = WrappedText(String(entry.shownText), width: width, format: format(of: entry))
        if !entry.isOpen { layout.close() }
        layouts[index] = layout
        wrapCount += 1
        return layout
    }

    /// Only answers are Markdown: what others wrote is shown as they wrote it.
    private func format(of entry: TranscriptEntry) -> any LineFormat {
        guard case .model = entry.kind else { return PlainFormat() }
        if entry.shown != nil { return ChoiceFormat(glyphs: glyphs) }
        return MarkdownFormat(glyphs: glyphs, codeBlocksBefore: entry.codeBlocksBefore, wrapsCode: wrapsCode)
    }

    /// Rows above an entry's text: a blank one between entries, and the header.
    func rowsBeforeText(of index: Int) -> Int {
        (index > 0 ? 1 : 0) + (entries[index].hasHeader ? 1 : 0)
    }

    /// All rows of an entry; blank lines at its end don't count.
    mutating func rows(of index: Int) -> Int {
        let layout = layout(of: index)
        var lines = layout.lines.count
        while lines > 0, layout.cells[layout.lines[lines - 1]].allSatisfy({ $0.width == 0 || $0.text == " " }) {
            lines -= 1
        }
        let isAnswer = entries[index].hasHeader && lines == 0
        return rowsBeforeText(of: index) + (isAnswer ? 1 : lines)
    }

    /// The first row shown in a pane of `rows` rows.
    mutating func top(rows: Int) -> Anchor {
        anchor ?? bottom(rows: rows)
    }

    /// The first row when the end is shown.
    private mutating func bottom(rows: Int) -> Anchor {
        var missing = rows
        var index = entries.count
        while index > 0 {
            index -= 1
            let height = self.rows(of: index)
            if height >= missing { return Anchor(entry: index, row: height - missing) }
            missing -= height
        }
        return Anchor(entry: 0, row: 0)
    }

    /// The cells of a row that aren't scrolled away at its left, and the columns before them.
    func scrolled(_ cells: Range<Int>, of place: TextPlace, in layout: WrappedText) -> (Range<Int>, indent: Int) {
        let indent = layout.indents[place.line]
        guard codeColumn > 0, layout.isWhole[place.line] else { return (cells, indent) }
        var columns = 0
        let first = cells.first { cell in
            defer { columns += layout.cells[cell].width }
            return columns >= codeColumn
        }
        return ((first ?? cells.upperBound)..<cells.upperBound, indent)
    }

    /// The rows to draw, from the top.
    mutating func visibleRows(_ count: Int) -> [Anchor] {
        var visible: [Anchor] = []
        var place = top(rows: count)
        while place.entry < entries.count && visible.count < count {
            let height = rows(of: place.entry)
            while place.row < height && visible.count < count {
                visible.append(place)
                place.row += 1
            }
            place = Anchor(entry: place.entry + 1, row: 0)
        }
        return visible
    }

    /// How many rows there are below the screen, counted up to `limit`.
    mutating func rowsBelow(rows: Int, limit: Int) -> Int {
        guard var place = anchor else { return 0 }
        var count = -rows
        while place.entry < entries.count && count < limit {
            count += self.rows(of: place.entry) - place.row
            place = Anchor(entry: place.entry + 1, row: 0)
        }
        return min(limit, max(0, count))
    }

    // MARK: - Scrolling

    /// Scrolls long lines of code sideways, as far as the longest one in sight goes; returns whether there was something
    /// to scroll.
    mutating func scrollCode(by distance: Int, rows: Int) -> Bool {
        var longest = 0
        for place in visibleRows(rows) where place.row >= rowsBeforeText(of: place.entry) {
            let layout = layout(of: place.entry)
            let line = place.row - rowsBeforeText(of: place.entry)
            if layout.lines.indices.contains(line) { longest = max(longest, layout.columns(ofLine: line)) }
        }
        let furthest = max(0, longest - width)
        let target =
            distance < 0
            ? max(0, codeColumn + distance) : max(codeColumn, min(codeColumn + distance, furthest))
        defer { codeColumn = target }
        return target != codeColumn
    }

    /// Goes `distance` rows down, or up where it is negative; at the end it follows.
    mutating func scroll(by distance: Int, rows: Int) {
        var place = top(rows: rows)
        place.row += distance
        while place.row < 0 && place.entry > 0 {
            place.entry -= 1
            place.row += self.rows(of: place.entry)
        }
        place.row = max(0, place.row)
        while place.entry < entries.count - 1 && place.row >= self.rows(of: place.entry) {
            place.row -= self.rows(of: place.entry)
            place.entry += 1
        }
        hold(place, rows: rows)
    }

    mutating func scrollToTop(rows: Int) {
        hold(Anchor(entry: 0, row: 0), rows: rows)
    }

    mutating func follow() {
        anchor = nil
    }

    /// Goes to the beginning of the message before or after the first row.
    mutating func scrollByMessage(_ step: Int, rows: Int) {
        let place = top(rows: rows)
        let start = headRow(of: place.entry)
        let messages = entries.indices.filter { entries[$0].isMessage || $0 == 0 }
        let target =
            step < 0
            ? (messages.last { $0 < place.entry || ($0 == place.entry && place.row > start) } ?? 0)
            : messages.first { $0 > place.entry || ($0 == place.entry && place.row < start) }
        guard let target else { return follow() }
        hold(Anchor(entry: target, row: headRow(of: target)), rows: rows)
    }

    /// Shows the beginning of the last entry if it is longer than the pane.
    mutating func showBeginningOfLast(rows: Int) {
        anchor = nil
        guard let last = entries.indices.last, self.rows(of: last) - headRow(of: last) > rows else { return }
        hold(Anchor(entry: last, row: headRow(of: last)), rows: rows)
    }

    /// Scrolls so that a row of an entry's text is in sight, as little as is needed.
    mutating func show(entry: Int, line: Int, rows: Int) {
        let target = Anchor(entry: entry, row: rowsBeforeText(of: entry) + line)
        let visible = visibleRows(rows)
        guard !visible.contains(target) else { return }
        hold(target, rows: rows)
        let isAbove = visible.first.map { (target.entry, target.row) < ($0.entry, $0.row) } ?? true
        // The header comes along from above; from below the row is the last one.
        scroll(by: isAbove ? -min(target.row, 1) : 1 - rows, rows: rows)
    }

    /// Wraps to another width; the text at the top of the screen stays there.
    mutating func resize(columns: Int) {
        let newWidth = max(1, columns - 3)
        guard newWidth != width else { return }
        keepTopText()
        width = newWidth
        forgetLayouts()
        returnToTopText()
    }

    /// Remembers which text is in the first row, before texts are wrapped in another way.
    private mutating func keepTopText() {
        guard anchorOffset == nil, let anchor, anchor.row >= rowsBeforeText(of: anchor.entry) else { return }
        let line = anchor.row - rowsBeforeText(of: anchor.entry)
        let layout = layout(of: anchor.entry)
        anchorOffset = layout.lines[min(line, layout.lines.count - 1)].lowerBound
    }

    /// Shows the remembered text in the first row again.
    private mutating func returnToTopText() {
        guard let entry = anchor?.entry, let offset = anchorOffset else { return }
        let row = rowsBeforeText(of: entry) + layout(of: entry).line(showing: offset)
        anchor = Anchor(entry: entry, row: row)
    }

    private func headRow(of index: Int) -> Int {
        index > 0 ? 1 : 0
    }

    /// Holds the first row, unless the end is in sight.
    private mutating func hold(_ place: Anchor, rows: Int) {
        anchor = entries.isEmpty ? nil : place
        anchorOffset = nil
        if rowsBelow(rows: rows, limit: 1) == 0 { anchor = nil }
    }
}
