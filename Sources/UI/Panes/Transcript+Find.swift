import Screen

/// Words that are looked for in the chat, and where they were found last.
struct TranscriptFind: Sendable, Equatable {
    let text: String
    /// In lower case.
    let folded: String
    /// Look for words that a text must have to have them all: the first, and others that look the same when drawn.
    private let searchers: [WordSearcher]
    /// The first character of the match where the reader is; nil when the words are nowhere.
    var place: TextPoint?

    init(text: String) {
        self.text = text
        folded = Self.folded(text)
        let words = folded.split(separator: " ")
        searchers = (words.prefix(1) + words.dropFirst().filter(Self.isPlain)).map { WordSearcher(String($0)) }
    }

    /// Whether Markdown and the drawing leave a word as it is.
    private static func isPlain(_ word: Substring) -> Bool {
        word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    /// Whether the words may be in a text that isn't wrapped yet.
    func mayBe(in text: String) -> Bool {
        searchers.allSatisfy { $0.mayBe(in: text) }
    }

    /// The cells that the words cover, in any case.
    func matches(in cells: ArraySlice<TextCell>) -> [Range<Int>] {
        let words = folded
        let folded = cells.map { Self.folded($0.text) }
        guard !words.isEmpty else { return [] }
        var found: [Range<Int>] = []
        var index = 0
        while index < folded.count {
            if let end = end(of: words, at: index, in: folded) {
                found.append(cells.startIndex + index..<cells.startIndex + end)
                index = end
            } else {
                index += 1
            }
        }
        return found
    }

    /// Where the words end that begin at a cell; nil if they don't.
    private func end(of words: String, at start: Int, in cells: [String]) -> Int? {
        var rest = words[...]
        var index = start
        while !rest.isEmpty {
            guard index < cells.count, !cells[index].isEmpty, rest.hasPrefix(cells[index]) else { return nil }
            rest = rest.dropFirst(cells[index].count)
            index += 1
        }
        return index
    }

    static func folded(_ text: String) -> String {
        text.lowercased()
    }
}

extension Transcript {
    /// The next match after `point`, or before it where `direction` is negative; goes on at the other end.
    mutating func nextMatch(_ direction: Int, from point: TextPoint) -> TextPoint? {
        guard let find, !entries.isEmpty else { return nil }
        // The point's own entry comes first and last: it may have matches on both sides.
        for step in 0...entries.count {
            let entry = (point.entry + direction * step % entries.count + entries.count) % entries.count
            let starts = matches(of: find, in: entry).map(\.lowerBound)
            let found = (direction < 0 ? starts.reversed() : starts).first { start in
                let candidate = TextPoint(entry: entry, cell: start)
                let isBeyond = direction < 0 ? candidate < point : candidate > point
                return step == 0 ? isBeyond : step < entries.count || !isBeyond
            }
            if let found { return TextPoint(entry: entry, cell: found) }
        }
        return nil
    }

    /// The cells of an entry's text that the words cover, over the ends of rows.
    ///
    /// A text that hasn't the beginning of the words isn't looked through again.
    mutating func matches(of find: TranscriptFind, in entry: Int) -> [Range<Int>] {
        let text = entries[entry].shown ?? entries[entry].text
        let bytes = text.utf8.count
        searched.look(for: find.folded)
        guard !searched.isMissing(in: entry, of: bytes) else { return [] }
        searched.count += 1
        // Wrapping a text costs more than looking through it; marks that aren't shown may stand between its words.
        let mayBe = find.mayBe(in: text)
        let found = mayBe ? find.matches(in: layout(of: entry).cells[...]) : []
        // What is drawn of an open text changes when it is closed.
        if found.isEmpty, !mayBe || !entries[entry].isOpen {
            searched.miss(in: entry, of: bytes, among: entries.count)
        }
        return found
    }
}

extension AppModel {
    /// Goes to the next match, down or up.
    mutating func findNext(_ direction: Int) {
        guard let find = transcript.find else { return }
        let end = TextPoint(entry: max(0, transcript.entries.count - 1), cell: .max)
        let start = find.place ?? (direction < 0 ? end : TextPoint(entry: 0, cell: -1))
        let point = transcript.nextMatch(direction, from: start)
        transcript.find?.place = point
        guard let point else { return }
        let place = transcript.place(of: point)
        transcript.show(entry: place.entry, line: place.line, rows: ScreenLayout(self).chat.rows)
    }
}
