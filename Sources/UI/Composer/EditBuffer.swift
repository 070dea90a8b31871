/// The text that is being written, edited by grapheme clusters.
struct EditBuffer: Sendable {
    /// What the cursor steps over.
    enum Element: Sendable, Hashable {
        case character(Character)
        /// A large paste, shown as one placeholder until it is sent or expanded.
        case paste(String)

        var text: String {
            switch self {
            case .character(let character): String(character)
            case .paste(let text): text
            }
        }

        var isNewline: Bool { self == .character("\n") }

        var isBlank: Bool {
            if case .character(let character) = self { character.isWhitespace } else { false }
        }

        var isWordPart: Bool {
            if case .character(let character) = self {
                character.isLetter || character.isNumber || character == "_"
            } else {
                true
            }
        }
    }

    private struct Snapshot: Sendable {
        var elements: [Element]
        var cursor: Int
    }

    private enum LastEdit: Sendable {
        case typing, killing, other
    }

    /// Bytes for each line of the limit beyond which a paste is folded: 4 KiB for 20 lines.
    private static let pasteLimitBytes = 4096.0 / 20
    private static let maximumUndo = 200

    private(set) var elements: [Element] = [] {
        didSet { version &+= 1 }
    }
    /// Changes with the elements, so that what is made from them need not be made again.
    private(set) var version = 0
    private(set) var cursor = 0
    private var undoStack: [Snapshot] = []
    /// What was undone, for redo, until something else changes.
    private var redoStack: [Snapshot] = []
    private var killed: [Element] = []
    /// Whether what was cut are whole lines, which are pasted as such.
    private var killedLines = false
    private var lastEdit = LastEdit.other

    var isEmpty: Bool { elements.isEmpty }
    /// The whole text, with pastes in full.
    var text: String { elements.map(\.text).joined() }
    /// Whether it begins like a command.
    var isCommand: Bool {
        elements.first == .character("/") && elements.dropFirst().first != .character("/")
    }
    var hasFoldedPaste: Bool {
        elements.contains { if case .paste = $0 { true } else { false } }
    }

    // MARK: - Changing

    /// Types one character; marks join the character before them.
    mutating func type(_ character: Character) {
        if lastEdit != .typing || character.isWhitespace { remember() }
        lastEdit = .typing
        insertJoining(String(character))
    }

    /// Inserts a paste as one undo step; one of more than `limit` lines, or as much text, is folded unless that is 0.
    mutating func paste(_ text: String, limit: Int = ScreenOptions().pasteLimit) {
        guard !text.isEmpty else { return }
        remember()
        lastEdit = .other
        let lines = text.utf8.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        if limit > 0, lines > limit || Double(text.utf8.count) > Double(limit) * Self.pasteLimitBytes {
            elements.insert(.paste(text), at: cursor)
            cursor += 1
        } else {
            insertJoining(text)
        }
    }

    /// Replaces everything, as when history is recalled; the cursor goes to the end.
    mutating func set(_ text: String) {
        remember()
        lastEdit = .other
        elements = text.map(Element.character)
        cursor = elements.count
    }

    /// Shows folded pastes in full.
    mutating func expandPastes() {
        guard hasFoldedPaste else { return }
        remember()
        lastEdit = .other
        let before = elements[..<cursor].map(\.text).joined()
        let after = elements[cursor...].map(\.text).joined()
        elements = before.map(Element.character)
        cursor = elements.count
        elements += after.map(Element.character)
    }

    mutating func backspace() {
        remove(from: max(0, cursor - 1), to: cursor)
    }

    mutating func deleteForward() {
        remove(from: cursor, to: min(elements.count, cursor + 1))
    }

    mutating func killToEnd() {
        let end = lineEnd
        // At the line's end the line break itself goes.
        kill(from: cursor, to: end == cursor ? min(elements.count, end + 1) : end)
    }

    mutating func killToStart() {
        kill(from: lineStart, to: cursor)
    }

    /// Cuts back to the blank before.
    mutating func killWordBack() {
        var start = cursor
        while start > 0 && elements[start - 1].isBlank { start -= 1 }
        while start > 0 && !elements[start - 1].isBlank { start -= 1 }
        kill(from: start, to: cursor)
    }

    mutating func killWordForward() {
        kill(from: cursor, to: wordEnd)
    }

    mutating func yank() {
        guard !killed.isEmpty else { return }
        remember()
        lastEdit = .other
        elements.insert(contentsOf: killed, at: cursor)
        cursor += killed.count
    }

    /// Swaps the characters around the cursor, or the two before it at a line's end.
    mutating func transpose() {
        let second = cursor == lineEnd ? cursor - 1 : cursor
        guard second - 1 >= lineStart else { return }
        remember()
        lastEdit = .other
        elements.swapAt(second - 1, second)
        cursor = second + 1
    }

    mutating func undo() {
        guard let snapshot = undoStack.popLast() else { return }
        redoStack.append(Snapshot(elements: elements, cursor: cursor))
        restore(snapshot)
    }

    /// Takes back what `undo` did, as long as nothing else has changed.
    mutating func redo() {
        guard let snapshot = redoStack.popLast() else { return }
        undoStack.append(Snapshot(elements: elements, cursor: cursor))
        restore(snapshot)
    }

    private mutating func restore(_ snapshot: Snapshot) {
        elements = snapshot.elements
        cursor = snapshot.cursor
        lastEdit = .other
    }

    /// Takes a version that no text before it had.
    mutating func follow(_ version: Int) {
        self.version = max(self.version, version) &+ 1
    }

    // MARK: - Changing ranges

    /// Cuts a range; the cursor goes to its beginning.
    mutating func cut(_ range: Range<Int>, asLines: Bool = false) {
        copy(range, asLines: asLines)
        remove(from: range.lowerBound, to: range.upperBound)
        cursor = range.lowerBound
    }

    /// Cuts whole lines with the line break that goes with them.
    mutating func cutLines(_ range: Range<Int>) {
        copy(range, asLines: true)
        let end = min(elements.count, range.upperBound + 1)
        // The last line goes with the break before it.
        let start = end == range.upperBound ? max(0, range.lowerBound - 1) : range.lowerBound
        remove(from: start, to: end)
        move(to: start)
        move(to: lineStart)
    }

    /// Keeps a range for a paste.
    mutating func copy(_ range: Range<Int>, asLines: Bool = false) {
        guard asLines || !range.isEmpty else { return }
        killed = Array(elements[range])
        killedLines = asLines
        lastEdit = .other
    }

    /// Pastes what was cut behind the character under the cursor, or before it; whole lines below or above this one.
    mutating func put(after: Bool, times: Int = 1) {
        guard killedLines || !killed.isEmpty else { return }
        remember()
        lastEdit = .other
        let copies = (0..<times).map { _ in killed }
        guard killedLines else {
            let place = after ? min(cursor + 1, lineEnd) : cursor
            let inserted = copies.flatMap { $0 }
            elements.insert(contentsOf: inserted, at: place)
            cursor = place + inserted.count - 1
            return
        }
        let place = after ? lineEnd : lineStart
        let lines = copies.flatMap { after ? [.character("\n")] + $0 : $0 + [.character("\n")] }
        elements.insert(contentsOf: lines, at: place)
        cursor = after ? place + 1 : place
    }

    /// Puts text in a range's place; the cursor goes behind it.
    mutating func replace(_ range: Range<Int>, with text: String) {
        remember()
        lastEdit = .other
        let new = text.map(Element.character)
        elements.replaceSubrange(range, with: new)
        cursor = range.lowerBound + new.count
    }

    // MARK: - Moving

    mutating func move(to place: Int) {
        cursor = min(elements.count, max(0, place))
        lastEdit = .other
    }

    var lineStart: Int {
        (elements[..<cursor].lastIndex { $0.isNewline } ?? -1) + 1
    }

    var lineEnd: Int {
        elements[cursor...].firstIndex { $0.isNewline } ?? elements.count
    }

    /// The end of the line that is so many lines from here on, this one included.
    func end(ofLines lines: Int) -> Int {
        var end = lineEnd
        for _ in 1..<max(1, lines) where end < elements.count {
            end = elements[(end + 1)...].firstIndex { $0.isNewline } ?? elements.count
        }
        return end
    }

    var wordStart: Int {
        var place = cursor
        while place > 0 && !elements[place - 1].isWordPart { place -= 1 }
        while place > 0 && elements[place - 1].isWordPart { place -= 1 }
        return place
    }

    var wordEnd: Int {
        var place = cursor
        while place < elements.count && !elements[place].isWordPart { place += 1 }
        while place < elements.count && elements[place].isWordPart { place += 1 }
        return place
    }

    // MARK: - Steps

    private mutating func remember() {
        redoStack = []
        undoStack.append(Snapshot(elements: elements, cursor: cursor))
        if undoStack.count > Self.maximumUndo { undoStack.removeFirst() }
    }

    /// Inserts text; what forms one cluster with its neighbours becomes one element.
    private mutating func insertJoining(_ text: String) {
        var start = cursor
        var joined = text
        if start > 0, case .character(let before) = elements[start - 1] {
            start -= 1
            joined = String(before) + joined
        }
        let inserted = joined.map(Element.character)
        elements.replaceSubrange(start..<cursor, with: inserted)
        cursor = start + inserted.count
    }

    private mutating func remove(from start: Int, to end: Int) {
        guard start < end else { return }
        remember()
        lastEdit = .other
        elements.removeSubrange(start..<end)
        cursor = start
    }

    /// Cuts; cuts in a row are pasted together.
    private mutating func kill(from start: Int, to end: Int) {
        guard start < end else { return }
        remember()
        let cut = Array(elements[start..<end])
        if lastEdit == .killing {
            killed = start < cursor ? cut + killed : killed + cut
        } else {
            killed = cut
        }
        killedLines = false
        elements.removeSubrange(start..<end)
        cursor = start
        lastEdit = .killing
    }
}
