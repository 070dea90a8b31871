import Screen

/// Words that are looked for in the chat, and where they were found last.
struct TranscriptFind: Sendable, Equatable {
    let text: String
    /// Where the reader is; nil when the words are nowhere.
    var place: TextPlace?

    /// The cells of a row that the words cover, in any case.
    func matches(in cells: ArraySlice<TextCell>) -> [Range<Int>] {
        let words = Self.folded(text)
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
    /// The next row with the words after `place`, or before it where `direction` is negative; goes on at the other end.
    mutating func next(_ direction: Int, from place: TextPlace) -> TextPlace? {
        guard let find, !entries.isEmpty else { return nil }
        // The place's own entry comes first and last: it may have rows on both sides.
        for step in 0...entries.count {
            let entry = (place.entry + direction * step % entries.count + entries.count) % entries.count
            let lines = linesFound(in: entry, by: find)
            let ordered = direction < 0 ? lines.reversed() : lines
            let found = ordered.first { line in
                let candidate = TextPlace(entry: entry, line: line)
                let isBeyond = direction < 0 ? candidate < place : candidate > place
                return step == 0 ? isBeyond : step < entries.count || !isBeyond
            }
            if let found { return TextPlace(entry: entry, line: found) }
        }
        return nil
    }

    private mutating func linesFound(in entry: Int, by find: TranscriptFind) -> [Int] {
        // Wrapping a text costs more than looking through it; marks that aren't shown may stand between its words.
        let source = TranscriptFind.folded(entries[entry].text)
        let first = TranscriptFind.folded(find.text).split(separator: " ").first ?? ""
        guard source.contains(first) else { return [] }
        let layout = layout(of: entry)
        return layout.lines.indices.filter { !find.matches(in: layout.cells[layout.lines[$0]]).isEmpty }
    }
}

extension AppModel {
    /// Goes to the next row with the words, down or up.
    mutating func findNext(_ direction: Int) {
        guard let find = transcript.find else { return }
        let end = TextPlace(entry: max(0, transcript.entries.count - 1), line: .max)
        let start = find.place ?? (direction < 0 ? end : TextPlace(entry: 0, line: -1))
        let place = transcript.next(direction, from: start)
        transcript.find?.place = place
        guard let place else { return }
        transcript.show(entry: place.entry, line: place.line, rows: ScreenLayout(self).chat.rows)
    }
}
