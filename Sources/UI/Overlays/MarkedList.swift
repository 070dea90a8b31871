import Screen

/// A list of which one row is marked, and as much of it as there is room for is shown.
struct MarkedList: Sendable, Equatable {
    private(set) var marked = 0
    private(set) var top = 0
    private var rows = 1
    var count: Int {
        didSet { mark(marked) }
    }

    init(count: Int, marked: Int = 0) {
        self.count = count
        mark(marked)
    }

    mutating func mark(_ index: Int) {
        marked = max(0, min(count - 1, index))
    }

    /// Moves the mark; returns whether the key is one that does.
    mutating func press(_ key: Key) -> Bool {
        guard key.modifiers.isEmpty || key == .control("p") || key == .control("n") else { return false }
        switch key.code {
        case .up, .wheelUp,
            .character("p") where key.modifiers == .control:
            mark(marked - 1)
        case .down, .wheelDown,
            .character("n") where key.modifiers == .control:
            mark(marked + 1)
        case .pageUp: mark(marked - max(1, rows - 1))
        case .pageDown: mark(marked + max(1, rows - 1))
        case .home: mark(0)
        case .end: mark(count - 1)
        default: return false
        }
        return true
    }

    /// The rows to show where there is room for so many; the marked one is among them.
    mutating func visible(rows: Int) -> Range<Int> {
        self.rows = max(1, rows)
        top = max(0, min(top, count - self.rows))
        top = max(min(top, marked), marked - self.rows + 1)
        return top..<max(top, min(count, top + self.rows))
    }
}

/// A few words that a list is narrowed down with.
struct FilterText: Sendable, Equatable {
    private(set) var text = ""

    /// Takes a key that types or deletes; returns whether it is one.
    mutating func press(_ key: Key) -> Bool {
        switch (key.code, key.modifiers) {
        case (.character(let character), []): text.append(character)
        case (.backspace, []) where !text.isEmpty, (.character("h"), .control) where !text.isEmpty: text.removeLast()
        case (.character("u"), .control), (.character("w"), .control): text = ""
        default: return false
        }
        return true
    }

    mutating func append(_ pasted: String) {
        text += pasted.prefix { !$0.isNewline }
    }

    mutating func clear() {
        text = ""
    }

    /// Whether all words of the filter are in `candidate`, in any case and order.
    func matches(_ candidate: String) -> Bool {
        let candidate = candidate.lowercased()
        return text.lowercased().split(separator: " ").allSatisfy { candidate.contains($0) }
    }
}
